// SPDX-License-Identifier: GPL-3.0-or-later
#include "isotonic/isotonic_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "isotonic/pool.h"

namespace monotail {

detail::Magnitudes detail::checkIsotonicInput(std::span<const double> values,
                                              std::span<const double> weights)
{
    constexpr double largest = std::numeric_limits<double>::max();
    if (values.size() != weights.size())
        throw Error(message("monotone fit: {} values but {} weights; every value needs one weight",
                            values.size(), weights.size()));
    double highest = 0, lowest = largest, lightest = largest, total = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double size = std::abs(values[i]);
        if (!(size <= largest))
            throw Error(
                message("monotone fit: value {} is {}, expected a finite number", i, values[i]));
        if (!(weights[i] > 0 && weights[i] <= largest))
            throw Error(message("monotone fit: weight {} is {}, expected a finite number above 0",
                                i, weights[i]));
        highest = std::max(highest, size);
        lowest = size > 0 ? std::min(lowest, size) : lowest;
        lightest = std::min(lightest, weights[i]);
        total += weights[i];
    }
    // Half, because blocks add their weights in another order.
    if (total > largest / 2)
        throw Error("monotone fit: the weights' sum is too large for a float64; divide all weights "
                    "by one number");
    const bool ordinary = highest * total < 1e300 && lowest * lightest > 1e-290;
    return ordinary ? Magnitudes::Ordinary : Magnitudes::Extreme;
}

IsotonicFit isotonicFit(std::span<const double> values, std::span<const double> weights,
                        Monotone direction)
{
    IsotonicFit fit;
    fit.blocks = detail::poolAdjacentViolators(values, weights, direction, [](const auto&...) {});
    fit.fitted.resize(values.size());
    for (const Block& block : fit.blocks)
        std::fill_n(fit.fitted.data() + block.begin, block.size(), block.value);
    return fit;
}

std::vector<Block> changedBlocks(const IsotonicFit& before, const IsotonicFit& after)
{
    std::vector<Block> changed;
    auto old = before.blocks.begin();
    for (const Block& block : after.blocks) {
        while (old != before.blocks.end() && old->begin < block.begin)
            ++old;
        const bool same = old != before.blocks.end() && old->begin == block.begin &&
                          old->end == block.end && old->value == block.value;
        if (!same)
            changed.push_back(block);
    }
    return changed;
}

} // namespace monotail
