// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/isotonic_tree.h"

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

detail::Extremes checked(const detail::Extremes& extremes, const detail::Input& input,
                         std::size_t first = 0)
{
    detail::checkExtremes(extremes, input, first);
    if (detail::magnitudesOf(extremes) == detail::Magnitudes::Extreme)
        throw Error("monotone fit: values or weights too large or too small to be changed one by "
                    "one; multiply all by one number");
    return extremes;
}

detail::Extremes extremesOf(std::span<const double> values, std::span<const double> weights)
{
    detail::checkSizes(values, weights);
    const detail::Input input{values, weights};
    return checked(detail::extremesOf(input), input);
}

std::vector<double> times(double sign, std::span<const double> values)
{
    std::vector<double> products(values.begin(), values.end());
    for (double& product : products)
        product *= sign;
    return products;
}

} // namespace

IsotonicTree::IsotonicTree(std::span<const double> values, std::span<const double> weights,
                           Monotone direction)
    : m_sign(direction == Monotone::NonDecreasing ? 1 : -1),
      m_extremes(extremesOf(values, weights)),
      m_tree(times(m_sign, values), {weights.begin(), weights.end()})
{}

std::vector<Block> IsotonicTree::blocks() const
{
    return blocksIn(0, size());
}

IsotonicTree::Change IsotonicTree::set(std::size_t point, double value, double weight)
{
    if (point >= size())
        throw Error(message("monotone fit: point {} of {} points, which count from 0, cannot be "
                            "changed",
                            point, size()));
    const detail::Input input{{&value, 1}, {&weight, 1}};
    const detail::Extremes extremes = detail::joined(m_extremes, detail::extremesOf(input));
    m_extremes = checked(extremes, input, point);
    const auto [begin, end] = m_tree.set(point, m_sign * value, weight);
    return {begin, end, blocksIn(begin, end)};
}

std::vector<Block> IsotonicTree::blocksIn(std::size_t begin, std::size_t end) const
{
    std::vector<Block> blocks;
    for (const detail::PooledRun& run : m_tree.runsIn(begin, end)) {
        const double value = m_sign * run.mean;
        if (!blocks.empty() && m_sign * blocks.back().value >= m_sign * value) {
            // The means differ by less than their rounding.
            blocks.back().end = run.end;
            blocks.back().weight += run.amount.weight.high;
        } else {
            blocks.push_back({run.begin, run.end, value, run.amount.weight.high});
        }
    }
    return blocks;
}

} // namespace monotail
