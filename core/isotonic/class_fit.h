// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "isotonic/isotonic_fit.h"

namespace monotail {

/// Which way norms go with class frequency. TailHigh is the published method: a rarer class never
/// has the smaller norm.
enum class Direction { TailHigh, HeadHigh };
/// Average: classes equal in the order metric are averaged first and get one value (the
/// literature's secondary rule). ClassOrder: they stay in class order, so renumbering classes
/// changes the result.
enum class Ties { Average, ClassOrder };

/// A monotone fit of one number per class along an order metric (class frequency, usually).
struct ClassFit
{
    std::vector<std::int64_t> order;   ///< rank -> class; rank 0 = largest metric (most frequent)
    std::vector<double> fitted;        ///< by class; the value itself for excluded classes
    std::vector<Block> blocks;         ///< [begin, end) in ranks
    std::vector<std::int64_t> blockOf; ///< by class; -1 for excluded classes
};

/// Fits `values` (C) as a monotone function of `metric` (C), weighted by `weights` (C). Classes
/// with excluded[c] keep their value and take no part: their ranks come last, after all blocks.
ClassFit fitClasses(const std::vector<double>& values, const std::vector<double>& weights,
                    const std::vector<double>& metric, const std::vector<bool>& excluded,
                    Direction direction, Ties ties);

/// The merges behind fitClasses' blocks, in ranks (ties averaged first are one point, as wide as
/// they are many).
std::vector<Merge> traceClasses(const std::vector<double>& values,
                                const std::vector<double>& weights,
                                const std::vector<double>& metric,
                                const std::vector<bool>& excluded, Direction direction, Ties ties);

} // namespace monotail
