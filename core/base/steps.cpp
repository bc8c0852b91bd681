// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/steps.h"

#include <algorithm>
#include <cmath>

namespace monotail {

namespace {

/// The power of ten that makes whole numbers of the first value and the step; 0 if there is none.
double decimalUnit(const Steps& steps)
{
    for (double unit = 1; unit <= 1e12; unit *= 10) {
        const auto whole = [unit](double value) {
            const double scaled = value * unit;
            return std::fabs(scaled) < 1e15 &&
                   std::fabs(scaled - std::round(scaled)) <= 1e-15 * std::fabs(scaled);
        };
        if (whole(steps.from) && whole(steps.step))
            return unit;
    }
    return 0;
}

} // namespace

double countSteps(const Steps& steps)
{
    const double count = (steps.to - steps.from) / steps.step;
    return std::floor(count + 1e-9 * std::max(1.0, count));
}

std::vector<double> valuesOf(const Steps& steps)
{
    const double count = countSteps(steps);
    const double unit = decimalUnit(steps);
    std::vector<double> values;
    for (double i = 0; i <= count; ++i) {
        // Whole numbers below 2^53 are exact, so the quotient is the float64 nearest to the
        // decimal.
        const double value =
            unit > 0 ? (std::round(steps.from * unit) + i * std::round(steps.step * unit)) / unit
                     : steps.from + i * steps.step;
        if (values.empty() || value != values.back()) // a step may be lost in rounding
            values.push_back(value);
    }
    return values;
}

} // namespace monotail
