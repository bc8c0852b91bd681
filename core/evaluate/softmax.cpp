// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/softmax.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace monotail {

namespace {

/// Exponentials are taken and summed in float over this many classes, too few for the rounding to
/// show; the chunks' sums are added in double.
constexpr int chunk = 256;
using Chunk = Eigen::Array<float, Eigen::Dynamic, 1, Eigen::ColMajor, chunk, 1>;

/// exp(x) for -87 <= x <= 0, within 2e-7 of it. Without calls and branches, so that a loop over it
/// becomes vector code. x = n ln 2 + r with |r| <= ln 2 / 2, and Taylor's series for exp(r).
[[gnu::always_inline]] inline float exponential(float x)
{
    constexpr float ln2High = 355.0f / 512; // so short that n * ln2High is exact
    constexpr float ln2Low = -2.12194440e-4f;
    constexpr float roundToInteger = 12582912; // 1.5 * 2^23: adding it leaves no bits for fractions
    const float shifted = x * 1.44269504f + roundToInteger;
    const float n = shifted - roundToInteger;
    const float r = (x - n * ln2High) - n * ln2Low;
    float series = 1.0f / 5040;
    series = series * r + 1.0f / 720;
    series = series * r + 1.0f / 120;
    series = series * r + 1.0f / 24;
    series = series * r + 1.0f / 6;
    series = series * r + 0.5f;
    series = series * r + 1;
    series = series * r + 1;
    const std::uint32_t integer = std::bit_cast<std::uint32_t>(shifted) - 0x4b400000u;
    const float power = std::bit_cast<float>((integer + 127u) << 23);
    return series * power;
}

[[gnu::always_inline]] inline void replaceByExponentials(float* x, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        x[i] = exponential(x[i]);
}

using Replace = void (*)(float*, std::size_t);

void replacePlainly(float* x, std::size_t size)
{
    replaceByExponentials(x, size);
}

#if defined(__x86_64__)
/// Wider vectors, the same operations on each number: the same bits.
[[gnu::target("avx2")]] void replaceByAvx2(float* x, std::size_t size)
{
    replaceByExponentials(x, size);
}

Replace fastestReplace()
{
    return __builtin_cpu_supports("avx2") ? replaceByAvx2 : replacePlainly;
}
#else
Replace fastestReplace()
{
    return replacePlainly;
}
#endif

/// exp(x) for x <= 0; exp(-87) = 1.6e-38 below -87, nothing beside the largest class's 1.
Chunk exponentials(Chunk x)
{
    static const Replace replace = fastestReplace();
    x = x.max(-87.0f);
    replace(x.data(), static_cast<std::size_t>(x.size()));
    return x;
}

/// Calls add(chunk of score less largest). Distances so far below that they weigh nothing at any
/// beta in use are cut: their squares stay finite.
template <typename Add>
void forChunks(const ScoreRow& scores, const Add& add)
{
    const float largest = scores.maxCoeff();
    for (Eigen::Index at = 0; at < scores.size(); at += chunk) {
        const Eigen::Index size = std::min<Eigen::Index>(chunk, scores.size() - at);
        add(Chunk((scores.segment(at, size) - largest).max(-1e9f)));
    }
}

} // namespace

SoftmaxMoments softmaxMoments(const ScoreRow& scores, float beta)
{
    SoftmaxMoments moments;
    forChunks(scores, [&](const Chunk& distance) {
        const Chunk share = exponentials(distance * beta);
        moments.sum += static_cast<double>(share.sum());
        moments.first += static_cast<double>((share * distance).sum());
        moments.second += static_cast<double>((share * distance.square()).sum());
    });
    return moments;
}

float bestProbability(const ScoreRow& scores, float beta)
{
    double sum = 0;
    forChunks(scores, [&](const Chunk& distance) {
        sum += static_cast<double>(exponentials(distance * beta).sum());
    });
    return static_cast<float>(1 / sum);
}

} // namespace monotail
