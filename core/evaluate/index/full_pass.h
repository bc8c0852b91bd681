// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace monotail::detail {

struct BestClass
{
    std::int32_t winner; ///< the lowest class of the largest score
    float z;             ///< its z
    float score;
};

/// Over every class of one sample: largest scale * z + bias, all of the size of `z` or more.
BestClass bestOfAll(std::span<const float> z, const float* scale, const float* bias,
                    const std::int32_t* classOf);

} // namespace monotail::detail
