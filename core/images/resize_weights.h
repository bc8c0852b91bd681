// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/preprocessing.h"

namespace monotail {

/// Resizing along one axis, of which only the output positions [from, from + count) are made.
struct ResizeAxis
{
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t from = 0;
    std::int64_t count = 0;
    ResizeFilter filter = ResizeFilter::Bilinear;
};

/// The weights are whole numbers, 1 being 2^22: 32 bits less 8 of the pixel and two for what a
/// cubic filter overshoots.
constexpr int weightBits = 32 - 8 - 2;

/// The input pixels below the filter at one output position.
struct Taps
{
    std::int64_t first = 0;
    std::int64_t count = 0;
    const std::int32_t* weights = nullptr;
};

/// For each output position in turn.
struct ResizeWeights
{
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> counts;
    std::vector<std::int32_t> values;
    std::size_t stride = 0; ///< of `values`

    std::int64_t size() const { return static_cast<std::int64_t>(first.size()); }
    Taps at(std::int64_t position) const
    {
        const auto i = static_cast<std::size_t>(position);
        return {first[i], counts[i], values.data() + i * stride};
    }
    /// One behind the last input pixel that is needed.
    std::int64_t end() const { return first.back() + counts.back(); }
};

/// With the arithmetic of PIL's Image.resize: a triangle or Keys' cubic (a = -0.5), widened by the
/// factor of a reduction, divided by its sum in double, then rounded to fixed point.
ResizeWeights resizeWeights(const ResizeAxis& axis);

} // namespace monotail
