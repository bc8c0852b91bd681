// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <span>

/// What is fitted, and whether float64 can hold its weighted sums.
namespace monotail::detail {

struct Input
{
    std::span<const double> values;
    std::span<const double> weights; ///< none: every weight is 1

    std::size_t size() const { return values.size(); }
    double weight(std::size_t i) const { return weights.empty() ? 1 : weights[i]; }
    Input part(std::size_t begin, std::size_t end) const
    {
        return {values.subspan(begin, end - begin),
                weights.empty() ? weights : weights.subspan(begin, end - begin)};
    }
};

/// The extremes of an input, or of a part of it.
struct Extremes
{
    double highest = 0;                                 ///< largest absolute value
    double lowest = std::numeric_limits<double>::max(); ///< smallest absolute value but 0
    double lightest = std::numeric_limits<double>::max();
    double total = 0;  ///< of the weights
    bool valid = true; ///< values are finite, weights finite and above 0; if not, the rest is void
};

Extremes extremesOf(const Input& input);
Extremes joined(const Extremes& a, const Extremes& b);

/// Which mean can hold the weighted sums: the sum itself or one that steps.
enum class Magnitudes { Ordinary, Extreme };
Magnitudes magnitudesOf(const Extremes& extremes);

/// Throws Error for input that isotonicFit's contract excludes; its first point is point `first`.
void checkSizes(std::span<const double> values, std::span<const double> weights);
void checkExtremes(const Extremes& extremes, const Input& input, std::size_t first = 0);
Magnitudes checkIsotonicInput(std::span<const double> values, std::span<const double> weights);

} // namespace monotail::detail
