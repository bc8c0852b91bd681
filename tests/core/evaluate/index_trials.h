// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/random.h"

/// Scores, scales and biases on which a search for the winning class could go wrong.
namespace monotail::test {

enum class MadeScores { Noise, Negative, Steps, Equal, Zero, Tiny, Peaked, Last };

inline RowMatrix madeScores(MadeScores kind, std::int64_t samples, std::int64_t classes,
                            Random& random)
{
    RowMatrix z(samples, classes);
    for (Eigen::Index i = 0; i < samples; ++i)
        for (Eigen::Index c = 0; c < classes; ++c) {
            const auto value = static_cast<float>(8 * random.uniform() - 4);
            switch (kind) {
            case MadeScores::Noise:
                z(i, c) = value;
                break;
            case MadeScores::Negative:
                z(i, c) = -std::abs(value) - 0.1F;
                break;
            case MadeScores::Steps:
                z(i, c) = std::round(value);
                break; // ties everywhere
            case MadeScores::Equal:
                z(i, c) = 1.25F;
                break;
            case MadeScores::Zero:
                z(i, c) = c % 2 == 0 ? 0.0F : -0.0F;
                break;
            case MadeScores::Tiny:
                z(i, c) = value * 1e-40F;
                break; // denormal
            case MadeScores::Peaked:
                z(i, c) = c == i % classes ? 9.0F : 0.1F * value;
                break;
            case MadeScores::Last:
                z(i, c) = c + 1 == classes ? 4.0F : std::round(value);
                break;
            }
        }
    return z;
}
inline constexpr int madeScoreKinds = 8;

struct Trial
{
    std::string name;
    std::vector<float> scale, bias;
};

inline float between(Random& random, double low, double high)
{
    return static_cast<float>(low + (high - low) * random.uniform());
}

/// One (scale, bias) per call; `round` walks through the kinds.
inline Trial makeTrial(int round, std::size_t classes, Random& random)
{
    Trial trial{"", std::vector<float>(classes, 1), std::vector<float>(classes, 0)};
    const auto each = [&](auto set) {
        for (std::size_t c = 0; c < classes; ++c)
            set(trial.scale[c], trial.bias[c]);
    };
    switch (round % 12) {
    case 0:
        trial.name = "unchanged";
        break;
    case 1:
        trial.name = "random";
        each([&](float& s, float& b) { s = between(random, 0.5, 2), b = between(random, -1, 1); });
        break;
    case 2:
        trial.name = "any sign";
        each([&](float& s, float& b) { s = between(random, -2, 2), b = between(random, -1, 1); });
        break;
    case 3:
        trial.name = "all negative";
        each([&](float& s, float&) { s = between(random, -2, -0.5); });
        break;
    case 4:
        trial.name = "zero scales";
        each([&](float& s, float& b) { s = 0, b = std::round(between(random, -2, 2)); });
        break;
    case 5:
        trial.name = "some zero scales";
        each([&](float& s, float&) { s = random.below(3) == 0 ? -0.0F : 1.0F; });
        break;
    case 6:
        trial.name = "biases that swallow the scores";
        each([&](float& s, float& b) {
            s = between(random, 0.5, 2), b = 1e8F + static_cast<float>(8 * random.below(3));
        });
        break;
    case 7:
        trial.name = "scales over forty magnitudes";
        each([&](float& s, float&) {
            s = static_cast<float>(std::pow(10.0, 40 * random.uniform() - 20));
        });
        break;
    case 8:
        trial.name = "near the largest float";
        each([&](float& s, float& b) { s = between(random, 1e36, 3e37), b = 1e37F; });
        break;
    case 9:
        trial.name = "one class for all";
        trial.scale[random.below(classes)] = between(random, 5, 50);
        break;
    case 10:
        trial.name = "few classes";
        for (int i = 0; i < 3; ++i)
            trial.scale[random.below(classes)] = between(random, 0.25, 1.5);
        break;
    default:
        trial.name = "logit adjustment";
        each([&](float&, float& b) { b = between(random, 0, 7); });
        break;
    }
    return trial;
}

} // namespace monotail::test
