// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace monotail {

/// What a centre crop takes along one axis: `size` pixels at `from`, which go to `to`; the rest of
/// the crop is black.
struct Span
{
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t size = 0;
};

/// torchvision's CenterCrop: halves round to even, as Python's round() has it; of an uneven margin
/// the first side is the narrower.
inline Span centreOf(std::int64_t length, std::int64_t side)
{
    if (side > length)
        return {0, (side - length) / 2, length};
    const std::int64_t margin = length - side;
    const std::int64_t half = margin / 2;
    const bool up = margin % 2 == 1 && half % 2 == 1;
    return {up ? half + 1 : half, 0, side};
}

} // namespace monotail
