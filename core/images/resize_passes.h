// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "images/resize_weights.h"

namespace monotail {

/// Rows of 8-bit pixels in memory, `stride` bytes apart.
template <typename Byte>
struct PixelRows
{
    Byte* data = nullptr;
    std::size_t stride = 0;

    Byte* row(std::int64_t y) const { return data + static_cast<std::size_t>(y) * stride; }
};

/// Output pixel x of each of `rows` rows is the weighted sum over input pixels of the same row.
/// Of RGB, one byte behind the input's last row is read (and not used).
void resizeAlongRows(PixelRows<const std::uint8_t> in, PixelRows<std::uint8_t> out,
                     std::int64_t rows, std::int64_t channels, const ResizeWeights& weights);

/// Output row y is the weighted sum over input rows, of which `in` holds those from the first one
/// needed; `bytes` of each.
void resizeAlongColumns(PixelRows<const std::uint8_t> in, PixelRows<std::uint8_t> out,
                        std::size_t bytes, const ResizeWeights& weights);

} // namespace monotail
