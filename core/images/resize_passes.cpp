// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/resize_passes.h"

#include <algorithm>
#include <cstring>

#include "base/processor.h"

namespace monotail {

namespace {

constexpr std::int32_t half = 1 << (weightBits - 1);

using Quad [[gnu::vector_size(16)]] = std::int32_t; // a pixel's channels, the fourth unused
using QuadBytes [[gnu::vector_size(4)]] = std::uint8_t;
using Wide [[gnu::vector_size(64)]] = std::int32_t; // 16 bytes of a row
using WideBytes [[gnu::vector_size(16)]] = std::uint8_t;

/// To 8 bits; in place, for vectors as arguments differ with the processor.
template <typename Sums>
[[gnu::always_inline]] inline void round(Sums& sums)
{
    sums = sums >> weightBits;
    sums = sums < 0 ? Sums{} : sums;
    sums = sums > 255 ? Sums{} + 255 : sums;
}

std::uint8_t rounded(std::int32_t sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> weightBits, 0, 255));
}

/// Several rows of RGB at once: their sums do not wait for each other.
template <int Rows>
struct AlongRgbRows
{
    [[gnu::always_inline]] static void run(const PixelRows<const std::uint8_t>& in,
                                           const PixelRows<std::uint8_t>& out,
                                           const ResizeWeights& weights)
    {
        for (std::int64_t x = 0; x < weights.size(); ++x) {
            const Taps taps = weights.at(x);
            Quad sums[Rows];
            for (Quad& sum : sums)
                sum = Quad{} + half;
            const std::uint8_t* pixel = in.data + 3 * taps.first;
            for (std::int64_t t = 0; t < taps.count; ++t, pixel += 3)
                for (int r = 0; r < Rows; ++r) {
                    QuadBytes bytes;
                    std::memcpy(&bytes, pixel + static_cast<std::size_t>(r) * in.stride, 4);
                    sums[r] += __builtin_convertvector(bytes, Quad) * taps.weights[t];
                }
            for (int r = 0; r < Rows; ++r) {
                round(sums[r]);
                const QuadBytes bytes = __builtin_convertvector(sums[r], QuadBytes);
                std::memcpy(out.row(r) + 3 * x, &bytes, 3);
            }
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
                    sums[k] += __builtin_convertvector(pixels, Wide) * taps.weights[t];
                }
            for (std::size_t k = 0; k < 2; ++k) {
                round(sums[k]);
                const WideBytes pixels = __builtin_convertvector(sums[k], WideBytes);
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
    constexpr int block = 4;
    std::int64_t y = 0;
    const auto from = [&] { return PixelRows<const std::uint8_t>{in.row(y), in.stride}; };
    const auto to = [&] { return PixelRows<std::uint8_t>{out.row(y), out.stride}; };
    if (channels == 3)
        for (; y + block <= rows; y += block)
            runOnProcessor<AlongRgbRows<block>>(from(), to(), weights);
    for (; y < rows; ++y)
        if (channels == 3)
            runOnProcessor<AlongRgbRows<1>>(from(), to(), weights);
        else
            alongGreyRow(in.row(y), out.row(y), weights);
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
