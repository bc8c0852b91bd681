// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace monotail {

/// A decoded image, H x W x channels, 8 bits each, row by row.
struct Picture
{
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::int64_t channels = 0; ///< 1 (grey) or 3 (RGB)
    std::vector<std::uint8_t> pixels;

    bool operator==(const Picture&) const = default;
};

} // namespace monotail
