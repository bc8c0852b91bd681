// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/seam.h"

#include <algorithm>

namespace monotail::detail {

namespace {

enum class Side { Left, Right };

double moment(const Amount& amount, double value)
{
    return amount.sum.high - value * amount.weight.high;
}

/// Bisects the blocks of one place: those on the seam's side of the near bound pool for sure, those
/// beyond the far bound do not, until the bounds meet.
template <Side side>
class Bisection
{
public:
    /// The block `nearest` to the seam pools for sure.
    Bisection(const BlockTree& tree, const Place& place, const PooledRun& nearest)
        : m_tree(tree), m_place(place), m_nearBound(farEnd(nearest)),
          m_farBound(isLeft ? tree.beginOf(place) : tree.endOf(place)), m_taken(nearest.amount)
    {
        descend();
    }

    bool isDone() const { return m_nearBound == m_farBound; }
    std::size_t bound() const { return m_nearBound; }
    const Amount& taken() const { return m_taken; }
    /// Of the block to decide on.
    double value() const { return m_block.mean; }
    /// What would still move to `value` if all from the seam to the block pooled at it.
    double momentAtValue() const { return moment(m_nearer, m_block.mean); }

    /// The block and all nearer ones pool.
    void take()
    {
        m_taken = m_nearer + m_block.amount;
        m_nearBound = farEnd(m_block);
        if (!m_place.isLeaf())
            goFar();
        descend();
    }

    /// The block and all farther ones do not pool.
    void leave()
    {
        m_farBound = nearEnd(m_block);
        if (!m_place.isLeaf())
            m_place = nearChild();
        descend();
    }

    void extend(const PooledRun& run)
    {
        m_taken = m_taken + run.amount;
        m_nearBound = farEnd(run);
    }

private:
    static constexpr bool isLeft = side == Side::Left;
    static std::size_t farEnd(const PooledRun& run) { return isLeft ? run.begin : run.end; }
    static std::size_t nearEnd(const PooledRun& run) { return isLeft ? run.end : run.begin; }
    static bool isFarther(std::size_t a, std::size_t b) { return isLeft ? a < b : a > b; }
    Place nearChild() const { return isLeft ? m_place.right() : m_place.left(); }
    Place farChild() const { return isLeft ? m_place.left() : m_place.right(); }

    void goFar()
    {
        m_beyond = m_beyond + m_tree.total(nearChild());
        m_place = farChild();
    }
    void descend();
    void chooseInLeaf();

    const BlockTree& m_tree;
    Place m_place; ///< holds all blocks that are open
    std::size_t m_nearBound, m_farBound;
    Amount m_taken;
    Amount m_beyond; ///< between m_place and the seam
    PooledRun m_block;
    Amount m_nearer; ///< between the block and the seam
};

/// To the next block to decide on.
template <Side side>
void Bisection<side>::descend()
{
    while (!isDone()) {
        if (m_place.isLeaf())
            return chooseInLeaf();
        const MiddleBlock& middle = m_tree.middle(m_place);
        if (isFarther(m_nearBound, nearEnd(middle.run))) {
            goFar();
        } else if (isFarther(farEnd(middle.run), m_farBound)) {
            m_place = nearChild();
        } else {
            m_block = middle.run;
            m_nearer = m_beyond + (isLeft ? middle.behind : middle.before);
            return;
        }
    }
}

template <Side side>
void Bisection<side>::chooseInLeaf()
{
    const std::size_t low = std::min(m_nearBound, m_farBound);
    const std::size_t high = std::max(m_nearBound, m_farBound);
    const std::span<const PooledRun> runs = m_tree.runs(m_place);
    const auto isBefore = [](const PooledRun& run, std::size_t point) { return run.begin < point; };
    const auto first = std::lower_bound(runs.begin(), runs.end(), low, isBefore);
    const auto last = std::lower_bound(first, runs.end(), high, isBefore);
    const auto chosen = first + (last - first) / 2;
    m_block = *chosen;
    m_nearer = m_taken;
    for (auto run = isLeft ? chosen + 1 : first; run != (isLeft ? last : chosen); ++run)
        m_nearer = m_nearer + run->amount;
}

using Left = Bisection<Side::Left>;
using Right = Bisection<Side::Right>;

/// The seam's block has the value at which the moments of both sides add up to 0. Each falls with
/// the value, so that their sum at two values bounds it from one side: one of the two blocks can be
/// decided on without asking where its value lies on the other side.
void decide(Left& left, Right& right)
{
    const double sum = left.momentAtValue() + right.momentAtValue();
    if (left.value() <= right.value())
        sum >= 0 ? left.leave() : right.leave();
    else
        sum >= 0 ? right.take() : left.take();
}

void bisect(Left& left, Right& right)
{
    while (!left.isDone() && !right.isDone())
        decide(left, right);
    while (!left.isDone()) {
        const double sum = left.momentAtValue() + moment(right.taken(), left.value());
        sum < 0 ? left.take() : left.leave();
    }
    while (!right.isDone()) {
        const double sum = moment(left.taken(), right.value()) + right.momentAtValue();
        sum >= 0 ? right.take() : right.leave();
    }
}

/// What differs by less than the rounding of the moments.
PooledRun extended(const BlockTree& tree, const Place& leftPlace, const Place& rightPlace,
                   Left& left, Right& right)
{
    for (;;) {
        const Amount amount = left.taken() + right.taken();
        const PooledRun run{left.bound(), right.bound(), amount, amount.mean()};
        if (run.begin > tree.beginOf(leftPlace)) {
            const PooledRun before = tree.runAt(leftPlace, run.begin - 1);
            if (before.mean >= run.mean) {
                left.extend(before);
                continue;
            }
        }
        if (run.end < tree.endOf(rightPlace)) {
            const PooledRun behind = tree.runAt(rightPlace, run.end);
            if (behind.mean <= run.mean) {
                right.extend(behind);
                continue;
            }
        }
        return run;
    }
}

} // namespace

MiddleBlock poolSeam(const BlockTree& tree, const Place& leftPlace, const Place& rightPlace)
{
    const std::size_t seam = tree.beginOf(rightPlace);
    const PooledRun last = tree.runAt(leftPlace, seam - 1);
    const PooledRun first = tree.runAt(rightPlace, seam);
    if (last.mean < first.mean)
        return {first, tree.total(leftPlace), tree.total(rightPlace) - first.amount};
    Left left(tree, leftPlace, last);
    Right right(tree, rightPlace, first);
    bisect(left, right);
    const PooledRun run = extended(tree, leftPlace, rightPlace, left, right);
    return {run, tree.total(leftPlace) - left.taken(), tree.total(rightPlace) - right.taken()};
}

} // namespace monotail::detail
