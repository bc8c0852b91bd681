// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "dataset/numbers.h"

namespace monotail {

static_assert(std::endian::native == std::endian::little, "files are little-endian and are mapped");

struct HalfBits
{
    std::uint16_t bits;
};
struct BFloatBits
{
    std::uint16_t bits;
};

/// float16 -> float32 without branches, so that loops over rows vectorise. The exponent moves from
/// bias 15 to 127; subnormals are normalised by the subtraction of 2^-14.
inline float toFloat(HalfBits half)
{
    const std::uint32_t shifted = (half.bits & 0x7fffu) << 13;
    const std::uint32_t sign = (half.bits & 0x8000u) << 16;
    const std::uint32_t normal = shifted + 0x38000000u;
    const std::uint32_t small =
        std::bit_cast<std::uint32_t>(std::bit_cast<float>(shifted + 0x38800000u) - 0x1p-14f);
    // Masks, not conditions: GCC does not vectorise a choice between floats that may trap.
    const std::uint32_t isSmall = 0u - std::uint32_t{shifted < 0x00800000u};
    const std::uint32_t isSpecial = 0u - std::uint32_t{shifted >= 0x0f800000u};
    const std::uint32_t size = (small & isSmall) | (normal & ~isSmall) | (isSpecial & 0x7f800000u);
    return std::bit_cast<float>(size | sign);
}

inline float toFloat(BFloatBits value)
{
    return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}

template <typename Number>
float toFloat(Number value)
{
    return static_cast<float>(value);
}

/// An element at any alignment.
template <typename Number>
Number load(const std::byte* at)
{
    Number value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// Calls `work` with a value of the type that `type` stands for.
template <typename Work>
auto withType(NumberType type, Work work)
{
    switch (type) {
    case NumberType::Float16:
        return work(HalfBits{});
    case NumberType::BFloat16:
        return work(BFloatBits{});
    case NumberType::Float32:
        return work(float{});
    case NumberType::Float64:
        return work(double{});
    case NumberType::Int8:
        return work(std::int8_t{});
    case NumberType::Int16:
        return work(std::int16_t{});
    case NumberType::Int32:
        return work(std::int32_t{});
    case NumberType::Int64:
        return work(std::int64_t{});
    case NumberType::UInt16:
        return work(std::uint16_t{});
    case NumberType::UInt32:
        return work(std::uint32_t{});
    case NumberType::UInt64:
        return work(std::uint64_t{});
    case NumberType::UInt8:
    case NumberType::Bool:
        break;
    }
    return work(std::uint8_t{});
}

} // namespace monotail
