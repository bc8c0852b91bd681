// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/class_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "isotonic/input.h"
#include "isotonic/mean.h"

namespace monotail {

namespace {

/// What is fitted: one point per class that takes part, or per set of tied classes.
struct Points
{
    std::vector<std::int64_t> order; ///< rank -> class
    std::vector<double> values;      ///< P
    std::vector<double> weights;     ///< P
    std::vector<std::size_t> starts; ///< P + 1: point p is ranks [starts[p], starts[p + 1])
};

std::size_t at(std::int64_t index)
{
    return static_cast<std::size_t>(index);
}

void check(const std::vector<double>& values, const std::vector<double>& weights,
           const std::vector<double>& metric, const std::vector<bool>& excluded)
{
    const std::size_t classes = values.size();
    if (weights.size() != classes || metric.size() != classes || excluded.size() != classes)
        throw Error(message("monotone fit: {} values, {} weights, {} order metrics and {} "
                            "exclusions; every class needs one of each",
                            classes, weights.size(), metric.size(), excluded.size()));
    for (std::size_t c = 0; c < classes; ++c) {
        if (!std::isfinite(metric[c]))
            throw Error(message("monotone fit: the order metric of class {} is {}, expected a "
                                "finite number",
                                c, metric[c]));
        if (!excluded[c] && !std::isfinite(values[c]))
            throw Error(message("monotone fit: the value of class {} is {}, expected a finite "
                                "number",
                                c, values[c]));
        if (!excluded[c] && !(std::isfinite(weights[c]) && weights[c] > 0))
            throw Error(message("monotone fit: the weight of class {} is {}, expected a finite "
                                "number above 0",
                                c, weights[c]));
    }
}

/// Ranks the classes that take part by falling metric, then the others.
std::vector<std::int64_t> rankClasses(const std::vector<double>& metric,
                                      const std::vector<bool>& excluded)
{
    using Key = std::pair<double, std::int64_t>; // {-metric, class}
    std::vector<Key> keys, last;
    keys.reserve(metric.size());
    for (std::size_t c = 0; c < metric.size(); ++c)
        (excluded[c] ? last : keys).emplace_back(-metric[c], static_cast<std::int64_t>(c));
    std::sort(keys.begin(), keys.end());
    std::sort(last.begin(), last.end());
    keys.insert(keys.end(), last.begin(), last.end());
    std::vector<std::int64_t> order(keys.size());
    std::transform(keys.begin(), keys.end(), order.begin(),
                   [](const Key& key) { return key.second; });
    return order;
}

/// Value and weight of a class.
using Weighted = std::pair<double, double>;

template <typename Mean>
Weighted averageOf(const std::vector<Weighted>& tied)
{
    Mean mean = Mean::point(tied[0].first, tied[0].second);
    for (std::size_t i = 1; i < tied.size(); ++i)
        mean = pooled(mean, Mean::point(tied[i].first, tied[i].second));
    return {mean.value, mean.weight};
}

/// The weighted mean of tied classes, taken in order of value: renumbering the classes cannot
/// change even the last bit.
Weighted averaged(std::vector<Weighted>& tied, detail::Magnitudes magnitudes)
{
    if (tied.size() == 1)
        return tied[0];
    std::sort(tied.begin(), tied.end());
    return magnitudes == detail::Magnitudes::Ordinary ? averageOf<detail::SumMean>(tied)
                                                      : averageOf<detail::StepMean>(tied);
}

Points gather(const std::vector<double>& values, const std::vector<double>& weights,
              const std::vector<double>& metric, const std::vector<bool>& excluded, Ties ties)
{
    check(values, weights, metric, excluded);
    Points points;
    points.order = rankClasses(metric, excluded);
    const auto included =
        static_cast<std::size_t>(std::count(excluded.begin(), excluded.end(), false));
    std::vector<double> rankedValues(included), rankedWeights(included), rankedMetric(included);
    for (std::size_t rank = 0; rank < included; ++rank) {
        const std::size_t c = at(points.order[rank]);
        rankedValues[rank] = values[c];
        rankedWeights[rank] = weights[c];
        rankedMetric[rank] = metric[c];
    }
    const auto magnitudes = detail::checkIsotonicInput(rankedValues, rankedWeights);
    std::vector<Weighted> tied;
    for (std::size_t begin = 0, end = 0; begin < included; begin = end) {
        tied.clear();
        do {
            tied.emplace_back(rankedValues[end], rankedWeights[end]);
            ++end;
        } while (ties == Ties::Average && end < included &&
                 rankedMetric[end] == rankedMetric[begin]);
        const auto [value, weight] = averaged(tied, magnitudes);
        points.values.push_back(value);
        points.weights.push_back(weight);
        points.starts.push_back(begin);
    }
    points.starts.push_back(included);
    return points;
}

/// Ranks run from the head (rank 0) to the tail.
Monotone alongRanks(Direction direction)
{
    return direction == Direction::TailHigh ? Monotone::NonDecreasing : Monotone::NonIncreasing;
}

} // namespace

ClassFit fitClasses(const std::vector<double>& values, const std::vector<double>& weights,
                    const std::vector<double>& metric, const std::vector<bool>& excluded,
                    Direction direction, Ties ties)
{
    Points points = gather(values, weights, metric, excluded, ties);
    ClassFit fit;
    fit.fitted = values;
    fit.blockOf.assign(values.size(), -1);
    fit.blocks = isotonicFit(points.values, points.weights, alongRanks(direction)).blocks;
    for (std::size_t b = 0; b < fit.blocks.size(); ++b) {
        Block& block = fit.blocks[b];
        block.begin = points.starts[block.begin];
        block.end = points.starts[block.end];
        for (std::size_t rank = block.begin; rank < block.end; ++rank) {
            const std::size_t c = at(points.order[rank]);
            fit.fitted[c] = block.value;
            fit.blockOf[c] = static_cast<std::int64_t>(b);
        }
    }
    fit.order = std::move(points.order);
    return fit;
}

std::vector<Merge> traceClasses(const std::vector<double>& values,
                                const std::vector<double>& weights,
                                const std::vector<double>& metric,
                                const std::vector<bool>& excluded, Direction direction, Ties ties)
{
    const Points points = gather(values, weights, metric, excluded, ties);
    std::vector<Merge> merges = isotonicTrace(points.values, points.weights, alongRanks(direction));
    for (Merge& merge : merges) {
        merge.begin = points.starts[merge.begin];
        merge.middle = points.starts[merge.middle];
        merge.end = points.starts[merge.end];
    }
    return merges;
}

} // namespace monotail
