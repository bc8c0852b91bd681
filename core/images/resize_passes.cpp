// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/resize_passes.h"

#include <algorithm>
#include <cstring>

#include "base/processor.h"

namespace monotail {

namespace {

constexpr std::int32_t half = 1 << (weightBits - 1);

using Wide [[gnu::vector_size(64)]] = std::int32_t;
using WideBytes [[gnu::vector_size(16)]] = std::uint8_t;
using WideShorts [[gnu::vector_size(32)]] = std::int16_t;
using Words [[gnu::vector_size(16)]] = std::uint32_t;

[[gnu::always_inline]] inline std::uint32_t wordAt(const std::uint8_t* bytes)
{
    std::uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// GCC converts vectors well in steps of a factor of two, and element by element otherwise.

[[gnu::always_inline]] inline void addProducts(const WideBytes& pixels, std::int32_t weight,
                                               Wide& sums)
{
    const auto shorts = __builtin_convertvector(pixels, WideShorts);
    sums += __builtin_convertvector(shorts, Wide) * weight;
}

[[gnu::always_inline]] inline void toBytes(const Wide& sums, WideBytes& bytes)
{
    Wide values = sums >> weightBits;
    values = values < 0 ? Wide{} : values;
    values = values > 255 ? Wide{} + 255 : values;
    bytes = __builtin_convertvector(__builtin_convertvector(values, WideShorts), WideBytes);
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
            Wide sums = Wide{} + half;
            const std::uint8_t* pixel = in.data + 3 * taps.first;
            for (std::int64_t t = 0; t < taps.count; ++t, pixel += 3) {
                const Words words{wordAt(pixel), wordAt(pixel + in.stride),
                                  wordAt(pixel + 2 * in.stride), wordAt(pixel + 3 * in.stride)};
                WideBytes pixels;
                std::memcpy(&pixels, &words, sizeof pixels);
                addProducts(pixels, taps.weights[t], sums);
            }
            WideBytes pixels;
            toBytes(sums, pixels);
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

/// One output row from byte `from` on, in steps of 32 bytes; returns where fewer are left.
struct AlongColumns
{
    [[gnu::always_inline]] static void run(const PixelRows<const std::uint8_t>& in,
                                           std::uint8_t* out, std::size_t bytes, const Taps& taps)
    {
        constexpr std::size_t step = 32;
        for (std::size_t begin = 0; begin < bytes; begin += step) {
            // The last step goes back over bytes that are made already.
            const std::size_t i = std::min(begin, bytes - step);
            Wide sums[2] = {Wide{} + half, Wide{} + half};
            const std::uint8_t* from = in.data + i;
            for (std::int64_t t = 0; t < taps.count; ++t, from += in.stride)
                for (std::size_t k = 0; k < 2; ++k) {
                    WideBytes pixels;
                    std::memcpy(&pixels, from + 16 * k, 16);
                    addProducts(pixels, taps.weights[t], sums[k]);
                }
            for (std::size_t k = 0; k < 2; ++k) {
                WideBytes pixels;
                toBytes(sums[k], pixels);
                std::memcpy(out + i + 16 * k, &pixels, 16);
            }
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
        if (bytes >= 32)
            runOnProcessor<AlongColumns>(from, out.row(y), bytes, taps);
        else
            alongShortColumns(from, out.row(y), bytes, taps);
    }
}

} // namespace monotail
