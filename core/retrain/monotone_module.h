// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace monotail {

/// Classes by ascending count, equal counts in class order: rank -> class.
std::vector<std::size_t> ascendingCounts(const std::vector<std::int64_t>& counts);

/// Blocks of the non-decreasing least squares fit of `values` with weights 1, by where they end.
/// Only strict violations pool: equal neighbours stay apart, as the published code has it, which
/// changes no value but the gradient. O(n).
std::vector<std::size_t> poolStrict(std::span<const double> values);

/// SAMN's monotone module: p = PAVA of raw along the class frequency, g = 1 / (softplus(p) + 2e-6).
/// A more frequent class never gets the larger g. (METHOD section 3; float64, O(C) both ways.)
class MonotoneModule
{
public:
    explicit MonotoneModule(const std::vector<std::int64_t>& counts);

    struct Fit
    {
        std::vector<std::size_t> ends; ///< of the blocks, in ranks, rarest class first
        std::vector<double> pooled;    ///< C, p by class
        std::vector<double> values;    ///< C, g by class
    };
    /// Throws Error if a raw value is not finite.
    Fit fit(const std::vector<double>& raw) const;
    /// dLoss/draw from dLoss/dg: each input of a block gets the mean of the block's.
    std::vector<double> backward(const Fit& fit, const std::vector<double>& gradient) const;

private:
    std::vector<std::size_t> m_order;
};

} // namespace monotail
