// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace monotail {

struct Interval
{
    double low = 0;
    double high = 0;
};

/// Wilson's score interval for a proportion, 95 %, as fractions of 1. `total` > 0.
Interval wilson(std::int64_t successes, std::int64_t total);

/// McNemar's exact two-sided p-value for `gained` against `lost` paired changes; 1 when none.
double mcnemarExact(std::int64_t gained, std::int64_t lost);

/// Benjamini-Hochberg adjusted p-values, in the order of the input.
std::vector<double> benjaminiHochberg(const std::vector<double>& p);

} // namespace monotail
