// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/input.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace monotail::detail {

namespace {

constexpr double largest = std::numeric_limits<double>::max();

/// Independent lanes, so that the loop over them becomes vector instructions.
constexpr std::size_t laneCount = 8;
using Lanes = std::array<double, laneCount>;

Lanes lanesOf(double value)
{
    Lanes lanes;
    lanes.fill(value);
    return lanes;
}

double sumOf(const Lanes& lanes)
{
    double sum = 0;
    for (const double lane : lanes)
        sum += lane;
    return sum;
}

/// x - x is 0 for a finite x and NaN for the rest.
struct ValueLanes
{
    Lanes highest = lanesOf(0), lowest = lanesOf(largest), faults = lanesOf(0);

    void see(std::size_t lane, double value)
    {
        const double size = std::abs(value);
        const double present = size > 0 ? size : largest;
        highest[lane] = size > highest[lane] ? size : highest[lane];
        lowest[lane] = present < lowest[lane] ? present : lowest[lane];
        faults[lane] += size - size;
    }
};

struct WeightLanes
{
    Lanes lightest = lanesOf(largest), total = lanesOf(0), faults = lanesOf(0);

    void see(std::size_t lane, double weight)
    {
        lightest[lane] = weight < lightest[lane] ? weight : lightest[lane];
        total[lane] += weight;
        faults[lane] += weight - weight;
    }
};

template <typename Seen>
Seen seen(std::span<const double> numbers)
{
    Seen result;
    std::size_t i = 0;
    for (; i + laneCount <= numbers.size(); i += laneCount)
        for (std::size_t lane = 0; lane < laneCount; ++lane)
            result.see(lane, numbers[i + lane]);
    for (std::size_t lane = 0; i < numbers.size(); ++i, ++lane)
        result.see(lane, numbers[i]);
    return result;
}

[[noreturn]] void throwForFirstFault(const Input& input)
{
    for (std::size_t i = 0; i < input.size(); ++i) {
        if (!std::isfinite(input.values[i]))
            throw Error(message("monotone fit: value {} is {}, expected a finite number", i,
                                input.values[i]));
        if (!(input.weight(i) > 0 && input.weight(i) <= largest))
            throw Error(message("monotone fit: weight {} is {}, expected a finite number above 0",
                                i, input.weight(i)));
    }
    throw Error("monotone fit: the input changed while it was read");
}

} // namespace

Extremes extremesOf(const Input& input)
{
    const auto values = seen<ValueLanes>(input.values);
    Extremes extremes;
    extremes.highest = *std::max_element(values.highest.begin(), values.highest.end());
    extremes.lowest = *std::min_element(values.lowest.begin(), values.lowest.end());
    extremes.valid = sumOf(values.faults) == 0;
    if (input.weights.empty()) {
        extremes.lightest = 1;
        extremes.total = static_cast<double>(input.size());
        return extremes;
    }
    const auto weights = seen<WeightLanes>(input.weights);
    extremes.lightest = *std::min_element(weights.lightest.begin(), weights.lightest.end());
    extremes.total = sumOf(weights.total);
    extremes.valid = extremes.valid && sumOf(weights.faults) == 0 && extremes.lightest > 0;
    return extremes;
}

Extremes joined(const Extremes& a, const Extremes& b)
{
    return {std::max(a.highest, b.highest), std::min(a.lowest, b.lowest),
            std::min(a.lightest, b.lightest), a.total + b.total, a.valid && b.valid};
}

Magnitudes magnitudesOf(const Extremes& extremes)
{
    const bool ordinary =
        extremes.highest * extremes.total < 1e300 && extremes.lowest * extremes.lightest > 1e-290;
    return ordinary ? Magnitudes::Ordinary : Magnitudes::Extreme;
}

void checkSizes(std::span<const double> values, std::span<const double> weights)
{
    if (values.size() != weights.size())
        throw Error(message("monotone fit: {} values but {} weights; every value needs one weight",
                            values.size(), weights.size()));
}

void checkExtremes(const Extremes& extremes, const Input& input)
{
    if (!extremes.valid)
        throwForFirstFault(input);
    // Half, because blocks add their weights in another order.
    if (extremes.total > largest / 2)
        throw Error("monotone fit: the weights' sum is too large for a float64; divide all weights "
                    "by one number");
}

Magnitudes checkIsotonicInput(std::span<const double> values, std::span<const double> weights)
{
    checkSizes(values, weights);
    const Input input{values, weights};
    const Extremes extremes = extremesOf(input);
    checkExtremes(extremes, input);
    return magnitudesOf(extremes);
}

} // namespace monotail::detail
