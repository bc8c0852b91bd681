// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/full_pass.h"

#include <algorithm>
#include <limits>

namespace monotail::detail {

namespace {

constexpr std::size_t width = 64;

/// Largest score of the first size / width * width classes, and then of the rest.
float largestScore(std::span<const float> z, const float* scale, const float* bias)
{
    float largest[width];
    std::fill_n(largest, width, -std::numeric_limits<float>::infinity());
    const std::size_t whole = z.size() / width * width;
    for (std::size_t begin = 0; begin < whole; begin += width)
        for (std::size_t i = 0; i < width; ++i) {
            const float score = scale[begin + i] * z[begin + i] + bias[begin + i];
            largest[i] = score > largest[i] ? score : largest[i];
        }
    for (std::size_t i = whole; i < z.size(); ++i)
        largest[0] = std::max(largest[0], scale[i] * z[i] + bias[i]);
    return *std::max_element(largest, largest + width);
}

} // namespace

[[gnu::target_clones("avx512f", "avx2", "default")]] BestClass
bestOfAll(std::span<const float> z, const float* scale, const float* bias,
          const std::int32_t* classOf)
{
    const float largest = largestScore(z, scale, bias);
    BestClass best{std::numeric_limits<std::int32_t>::max(), 0, largest};
    for (std::size_t i = 0; i < z.size(); ++i)
        if (scale[i] * z[i] + bias[i] == largest && classOf[i] < best.winner) {
            best.winner = classOf[i];
            best.z = z[i];
        }
    return best;
}

} // namespace monotail::detail
