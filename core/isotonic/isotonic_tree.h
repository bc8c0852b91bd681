// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "isotonic/block_tree.h"
#include "isotonic/input.h"
#include "isotonic/isotonic_fit.h"

namespace monotail {

/// An isotonic fit whose points can change one at a time. A change costs O(log^2 n) steps, and one
/// per block that it makes, however many blocks pool or come apart. The blocks are isotonicFit's to
/// within rounding. About 80 bytes per point.
class IsotonicTree
{
public:
    /// What a change did to the blocks.
    struct Change
    {
        std::size_t begin = 0, end = 0; ///< the points whose blocks may have changed
        std::vector<Block> blocks;      ///< that cover them now
    };

    /// Throws Error as isotonicFit does, and for numbers whose weighted sums would overflow or
    /// vanish (beyond 1e300 or below 1e-290).
    IsotonicTree(std::span<const double> values, std::span<const double> weights,
                 Monotone direction);

    std::size_t size() const { return m_tree.size(); }
    std::vector<Block> blocks() const;
    /// Throws Error for a point that is not there, and for numbers as the constructor does; then
    /// nothing has changed.
    Change set(std::size_t point, double value, double weight);

private:
    std::vector<Block> blocksIn(std::size_t begin, std::size_t end) const;

    double m_sign;               ///< times values: a falling fit is the negative of a rising one
    detail::Extremes m_extremes; ///< of all numbers so far
    detail::BlockTree m_tree;
};

} // namespace monotail
