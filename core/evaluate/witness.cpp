// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/witness.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace monotail {

namespace {

std::string misfitOf(const FeatureSet& features, const ClassifierHead& head)
{
    if (features.logits->width() != head.classes())
        return message("another head: the logits are of {} classes, the head has {}",
                       features.logits->width(), head.classes());
    if (features.logits->rows() != features.samples())
        return message("logits of other samples: {} rows for {} samples", features.logits->rows(),
                       features.samples());
    return {};
}

} // namespace

LogitCheck::LogitCheck(const FeatureSet& features, const ClassifierHead& head)
    : m_features(features), m_head(head), m_misfit(misfitOf(features, head))
{}

void LogitCheck::add(std::int64_t begin, const RowMatrix& z)
{
    if (!m_misfit.empty() || z.size() == 0)
        return;
    const RowMatrix logits = m_features.logits->read(begin, begin + z.rows());
    const auto largest = static_cast<double>(logits.cwiseAbs().maxCoeff());
    const RowMatrix ours = z.rowwise() + m_head.bias.transpose();
    const RowMatrix difference = (ours - logits).cwiseAbs();
    // maxCoeff() is free to lose a NaN; a sum is not.
    const bool finite = std::isfinite(difference.cast<double>().sum());
    const double infinity = std::numeric_limits<double>::infinity();
    m_error = std::max(m_error, finite ? static_cast<double>(difference.maxCoeff()) : infinity);
    m_largest = std::max(m_largest, finite ? largest : 0);
}

LogitWitness LogitCheck::result() const
{
    LogitWitness witness;
    if (!m_misfit.empty()) {
        witness.maxError = std::numeric_limits<double>::quiet_NaN();
        witness.cause = m_misfit;
        return witness;
    }
    if (m_error > 0)
        witness.maxError = m_error / m_largest;
    witness.holds = witness.maxError <= witness.tolerance;
    if (!witness.holds)
        witness.cause = likelyCause(m_features, m_head, witness.maxError);
    return witness;
}

} // namespace monotail
