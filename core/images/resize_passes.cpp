// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/resize_passes.h"

#include <algorithm>
#include <cstring>

#include "base/processor.h"

namespace monotail {

namespace {

constexpr std::int32_t half = 1 << (weightBits - 1);

using Bytes [[gnu::vector_size(16)]] = std::uint8_t;
using Shorts [[gnu::vector_size(16)]] = std::uint16_t;
using Words [[gnu::vector_size(16)]] = std::uint32_t;
using Sums [[gnu::vector_size(16)]] = std::int32_t;

/// The sums of 16 neighbouring bytes. Vectors of 16 bytes, and conversions as steps that every
/// x86-64 has: GCC 12 takes wider ones apart, element by element, where a processor has none.
struct Block
{
    Sums sums[4] = {Sums{} + half, Sums{} + half, Sums{} + half, Sums{} + half};
};

[[gnu::always_inline]] inline Bytes bytesAt(const std::uint8_t* memory)
{
    Bytes bytes;
    std::memcpy(&bytes, memory, sizeof bytes);
    return bytes;
}

[[gnu::always_inline]] inline std::uint32_t wordAt(const std::uint8_t* memory)
{
    std::uint32_t word = 0;
    std::memcpy(&word, memory, sizeof word);
    return word;
}

[[gnu::always_inline]] inline void add(const Bytes& pixels, std::int32_t weight, Block& block)
{
    constexpr Bytes none{};
    const auto low = reinterpret_cast<Shorts>(__builtin_shufflevector(
        pixels, none, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    const auto high = reinterpret_cast<Shorts>(__builtin_shufflevector(
        pixels, none, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
    constexpr Shorts zero{};
    const Shorts words[4] = {__builtin_shufflevector(low, zero, 0, 8, 1, 9, 2, 10, 3, 11),
                             __builtin_shufflevector(low, zero, 4, 12, 5, 13, 6, 14, 7, 15),
                             __builtin_shufflevector(high, zero, 0, 8, 1, 9, 2, 10, 3, 11),
                             __builtin_shufflevector(high, zero, 4, 12, 5, 13, 6, 14, 7, 15)};
    for (int i = 0; i < 4; ++i)
        block.sums[i] += reinterpret_cast<Sums>(words[i]) * weight;
}

/// Every second byte of both.
[[gnu::always_inline]] inline Bytes evenBytes(const Bytes& a, const Bytes& b)
{
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

[[gnu::always_inline]] inline Bytes rounded(const Block& block)
{
    Bytes parts[4];
    for (int i = 0; i < 4; ++i) {
        Sums values = block.sums[i] >> weightBits;
        values = values < 0 ? Sums{} : values;
        values = values > 255 ? Sums{} + 255 : values;
        parts[i] = reinterpret_cast<Bytes>(values);
    }
    return evenBytes(evenBytes(parts[0], parts[1]), evenBytes(parts[2], parts[3]));
}

std::uint8_t rounded(std::int32_t sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> weightBits, 0, 255));
}

/// Four rows of RGB at once. Of a pixel four bytes are read, of which the last belongs to the next.
struct AlongRgbRows
{
    [[gnu::always_inline]] static void run(const PixelRows<const std::uint8_t>& in,
                                           const PixelRows<std::uint8_t>& out,
                                           const ResizeWeights& weights)
    {
        for (std::int64_t x = 0; x < weights.size(); ++x) {
            const Taps taps = weights.at(x);
            Block block;
            const std::uint8_t* pixel = in.data + 3 * taps.first;
            for (std::int64_t t = 0; t < taps.count; ++t, pixel += 3) {
                const Words words{wordAt(pixel), wordAt(pixel + in.stride),
                                  wordAt(pixel + 2 * in.stride), wordAt(pixel + 3 * in.stride)};
                add(reinterpret_cast<Bytes>(words), taps.weights[t], block);
            }
            const Bytes pixels = rounded(block);
            std::uint8_t bytes[16];
            std::memcpy(bytes, &pixels, sizeof bytes);
            for (int row = 0; row < 4; ++row)
                std::memcpy(out.row(row) + 3 * x, bytes + 4 * row, 3);
        }
    }
};

void alongGreyRow(const std::uint8_t* in, std::uint8_t* out, const ResizeWeights& weights)
{
    for (std::int64_t x = 0; x < weights.size(); ++x) {
        const Taps taps = weights.at(x);
        std::int32_t sum = half;
        for (std::int64_t t = 0; t < taps.count; ++t)
            sum += taps.weights[t] * in[taps.first + t];
        out[x] = rounded(sum);
    }
}

/// One output row of 16 bytes or more.
struct AlongColumns
{
    [[gnu::always_inline]] static void run(const PixelRows<const std::uint8_t>& in,
                                           std::uint8_t* out, std::size_t bytes, const Taps& taps)
    {
        for (std::size_t begin = 0; begin < bytes; begin += sizeof(Bytes)) {
            // The last step goes back over bytes that are made already.
            const std::size_t i = std::min(begin, bytes - sizeof(Bytes));
            Block block;
            const std::uint8_t* from = in.data + i;
            for (std::int64_t t = 0; t < taps.count; ++t, from += in.stride)
                add(bytesAt(from), taps.weights[t], block);
            const Bytes pixels = rounded(block);
            std::memcpy(out + i, &pixels, sizeof pixels);
        }
    }
};

void alongShortColumns(const PixelRows<const std::uint8_t>& in, std::uint8_t* out,
                       std::size_t bytes, const Taps& taps)
{
    for (std::size_t i = 0; i < bytes; ++i) {
        std::int32_t sum = half;
        for (std::int64_t t = 0; t < taps.count; ++t)
            sum += taps.weights[t] * in.row(t)[i];
        out[i] = rounded(sum);
    }
}

} // namespace

void resizeAlongRows(PixelRows<const std::uint8_t> in, PixelRows<std::uint8_t> out,
                     std::int64_t rows, std::int64_t channels, const ResizeWeights& weights)
{
    if (channels != 3) {
        for (std::int64_t y = 0; y < rows; ++y)
            alongGreyRow(in.row(y), out.row(y), weights);
        return;
    }
    std::int64_t y = 0;
    for (; y + 4 <= rows; y += 4)
        runOnProcessor<AlongRgbRows>(PixelRows<const std::uint8_t>{in.row(y), in.stride},
                                     PixelRows<std::uint8_t>{out.row(y), out.stride}, weights);
    for (; y < rows; ++y) // four times the same row
        runOnProcessor<AlongRgbRows>(PixelRows<const std::uint8_t>{in.row(y), 0},
                                     PixelRows<std::uint8_t>{out.row(y), 0}, weights);
}

void resizeAlongColumns(PixelRows<const std::uint8_t> in, PixelRows<std::uint8_t> out,
                        std::size_t bytes, const ResizeWeights& weights)
{
    const std::int64_t first = weights.at(0).first;
    for (std::int64_t y = 0; y < weights.size(); ++y) {
        const Taps taps = weights.at(y);
        const PixelRows<const std::uint8_t> from{in.row(taps.first - first), in.stride};
        if (bytes >= sizeof(Bytes))
            runOnProcessor<AlongColumns>(from, out.row(y), bytes, taps);
        else
            alongShortColumns(from, out.row(y), bytes, taps);
    }
}

} // namespace monotail
