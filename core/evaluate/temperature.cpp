// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/temperature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace monotail {

namespace {

constexpr int mostPasses = 40;

/// Derivatives of the negative log-likelihood, summed over the samples of one half.
struct Slope
{
    double gradient = 0;
    double curvature = 0;
};
using Slopes = std::array<Slope, 2>;
using Searches = std::array<BetaSearch, 2>;

bool allDone(const std::vector<Searches>& searches)
{
    return std::all_of(searches.begin(), searches.end(),
                       [](const Searches& both) { return both[0].done() && both[1].done(); });
}

/// With d = score - largest: -log p(y) = log sum exp(beta d) - beta d_y, so the derivatives are
/// E[d] - d_y and Var[d].
Slope slopeOf(const ScoreRow& scores, std::int64_t label, double beta)
{
    const SoftmaxMoments moments = softmaxMoments(scores, static_cast<float>(beta));
    const double mean = moments.first / moments.sum;
    const double own = static_cast<double>(scores[label]) - scores.maxCoeff();
    return {mean - own, std::max(0.0, moments.second / moments.sum - mean * mean)};
}

std::vector<Slopes> slopesOf(const ScorePass& pass, std::vector<RescaledScores>& methods,
                             const std::vector<Searches>& searches,
                             const std::vector<std::int64_t>& labels,
                             const std::vector<std::uint8_t>& half)
{
    std::vector<Slopes> slopes(methods.size());
    pass([&](std::int64_t begin, const RowMatrix& z) {
        for (Eigen::Index row = 0; row < z.rows(); ++row) {
            const auto sample = static_cast<std::size_t>(begin + row);
            for (std::size_t m = 0; m < methods.size(); ++m) {
                const BetaSearch& search = searches[m][half[sample]];
                if (search.done())
                    continue;
                const Slope slope = slopeOf(methods[m].of(z, row), labels[sample], search.beta());
                slopes[m][half[sample]].gradient += slope.gradient;
                slopes[m][half[sample]].curvature += slope.curvature;
            }
        }
    });
    return slopes;
}

std::vector<CalibratedConfidence> confidencesAt(const ScorePass& pass,
                                                std::vector<RescaledScores>& methods,
                                                const std::vector<Searches>& searches,
                                                const std::vector<std::uint8_t>& half)
{
    std::vector<CalibratedConfidence> out(methods.size());
    for (std::size_t m = 0; m < methods.size(); ++m) {
        out[m].confidence.resize(half.size());
        for (std::size_t h = 0; h < 2; ++h)
            out[m].temperature[h] = 1 / searches[m][h].beta();
    }
    pass([&](std::int64_t begin, const RowMatrix& z) {
        for (Eigen::Index row = 0; row < z.rows(); ++row) {
            const auto sample = static_cast<std::size_t>(begin + row);
            for (std::size_t m = 0; m < methods.size(); ++m) {
                const double beta = searches[m][1 - half[sample]].beta();
                out[m].confidence[sample] =
                    bestProbability(methods[m].of(z, row), static_cast<float>(beta));
            }
        }
    });
    return out;
}

} // namespace

void BetaSearch::step(double gradient, double curvature)
{
    if (gradient == 0) {
        m_done = true;
        return;
    }
    (gradient > 0 ? m_high : m_low) = m_beta;
    // A likelihood that is almost flat where we stand would throw Newton far: four times at most.
    double next = gradient > 0 ? m_beta / 4 : m_beta * 4;
    if (curvature > 0)
        next = std::clamp(m_beta - gradient / curvature, m_beta / 4, m_beta * 4);
    // Outside the bracket: halve it, or stand on the bound if that side was never narrowed.
    if (next <= m_low)
        next = m_low > leastBeta ? std::sqrt(m_low * m_high) : leastBeta;
    else if (next >= m_high)
        next = m_high < mostBeta ? std::sqrt(m_low * m_high) : mostBeta;
    m_done = std::fabs(next - m_beta) <= 1e-4 * m_beta;
    m_beta = next;
}

std::vector<std::uint8_t> splitHalves(std::int64_t samples, std::uint64_t seed)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(samples));
    std::iota(order.begin(), order.end(), std::int64_t(0));
    Random(seed).shuffle(order);
    std::vector<std::uint8_t> half(order.size(), 0);
    for (std::size_t i = 1; i < order.size(); i += 2)
        half[static_cast<std::size_t>(order[i])] = 1;
    return half;
}

std::vector<CalibratedConfidence> calibrate(const ScorePass& pass,
                                            std::vector<RescaledScores> methods,
                                            const std::vector<std::int64_t>& labels,
                                            const std::vector<std::uint8_t>& half)
{
    std::vector<Searches> searches(methods.size());
    for (int passes = 0; passes < mostPasses && !allDone(searches); ++passes) {
        const std::vector<Slopes> slopes = slopesOf(pass, methods, searches, labels, half);
        for (std::size_t m = 0; m < methods.size(); ++m)
            for (std::size_t h = 0; h < 2; ++h)
                if (!searches[m][h].done())
                    searches[m][h].step(slopes[m][h].gradient, slopes[m][h].curvature);
    }
    return confidencesAt(pass, methods, searches, half);
}

} // namespace monotail
