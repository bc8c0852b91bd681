// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

/// Sums of twice float64's digits (Dekker 1971, https://doi.org/10.1007/BF01397083), so that a part
/// can be taken from a long sum and keep its own digits.
namespace monotail::detail {

struct Twofold
{
    double high = 0;
    double low = 0;
};

/// high + low = a + b, exactly.
inline Twofold exactSum(double a, double b)
{
    const double sum = a + b;
    const double rest = sum - a;
    return {sum, (a - (sum - rest)) + (b - rest)};
}

/// high + low = a * b, exactly unless it is tiny.
inline Twofold exactProduct(double a, double b)
{
    const double product = a * b;
    return {product, std::fma(a, b, -product)};
}

/// To within 2^-104 of |a| + |b|.
inline Twofold operator+(const Twofold& a, const Twofold& b)
{
    const Twofold high = exactSum(a.high, b.high);
    const double low = high.low + (a.low + b.low);
    const double sum = high.high + low;
    return {sum, low - (sum - high.high)};
}

inline Twofold operator-(const Twofold& a, const Twofold& b)
{
    return a + Twofold{-b.high, -b.low};
}

/// Weighted sum and weight of points.
struct Amount
{
    Twofold sum;
    Twofold weight;

    /// Rounded once, so that equal means are equal numbers.
    double mean() const
    {
        const double near = sum.high / weight.high;
        const double rest = std::fma(-near, weight.high, sum.high) + (sum.low - near * weight.low);
        return near + rest / weight.high;
    }
};

inline Amount operator+(const Amount& a, const Amount& b)
{
    return {a.sum + b.sum, a.weight + b.weight};
}

inline Amount operator-(const Amount& a, const Amount& b)
{
    return {a.sum - b.sum, a.weight - b.weight};
}

} // namespace monotail::detail
