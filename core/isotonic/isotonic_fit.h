// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace monotail {

/// A run of equal fitted value, [begin, end) in the order of the input.
struct Block
{
    std::size_t begin = 0;
    std::size_t end = 0;
    double value = 0;
    double weight = 0;

    std::size_t size() const { return end - begin; }
    bool operator==(const Block&) const = default;
};

enum class Monotone { NonDecreasing, NonIncreasing };

struct IsotonicFit
{
    std::vector<double> fitted; ///< same length as the input
    std::vector<Block> blocks;  ///< in order; maximal runs of equal value
};

/// One merge of PAVA, for teaching: block [begin, middle) of value `left` pools with
/// [middle, end) of value `right` to `pooled`.
struct Merge
{
    std::size_t begin = 0, middle = 0, end = 0;
    double left = 0, right = 0;
    double leftWeight = 0, rightWeight = 0;
    double pooled = 0;
};

/// Weighted least squares under monotonicity by pool adjacent violators (O(n), float64; Best and
/// Chakravarti 1990, https://doi.org/10.1007/BF01580873). Equal neighbours share a block. `threads`
/// is the most to use, 0 one per core; the result does not depend on it. Throws Error if the sizes
/// differ, a value is not finite, or a weight is not finite and positive, or the weights' sum is
/// too large. n = 0 gives an empty fit.
IsotonicFit isotonicFit(std::span<const double> values, std::span<const double> weights,
                        Monotone direction, int threads = 0);
/// With all weights 1.
IsotonicFit isotonicFit(std::span<const double> values, Monotone direction, int threads = 0);

/// The merges that the fit makes, in order. Replaying them gives isotonicFit's blocks.
std::vector<Merge> isotonicTrace(std::span<const double> values, std::span<const double> weights,
                                 Monotone direction);

/// The blocks of `after` that are not in `before` (same begin, end and value).
std::vector<Block> changedBlocks(const IsotonicFit& before, const IsotonicFit& after);

} // namespace monotail
