// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace monotail {

namespace {

/// Exponentials are taken and summed in float over this many classes at a time (vectorised, and
/// too few for the rounding to show); the chunks' sums are added in double.
constexpr Eigen::Index chunk = 256;
using Chunk = Eigen::Array<float, Eigen::Dynamic, 1, Eigen::ColMajor, chunk, 1>;

/// A distance below which exp() is 0 at every temperature in use, and whose square is finite.
constexpr float farBelow = -1e15f;

template <typename Add>
void forChunks(Eigen::Index size, const Add& add)
{
    for (Eigen::Index at = 0; at < size; at += chunk)
        add(at, std::min(chunk, size - at));
}

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

SoftmaxMoments softmaxMoments(const ScoreRow& scores, float beta)
{
    SoftmaxMoments moments;
    const float largest = scores.maxCoeff();
    Chunk distance, share;
    forChunks(scores.size(), [&](Eigen::Index at, Eigen::Index size) {
        distance = (scores.segment(at, size) - largest).max(farBelow);
        share = (distance * beta).exp();
        moments.sum += static_cast<double>(share.sum());
        share *= distance;
        moments.first += static_cast<double>(share.sum());
        moments.second += static_cast<double>((share * distance).sum());
    });
    return moments;
}

float bestProbability(const ScoreRow& scores, float beta)
{
    double sum = 0;
    const float largest = scores.maxCoeff();
    forChunks(scores.size(), [&](Eigen::Index at, Eigen::Index size) {
        const auto distance = scores.segment(at, size) - largest;
        sum += static_cast<double>((distance * beta).exp().sum());
    });
    return static_cast<float>(1 / sum);
}

} // namespace monotail
