// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>

namespace monotail::detail {

inline constexpr int lanes = 16;

/// Sixteen numbers side by side, on which the usual operators work; GCC and clang make of them
/// what the processor has.
using Lanes [[gnu::vector_size(lanes * sizeof(float))]] = float;
using Places [[gnu::vector_size(lanes * sizeof(std::int32_t))]] = std::int32_t;

} // namespace monotail::detail
