// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "isotonic/isotonic_fit.h"

/// The kernel that the fit and its trace share.
namespace monotail::detail {

/// A weighted mean, held as main + rest: what rounding takes from main stays in rest, so that a
/// mean of a million points is as good as a mean of two.
struct Mean
{
    double main = 0;
    double weight = 0;
    double rest = 0;

    double value() const { return main + rest; }
};

/// The mean of both. Steps from the heavier one by at most half the gap: equal values stay exactly
/// equal, and no intermediate overflows or is lost where magnitudes or weights lie far apart.
inline Mean pooled(const Mean& left, const Mean& right)
{
    const bool leftLight = left.weight < right.weight;
    const Mean light = leftLight ? left : right;
    const Mean heavy = leftLight ? right : left;
    const double weight = left.weight + right.weight;
    const double share = light.weight / weight;
    const double gap = light.main - heavy.main;
    const double step = std::isfinite(gap) ? gap * share : light.main * share - heavy.main * share;
    const double main = heavy.main + step;
    // The rounding error of that sum, exactly (two-sum: Knuth, TAOCP 2, 4.2.2, theorem B).
    const double added = main - heavy.main;
    const double lost = (heavy.main - (main - added)) + (step - added);
    return {main, weight, lost + heavy.rest + (light.rest - heavy.rest) * share};
}

/// Whether neighbours pool. Equal ones do, so that the blocks are maximal runs.
inline bool violate(double left, double right, Monotone direction)
{
    return direction == Monotone::NonDecreasing ? left >= right : left <= right;
}

/// Pools adjacent violators in one pass. The inputs are valid; `rests` is scratch space of their
/// length. `merged(begin, middle, end, left, right, both)` sees every merge.
template <typename Merged>
std::vector<Block> poolAdjacentViolators(std::span<const double> values,
                                         std::span<const double> weights, Monotone direction,
                                         std::span<double> rests, Merged merged)
{
    const auto join = [&](std::size_t begin, std::size_t middle, std::size_t end, const Mean& left,
                          const Mean& right) {
        const Mean both = pooled(left, right);
        merged(begin, middle, end, left, right, both);
        return both;
    };
    std::vector<Block> blocks; // a stack: strictly monotone from bottom to top
    for (std::size_t begin = 0, end = 0; end < values.size();) {
        begin = end++;
        Mean top{values[begin], weights[begin]};
        // The main part decides at once; the value, which takes longer, has the last word.
        for (double level = top.main;;) {
            if (end < values.size() && violate(level, values[end], direction)) {
                top = join(begin, end, end + 1, top, {values[end], weights[end]});
                level = top.main;
                ++end;
            } else if (!blocks.empty() && violate(blocks.back().value, level, direction)) {
                const Block& last = blocks.back();
                const Mean below{last.value, last.weight, rests[blocks.size() - 1]};
                top = join(last.begin, begin, end, below, top);
                level = top.main;
                begin = last.begin;
                blocks.pop_back();
            } else if (level != top.value()) {
                level = top.value();
            } else {
                break;
            }
        }
        rests[blocks.size()] = (top.main - top.value()) + top.rest;
        blocks.push_back({begin, end, top.value(), top.weight});
    }
    return blocks;
}

/// Throws Error for input that isotonicFit's contract excludes.
void checkIsotonicInput(std::span<const double> values, std::span<const double> weights);

} // namespace monotail::detail
