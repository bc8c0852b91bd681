// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "isotonic/twofold.h"

/// Non-decreasing fits of nested parts of a sequence. Fitted values are the slopes of the greatest
/// convex minorant of the cumulative sums, and the tree is that of Overmars and van Leeuwen (1981,
/// https://doi.org/10.1016/0022-0000(81)90012-X): a node stores only the block at its middle.
namespace monotail::detail {

struct PooledRun
{
    std::size_t begin = 0, end = 0; ///< points
    Amount amount;
    double mean = 0;
};

/// A node of the tree, by its place in it: the points of leaves [first, last).
struct Place
{
    std::size_t node = 1;
    std::size_t first = 0, last = 0;

    bool isLeaf() const { return last - first == 1; }
    Place left() const { return {2 * node, first, first + (last - first) / 2}; }
    Place right() const { return {2 * node + 1, first + (last - first) / 2, last}; }
};

/// The block of a node's fit that spans its middle, or the first one behind it where none does. The
/// other blocks of the node are those of its left child that end before it, and those of its right
/// child that begin behind it.
struct MiddleBlock
{
    PooledRun run;
    Amount before, behind; ///< in the same place
};

class BlockTree
{
public:
    /// Throws nothing for any finite numbers that are Magnitudes::Ordinary.
    BlockTree(std::vector<double> values, std::vector<double> weights);

    std::size_t size() const { return m_values.size(); }
    double value(std::size_t point) const { return m_values[point]; }
    /// Of the whole sequence. Only for size() > 0.
    Place root() const { return {1, 0, m_runCounts.size()}; }
    std::size_t beginOf(const Place& place) const { return place.first * leafSize; }
    std::size_t endOf(const Place& place) const;
    const Amount& total(const Place& place) const { return m_nodes[place.node].total; }
    const MiddleBlock& middle(const Place& place) const { return m_nodes[place.node].middle; }
    /// The blocks of a leaf.
    std::span<const PooledRun> runs(const Place& leaf) const;
    /// The block of a place's fit that holds `point`.
    PooledRun runAt(Place place, std::size_t point) const;
    /// The blocks of the whole fit in [begin, end), which no block may cross.
    std::vector<PooledRun> runsIn(std::size_t begin, std::size_t end) const;

    /// The points whose block may have changed.
    struct Range
    {
        std::size_t begin = 0, end = 0;
    };
    Range set(std::size_t point, double value, double weight);

private:
    static constexpr std::size_t leafSize = 64;

    struct Node
    {
        Amount total;
        MiddleBlock middle;
    };

    void build(const Place& place);
    void fitLeaf(const Place& leaf);
    void fitMiddle(const Place& place);
    Range setIn(const Place& place, std::size_t point);
    void collect(const Place& place, Range range, std::vector<PooledRun>& runs) const;

    std::vector<double> m_values, m_weights;
    std::vector<PooledRun> m_runs;        ///< of leaf i from i * leafSize
    std::vector<std::size_t> m_runCounts; ///< of the leaves
    std::vector<Node> m_nodes;            ///< children of i are 2i and 2i + 1; 0 is not used
};

} // namespace monotail::detail
