// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

/// Two ways to pool weighted means. In both, equal values stay exactly equal.
namespace monotail::detail {

/// A mean and the weighted sum behind it: sums of whole numbers are exact, so that equal means come
/// out equal however their points were pooled.
struct SumMean
{
    double value = 0;
    double weight = 0;
    double sum = 0;

    static SumMean point(double value, double weight) { return {value, weight, value * weight}; }
};

inline SumMean pooled(const SumMean& left, const SumMean& right)
{
    const double weight = left.weight + right.weight;
    const double sum = left.sum + right.sum;
    return {left.value == right.value ? left.value : sum / weight, weight, sum};
}

/// A mean alone, for magnitudes whose weighted sums would overflow or vanish. Steps from the
/// heavier value by at most half the gap.
struct StepMean
{
    double value = 0;
    double weight = 0;

    static StepMean point(double value, double weight) { return {value, weight}; }
};

inline StepMean pooled(const StepMean& left, const StepMean& right)
{
    const bool leftLight = left.weight < right.weight;
    const StepMean light = leftLight ? left : right;
    const StepMean heavy = leftLight ? right : left;
    const double weight = left.weight + right.weight;
    const double share = light.weight / weight;
    const double gap = light.value - heavy.value;
    const double step =
        std::isfinite(gap) ? gap * share : light.value * share - heavy.value * share;
    return {heavy.value + step, weight};
}

} // namespace monotail::detail
