// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "evaluate/predictions.h"

namespace monotail {

/// Compares the model's own logits with z + b while z passes by.
class LogitCheck
{
public:
    /// `features` has logits. Both must outlive the check.
    LogitCheck(const FeatureSet& features, const ClassifierHead& head);
    void add(std::int64_t begin, const RowMatrix& z);
    LogitWitness result() const;

private:
    const FeatureSet& m_features;
    const ClassifierHead& m_head;
    std::string m_misfit; ///< why nothing can be compared; empty if it can
    double m_error = 0;
    double m_largest = 0;
};

/// Why W f + b is `error` of their scale away from the logits, as far as some evenly spaced
/// samples tell: tries the readings that are usual in published code, plainest first.
std::string likelyCause(const FeatureSet& features, const ClassifierHead& head, double error);

} // namespace monotail
