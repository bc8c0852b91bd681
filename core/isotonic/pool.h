// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "isotonic/isotonic_fit.h"

/// The kernel that the fit and its trace share.
namespace monotail::detail {

struct Weighted
{
    double value = 0;
    double weight = 0;
};

/// The mean of two weighted values, and their weights' sum. Steps from the heavier value by at most
/// half the gap: equal values stay exactly equal, a light value cannot cancel a heavy one, and
/// nothing overflows that the values and weights' sum do not.
inline Weighted pooled(const Weighted& left, const Weighted& right)
{
    const bool leftLight = left.weight < right.weight;
    const Weighted light = leftLight ? left : right;
    const Weighted heavy = leftLight ? right : left;
    const double weight = left.weight + right.weight;
    const double share = light.weight / weight;
    const double gap = light.value - heavy.value;
    const double step =
        std::isfinite(gap) ? gap * share : light.value * share - heavy.value * share;
    return {heavy.value + step, weight};
}

/// Neighbouring blocks as one.
inline Block joined(const Block& left, const Block& right)
{
    const Weighted mean = pooled({left.value, left.weight}, {right.value, right.weight});
    return {left.begin, right.end, mean.value, mean.weight};
}

/// Pools adjacent violators in one pass; equal neighbours count as violators, so that the blocks
/// are maximal runs. The inputs are valid. `merged(left, right)` sees every merge before it is
/// made.
template <typename Merged>
std::vector<Block> poolAdjacentViolators(std::span<const double> values,
                                         std::span<const double> weights, Monotone direction,
                                         Merged merged)
{
    const bool rising = direction == Monotone::NonDecreasing;
    const auto violate = [=](double left, double right) {
        return rising ? left >= right : left <= right;
    };
    std::vector<Block> blocks; // a stack: strictly monotone from bottom to top
    for (std::size_t i = 0; i < values.size();) {
        Block top{i, i + 1, values[i], weights[i]};
        for (++i;;) {
            for (; i < values.size() && violate(top.value, values[i]); ++i) {
                const Block next{i, i + 1, values[i], weights[i]};
                merged(top, next);
                top = joined(top, next);
            }
            if (blocks.empty() || !violate(blocks.back().value, top.value))
                break;
            merged(blocks.back(), top);
            top = joined(blocks.back(), top);
            blocks.pop_back();
        }
        blocks.push_back(top);
    }
    return blocks;
}

/// Throws Error for input that isotonicFit's contract excludes.
void checkIsotonicInput(std::span<const double> values, std::span<const double> weights);

} // namespace monotail::detail
