// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/full_pass.h"

#include <algorithm>
#include <limits>

#include "base/processor.h"
#include "evaluate/index/lanes.h"

namespace monotail::detail {

namespace {

constexpr float lowest = -std::numeric_limits<float>::infinity();
constexpr std::size_t blockSize = 4 * lanes;

struct Scores
{
    std::span<const float> z;
    const float* scale;
    const float* bias;

    float at(std::size_t i) const { return scale[i] * z[i] + bias[i]; }
};

/// Vectors are passed by reference alone: how else depends on the processor.
[[gnu::always_inline]] inline void scoresFrom(const Scores& scores, std::size_t begin, Lanes& out)
{
    Lanes scale, bias;
    std::memcpy(&out, scores.z.data() + begin, sizeof(out));
    std::memcpy(&scale, scores.scale + begin, sizeof(scale));
    std::memcpy(&bias, scores.bias + begin, sizeof(bias));
    out *= scale;
    out += bias;
}

struct LargestOf
{
    [[gnu::always_inline]] static float run(const Scores& scores)
    {
        Lanes best[blockSize / lanes];
        for (Lanes& some : best)
            some = Lanes{} + lowest;
        std::size_t i = 0;
        for (; i + blockSize <= scores.z.size(); i += blockSize)
            for (std::size_t part = 0; part < blockSize / lanes; ++part) {
                Lanes score;
                scoresFrom(scores, i + part * lanes, score);
                best[part] = score > best[part] ? score : best[part];
            }
        float largest = lowest;
        for (const Lanes& some : best)
            for (int lane = 0; lane < lanes; ++lane)
                largest = std::max(largest, some[lane]);
        for (; i < scores.z.size(); ++i)
            largest = std::max(largest, scores.at(i));
        return largest;
    }
};

/// Takes the lower of `best` and the classes of [begin, end) that reach the largest score.
void enterEqual(const Scores& scores, std::size_t begin, std::size_t end,
                const std::int32_t* classOf, BestClass& best)
{
    for (std::size_t i = begin; i < end; ++i)
        if (scores.at(i) == best.score && classOf[i] < best.winner) {
            best.winner = classOf[i];
            best.z = scores.z[i];
        }
}

struct AnyEqual
{
    [[gnu::always_inline]] static bool run(const Scores& scores, std::size_t begin, float largest)
    {
        Places found{};
        for (std::size_t part = 0; part < blockSize; part += lanes) {
            Lanes score;
            scoresFrom(scores, begin + part, score);
            found |= score == largest;
        }
        std::uint64_t words[sizeof(found) / sizeof(std::uint64_t)];
        std::memcpy(words, &found, sizeof(found));
        std::uint64_t any = 0;
        for (const std::uint64_t word : words)
            any |= word;
        return any != 0;
    }
};

} // namespace

BestClass bestOfAll(std::span<const float> z, const float* scale, const float* bias,
                    const std::int32_t* classOf)
{
    const Scores scores{z, scale, bias};
    BestClass best{std::numeric_limits<std::int32_t>::max(), 0, runOnProcessor<LargestOf>(scores)};
    std::size_t begin = 0;
    for (; begin + blockSize <= z.size(); begin += blockSize)
        if (runOnProcessor<AnyEqual>(scores, begin, best.score))
            enterEqual(scores, begin, begin + blockSize, classOf, best);
    enterEqual(scores, begin, z.size(), classOf, best);
    return best;
}

} // namespace monotail::detail
