// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "dataset/class_set.h"
#include "retrain/head_state.h"
#include "retrain/monotone_module.h"

namespace monotail {

/// What a head learns beside its rows: a few numbers per class, which stay on the host in float64
/// wherever the rows are trained. With z = x W^T, logits_c = factor_c z_c + shift_c; for SAMN
/// factor_c divides by the length of row c.
class ClassParameters
{
public:
    ClassParameters(const HeadState& start, const ClassSet& classes, const Recipe& recipe);

    /// Of the forward pass; both C. Calls before a step() give the same.
    const std::vector<double>& factor() const { return m_factor; }
    const std::vector<double>& shift() const { return m_shift; }

    /// Gradients from the sums over the batch of dLoss/dlogit (`shift`) and of dLoss/dlogit * z
    /// (`factor`, for SAMN divided by the row's length too); both C.
    HeadState gradient(const std::vector<double>& factor, const std::vector<double>& shift) const;
    /// One step of SGD with momentum. `gradient` without weights.
    void step(const HeadState& gradient, const Recipe& recipe, double rate);

    /// Everything but the weight, into a state.
    void write(HeadState& state) const;

private:
    void forward();

    NormRule m_norms;
    bool m_isCosine;
    std::optional<MonotoneModule> m_module; ///< SAMN
    MonotoneModule::Fit m_normFit, m_biasFit;
    HeadState m_now, m_momentum; ///< without weights
    std::vector<double> m_own;   ///< C, the factor without the common scale of features
    std::vector<double> m_factor, m_shift;
};

} // namespace monotail
