// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/input.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "isotonic/pair.h"

namespace monotail::detail {

namespace {

constexpr double largest = std::numeric_limits<double>::max();

double greater(Pair pair)
{
    return std::max(pair[0], pair[1]);
}

double lesser(Pair pair)
{
    return std::min(pair[0], pair[1]);
}

/// What is seen of numbers. Comparisons with NaN are false, so that NaN leaves only `faults`:
/// x - x is 0 for a finite x and NaN for the rest.
struct Lanes
{
    Pair highest = {0, 0}, lowest = {largest, largest}, total = {0, 0}, faults = {0, 0};

    /// Of absolute values. 0 becomes NaN in `present`, other numbers move by one place.
    void seeValues(Pair values, Pair)
    {
        constexpr std::int64_t noSign = std::numeric_limits<std::int64_t>::max();
        const Mask bits = std::bit_cast<Mask>(values) & Mask{noSign, noSign};
        const Pair size = std::bit_cast<Pair>(bits);
        const Pair present = std::bit_cast<Pair>(bits - Mask{1, 1});
        highest = size > highest ? size : highest;
        lowest = present < lowest ? present : lowest;
        faults += values - values;
    }

    void seeWeights(Pair weights, Pair counted)
    {
        lowest = weights < lowest ? weights : lowest;
        total += counted;
        faults += weights - weights;
    }

    bool valid() const { return faults[0] + faults[1] == 0; }
};

Lanes joined(const Lanes& a, const Lanes& b)
{
    return {a.highest > b.highest ? a.highest : b.highest,
            a.lowest < b.lowest ? a.lowest : b.lowest, a.total + b.total, a.faults + b.faults};
}

/// Two sets of lanes, so that no addition waits for the one before.
template <void (Lanes::*see)(Pair numbers, Pair counted)>
Lanes lanesOf(std::span<const double> numbers)
{
    Lanes even, odd;
    std::size_t i = 0;
    for (; i + 4 <= numbers.size(); i += 4) {
        const Pair first{numbers[i], numbers[i + 1]}, second{numbers[i + 2], numbers[i + 3]};
        (even.*see)(first, first);
        (odd.*see)(second, second);
    }
    for (; i < numbers.size(); ++i)
        (even.*see)(Pair{numbers[i], numbers[i]}, Pair{numbers[i], 0});
    return joined(even, odd);
}

[[noreturn]] void throwForFirstFault(const Input& input, std::size_t first)
{
    for (std::size_t i = 0; i < input.size(); ++i) {
        if (!std::isfinite(input.values[i]))
            throw Error(message("monotone fit: value {} is {}, expected a finite number", first + i,
                                input.values[i]));
        if (!(input.weight(i) > 0 && input.weight(i) <= largest))
            throw Error(message("monotone fit: weight {} is {}, expected a finite number above 0",
                                first + i, input.weight(i)));
    }
    throw Error("monotone fit: the input changed while it was read");
}

} // namespace

Extremes extremesOf(const Input& input)
{
    const Lanes values = lanesOf<&Lanes::seeValues>(input.values);
    Extremes extremes;
    extremes.highest = greater(values.highest);
    extremes.lowest = lesser(values.lowest);
    extremes.valid = values.valid();
    if (input.weights.empty()) {
        extremes.lightest = 1;
        extremes.total = static_cast<double>(input.size());
        return extremes;
    }
    const Lanes weights = lanesOf<&Lanes::seeWeights>(input.weights);
    extremes.lightest = lesser(weights.lowest);
    extremes.total = weights.total[0] + weights.total[1];
    extremes.valid = extremes.valid && weights.valid() && extremes.lightest > 0;
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

void checkExtremes(const Extremes& extremes, const Input& input, std::size_t first)
{
    if (!extremes.valid)
        throwForFirstFault(input, first);
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
