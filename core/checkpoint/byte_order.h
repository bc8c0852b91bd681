// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace monotail {

/// A little-endian number at an address of any alignment.
template <typename Integer>
Integer loadLittle(const std::byte* at)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        value |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
    return static_cast<Integer>(value);
}

template <typename Integer>
void storeLittle(std::byte* at, Integer value)
{
    const auto bits = static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<Integer>>(value));
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        at[i] = static_cast<std::byte>(bits >> (8 * i));
}

} // namespace monotail
