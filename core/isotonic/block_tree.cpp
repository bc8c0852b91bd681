// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/block_tree.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "isotonic/seam.h"

namespace monotail::detail {

namespace {

PooledRun pooled(const PooledRun& left, const PooledRun& right)
{
    const Amount amount = left.amount + right.amount;
    return {left.begin, right.end, amount, amount.mean()};
}

/// What [begin, end) becomes where another range has changed as well.
BlockTree::Range united(BlockTree::Range a, BlockTree::Range b)
{
    return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

} // namespace

BlockTree::BlockTree(std::vector<double> values, std::vector<double> weights)
    : m_values(std::move(values)), m_weights(std::move(weights)), m_runs(m_values.size()),
      m_runCounts((m_values.size() + leafSize - 1) / leafSize),
      m_nodes(2 * std::bit_ceil(m_runCounts.size()))
{
    if (size() > 0)
        build(root());
}

std::size_t BlockTree::endOf(const Place& place) const
{
    return std::min(size(), place.last * leafSize);
}

std::span<const PooledRun> BlockTree::runs(const Place& leaf) const
{
    return {m_runs.data() + leaf.first * leafSize, m_runCounts[leaf.first]};
}

void BlockTree::build(const Place& place)
{
    if (place.isLeaf())
        return fitLeaf(place);
    build(place.left());
    build(place.right());
    fitMiddle(place);
}

void BlockTree::fitLeaf(const Place& leaf)
{
    PooledRun* const bottom = m_runs.data() + beginOf(leaf);
    PooledRun* top = bottom;
    Amount total;
    for (std::size_t i = beginOf(leaf); i < endOf(leaf); ++i) {
        const double weight = m_weights[i];
        PooledRun run{i, i + 1, {exactProduct(m_values[i], weight), {weight, 0}}, m_values[i]};
        while (top != bottom && top[-1].mean >= run.mean)
            run = pooled(*--top, run);
        *top++ = run;
    }
    for (const PooledRun* run = bottom; run != top; ++run)
        total = total + run->amount;
    m_runCounts[leaf.first] = static_cast<std::size_t>(top - bottom);
    m_nodes[leaf.node].total = total;
}

void BlockTree::fitMiddle(const Place& place)
{
    Node& node = m_nodes[place.node];
    node.total = total(place.left()) + total(place.right());
    node.middle = poolSeam(*this, place.left(), place.right());
}

BlockTree::Range BlockTree::set(std::size_t point, double value, double weight)
{
    m_values[point] = value;
    m_weights[point] = weight;
    return setIn(root(), point);
}

BlockTree::Range BlockTree::setIn(const Place& place, std::size_t point)
{
    // Left of a point where blocks end both before and after the change the fit is that of the
    // points left of it, and so the same, unless the changed point is among them; likewise right.
    if (place.isLeaf()) {
        const std::vector<PooledRun> before(runs(place).begin(), runs(place).end());
        fitLeaf(place);
        const std::span<const PooledRun> after = runs(place);
        Range range{beginOf(place), endOf(place)};
        for (std::size_t r = 0; before[r].end == after[r].end && after[r].end <= point; ++r)
            range.begin = after[r].end;
        for (std::size_t r = 1; before[before.size() - r].begin == after[after.size() - r].begin &&
                                after[after.size() - r].begin > point;
             ++r)
            range.end = after[after.size() - r].begin;
        return range;
    }
    const bool isLeft = point < beginOf(place.right());
    const Range range = setIn(isLeft ? place.left() : place.right(), point);
    const PooledRun before = middle(place).run;
    fitMiddle(place);
    const PooledRun& after = middle(place).run;
    const bool same = before.begin == after.begin && before.end == after.end;
    if (same && (after.end <= range.begin || after.begin >= range.end))
        return range;
    return united(range, united({before.begin, before.end}, {after.begin, after.end}));
}

PooledRun BlockTree::runAt(Place place, std::size_t point) const
{
    while (!place.isLeaf()) {
        const PooledRun& block = middle(place).run;
        if (point < block.begin)
            place = place.left();
        else if (point >= block.end)
            place = place.right();
        else
            return block;
    }
    const std::span<const PooledRun> leaf = runs(place);
    return *std::partition_point(leaf.begin(), leaf.end(),
                                 [&](const PooledRun& run) { return run.end <= point; });
}

std::vector<PooledRun> BlockTree::runsIn(std::size_t begin, std::size_t end) const
{
    std::vector<PooledRun> found;
    if (begin < end)
        collect(root(), {begin, end}, found);
    return found;
}

void BlockTree::collect(const Place& place, Range range, std::vector<PooledRun>& found) const
{
    if (range.begin >= range.end)
        return;
    if (place.isLeaf()) {
        for (const PooledRun& run : runs(place))
            if (run.begin >= range.begin && run.end <= range.end)
                found.push_back(run);
        return;
    }
    const PooledRun& block = middle(place).run;
    collect(place.left(), {range.begin, std::min(range.end, block.begin)}, found);
    if (block.begin >= range.begin && block.end <= range.end)
        found.push_back(block);
    collect(place.right(), {std::max(range.begin, block.end), range.end}, found);
}

} // namespace monotail::detail
