// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "evaluate/scorer.h"
#include "evaluate/verdict.h"

/// One temperature per half of the samples, fitted on the other half (Guo et al., "On Calibration
/// of Modern Neural Networks", ICML 2017, section 4.2).
namespace monotail {

inline constexpr double leastBeta = 1e-3;
inline constexpr double mostBeta = 1e3;

/// Newton's method for the root of an increasing function of beta = 1 / temperature in
/// [leastBeta, mostBeta], kept inside the bracket found so far. Starts at 1; done when a step
/// changes beta by no more than a ten-thousandth.
class BetaSearch
{
public:
    double beta() const { return m_beta; }
    bool done() const { return m_done; }
    /// The mean (or summed) negative log-likelihood's first and second derivative at beta().
    void step(double gradient, double curvature);

private:
    double m_beta = 1;
    double m_low = leastBeta;
    double m_high = mostBeta;
    bool m_done = false;
};

/// 0 or 1 for each of N samples: a seeded split into halves that differ by at most one sample.
std::vector<std::uint8_t> splitHalves(std::int64_t samples, std::uint64_t seed);

struct CalibratedConfidence
{
    std::vector<float> confidence;  ///< N, at the temperature of the other half
    double temperature[2] = {1, 1}; ///< fitted on half 0 and on half 1
};

/// Runs over all of z once, tile by tile.
using ScorePass = std::function<void(const ScoreTile&)>;

/// All methods at once; about ten passes. Needs two samples or more.
std::vector<CalibratedConfidence> calibrate(const ScorePass& pass,
                                            std::vector<RescaledScores> methods,
                                            const std::vector<std::int64_t>& labels,
                                            const std::vector<std::uint8_t>& half);

} // namespace monotail
