// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "extract/network.h"

namespace monotail::test {

/// Images by a formula that tests/fixtures/make_backbones.py has too, N x H x W x channels, and
/// tables that scale them to [0, 1] and normalise.
struct MadeImages
{
    std::int64_t count = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t channels = 0;
    std::vector<std::uint8_t> pixels;
    std::vector<std::array<float, 256>> tables;

    ImageBatch batch() const { return {count, height, width, channels, pixels, tables, false}; }
};

inline MadeImages madeImages(std::int64_t count, std::int64_t height, std::int64_t width,
                             const std::vector<double>& mean, const std::vector<double>& deviation)
{
    const auto channels = static_cast<std::int64_t>(mean.size());
    MadeImages made{count, height, width, channels, {}, {}};
    for (std::int64_t n = 0; n < count; ++n)
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x)
                for (std::int64_t c = 0; c < channels; ++c)
                    made.pixels.push_back(static_cast<std::uint8_t>(
                        (3 * x * x + 5 * y * y + 7 * x * y + 31 * c + 97 * n) % 256));
    for (std::size_t c = 0; c < mean.size(); ++c) {
        made.tables.emplace_back();
        for (std::size_t v = 0; v < 256; ++v)
            made.tables.back()[v] =
                static_cast<float>((static_cast<double>(v) / 255 - mean[c]) / deviation[c]);
    }
    return made;
}

} // namespace monotail::test
