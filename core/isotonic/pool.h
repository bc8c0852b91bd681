// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "isotonic/isotonic_fit.h"
#include "isotonic/mean.h"

/// The kernel that the fit and its trace share.
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
std::vector<Run<Mean>> poolRuns(std::span<const double> values, std::span<const double> weights,
                                Monotone direction, Merged merged)
{
    std::vector<Run<Mean>> runs; // a stack: strictly monotone from bottom to top
    for (std::size_t begin = 0, end = 0; end < values.size();) {
        begin = end++;
        Mean top = Mean::point(values[begin], weights[begin]);
        for (;;) {
            if (end < values.size() && violate(top.value, values[end], direction)) {
                const Mean next = Mean::point(values[end], weights[end]);
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

/// Which mean can hold the input's weighted sums. Throws Error for input that isotonicFit's
/// contract excludes.
enum class Magnitudes { Ordinary, Extreme };
Magnitudes checkIsotonicInput(std::span<const double> values, std::span<const double> weights);

template <typename Merged>
std::vector<Block> poolAdjacentViolators(std::span<const double> values,
                                         std::span<const double> weights, Monotone direction,
                                         Merged merged)
{
    if (checkIsotonicInput(values, weights) == Magnitudes::Ordinary)
        return asBlocks(poolRuns<SumMean>(values, weights, direction, merged), values.size());
    return asBlocks(poolRuns<StepMean>(values, weights, direction, merged), values.size());
}

} // namespace monotail::detail
