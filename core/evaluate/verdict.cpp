// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace monotail {

namespace {

/// The classes that come before `label` when sorted by score, lowest class first on ties.
Eigen::Index beating(const ScoreRow& scores, Eigen::Index label)
{
    const float own = scores[label];
    return (scores > own).count() + (scores.head(label) == own).count();
}

float secondBest(const ScoreRow& scores, Eigen::Index best)
{
    float second = -std::numeric_limits<float>::infinity();
    if (best > 0)
        second = scores.head(best).maxCoeff();
    const Eigen::Index after = scores.size() - best - 1;
    if (after > 0)
        second = std::max(second, scores.tail(after).maxCoeff());
    return second;
}

} // namespace

RescaledScores::RescaledScores(const Rescaling& rescaling) : m_method(rescaling.method)
{
    const auto size = static_cast<Eigen::Index>(rescaling.scale.size());
    m_scale = Eigen::Map<const Eigen::ArrayXd>(rescaling.scale.data(), size).cast<float>();
    m_bias = Eigen::Map<const Eigen::ArrayXd>(rescaling.bias.data(), size).cast<float>();
}

const Eigen::ArrayXf& RescaledScores::of(const RowMatrix& z, std::int64_t row)
{
    m_scores = m_scale * z.row(row).transpose().array() + m_bias;
    return m_scores;
}

bool allFinite(const ScoreRow& scores)
{
    // 0 for finite numbers, NaN for the rest, and a sum keeps it.
    return (scores - scores).sum() == 0;
}

Verdict judge(const ScoreRow& scores, std::int64_t label)
{
    const float largest = scores.maxCoeff();
    const float* first = std::find(scores.data(), scores.data() + scores.size(), largest);
    const Eigen::Index best = first - scores.data();
    const double margin = static_cast<double>(largest) - secondBest(scores, best);
    const double scale = std::max(std::fabs(largest), std::fabs(scores.minCoeff()));
    return {static_cast<std::int32_t>(best), bestProbability(scores, 1), beating(scores, label) < 5,
            margin < 1e-5 * scale};
}

} // namespace monotail
