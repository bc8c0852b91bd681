// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "isotonic/input.h"
#include "isotonic/isotonic_fit.h"
#include "isotonic/mean.h"

/// The plain kernel, one point after the other: behind the trace, and behind the fit where weighted
/// sums would overflow or vanish.
namespace monotail::detail {

/// A block while it is made; it ends where the next begins.
template <typename Mean>
struct Run
{
    std::size_t begin = 0;
    Mean mean;
};

/// Whether neighbours pool. Equal ones do, so that the blocks are maximal runs.
inline bool violate(double left, double right, Monotone direction)
{
    return direction == Monotone::NonDecreasing ? left >= right : left <= right;
}

/// Pools adjacent violators in one pass. `merged(begin, middle, end, left, right, both)` sees every
/// merge.
template <typename Mean, typename Merged>
std::vector<Run<Mean>> poolPoints(const Input& input, Monotone direction, Merged merged)
{
    std::vector<Run<Mean>> runs; // a stack: strictly monotone from bottom to top
    for (std::size_t begin = 0, end = 0; end < input.size();) {
        begin = end++;
        Mean top = Mean::point(input.values[begin], input.weight(begin));
        for (;;) {
            if (end < input.size() && violate(top.value, input.values[end], direction)) {
                const Mean next = Mean::point(input.values[end], input.weight(end));
                const Mean both = pooled(top, next);
                merged(begin, end, end + 1, top, next, both);
                top = both;
                ++end;
            } else if (!runs.empty() && violate(runs.back().mean.value, top.value, direction)) {
                const Run<Mean>& last = runs.back();
                const Mean both = pooled(last.mean, top);
                merged(last.begin, begin, end, last.mean, top, both);
                top = both;
                begin = last.begin;
                runs.pop_back();
            } else {
                break;
            }
        }
        runs.push_back({begin, top});
    }
    return runs;
}

template <typename Mean>
std::vector<Block> asBlocks(const std::vector<Run<Mean>>& runs, std::size_t end)
{
    std::vector<Block> blocks(runs.size());
    for (std::size_t b = runs.size(); b-- > 0;) {
        blocks[b] = {runs[b].begin, end, runs[b].mean.value, runs[b].mean.weight};
        end = runs[b].begin;
    }
    return blocks;
}

/// Pools with the mean that holds extreme magnitudes.
template <typename Merged>
std::vector<Block> poolByPoint(const Input& input, Monotone direction, Merged merged)
{
    return asBlocks(poolPoints<StepMean>(input, direction, merged), input.size());
}

} // namespace monotail::detail
