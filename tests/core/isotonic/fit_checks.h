// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "isotonic/isotonic_fit.h"

namespace monotail::test {

/// A weighted sequence to fit.
struct Sequence
{
    std::vector<double> values;
    std::vector<double> weights;
};

/// Few distinct values, so that ties and exact pools happen; weights of 1 to 5.
inline Sequence smallIntegers(Random& random, std::size_t n)
{
    Sequence s;
    for (std::size_t i = 0; i < n; ++i) {
        s.values.push_back(static_cast<double>(random.below(7)) - 3);
        s.weights.push_back(static_cast<double>(1 + random.below(5)));
    }
    return s;
}

inline Sequence uniformNumbers(Random& random, std::size_t n)
{
    Sequence s;
    for (std::size_t i = 0; i < n; ++i) {
        s.values.push_back(random.uniform() * 10 - 5);
        s.weights.push_back(0.1 + random.uniform());
    }
    return s;
}

inline bool near(double a, double b, double relative = 1e-12)
{
    return std::abs(a - b) <= relative * std::max({1.0, std::abs(a), std::abs(b)});
}

/// Where two lists of blocks differ by more than rounding; empty if nowhere.
inline std::string difference(const std::vector<Block>& actual, const std::vector<Block>& expected)
{
    if (actual.size() != expected.size())
        return message("{} blocks, expected {}", actual.size(), expected.size());
    for (std::size_t b = 0; b < expected.size(); ++b) {
        const Block& one = actual[b];
        const Block& other = expected[b];
        if (one.begin != other.begin || one.end != other.end || !near(one.value, other.value) ||
            !near(one.weight, other.weight))
            return message("block {} is [{}, {}) of value {}, expected [{}, {}) of value {}", b,
                           one.begin, one.end, one.value, other.begin, other.end, other.value);
    }
    return "";
}

/// The fit by its min-max formula: fitted[i] = max over a <= i of min over b >= i of the mean of
/// [a, b]. Cubic, and shares nothing with the pooling.
inline std::vector<double> minMaxFit(const Sequence& s)
{
    const std::size_t n = s.values.size();
    std::vector<double> fitted(n, -std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t a = 0; a <= i; ++a) {
            double sum = 0, weight = 0;
            double least = std::numeric_limits<double>::infinity();
            for (std::size_t b = a; b < n; ++b) {
                sum += s.values[b] * s.weights[b];
                weight += s.weights[b];
                if (b >= i)
                    least = std::min(least, sum / weight);
            }
            fitted[i] = std::max(fitted[i], least);
        }
    return fitted;
}

/// What is wrong with the blocks as maximal runs of equal fitted value; empty if nothing is.
inline std::string faultInBlocks(const IsotonicFit& fit, const Sequence& s)
{
    std::size_t expected = 0;
    for (std::size_t b = 0; b < fit.blocks.size(); ++b) {
        const Block& block = fit.blocks[b];
        if (block.begin != expected || block.end <= block.begin)
            return message("block {} is [{}, {})", b, block.begin, block.end);
        expected = block.end;
        double weight = 0;
        for (std::size_t i = block.begin; i < block.end; ++i) {
            weight += s.weights[i];
            if (fit.fitted[i] != block.value)
                return message("fitted {} differs from its block {}", i, b);
        }
        if (!near(weight, block.weight))
            return message("block {} weighs {}, its points {}", b, block.weight, weight);
        if (b > 0 && fit.blocks[b - 1].value == block.value)
            return message("blocks {} and {} have one value", b - 1, b);
    }
    return expected == fit.fitted.size() ? "" : "the blocks do not cover the points";
}

} // namespace monotail::test
