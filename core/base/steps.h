// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace monotail {

/// Numbers at even distances: `from`, `from` + `step`, ... up to `to`. All finite, step > 0.
struct Steps
{
    double from = 0, to = 0, step = 1;
};

/// How many steps lie between the first number and the last, with room for rounding.
double countSteps(const Steps& steps);
/// Each rounded once: decimal steps give decimal values (0.3, not 0.30000000000000004).
std::vector<double> valuesOf(const Steps& steps);

} // namespace monotail
