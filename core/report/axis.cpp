// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/axis.h"

#include <algorithm>
#include <cmath>

namespace monotail {

std::vector<double> roundTicks(double low, double high, int wanted)
{
    double span = high - low;
    if (!(span > 0))
        span = std::max(std::abs(high), 1.0) * 0.1;
    const double raw = span / std::max(wanted, 1);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double lead = raw / power;
    const double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    std::vector<double> ticks;
    // Counting in whole steps keeps 0.30000000000000004 out of the labels.
    const double first = std::floor(low / step);
    const double last = std::max(std::ceil(high / step), first + 1);
    for (double k = first; k <= last && ticks.size() < 100; ++k)
        ticks.push_back(k * step);
    return ticks;
}

std::vector<double> decadeTicks(double low, double high)
{
    std::vector<double> ticks;
    const int last = static_cast<int>(std::ceil(std::log10(high) - 1e-9));
    for (int power = static_cast<int>(std::floor(std::log10(low) + 1e-9)); power <= last; ++power)
        ticks.push_back(std::pow(10.0, power));
    return ticks;
}

} // namespace monotail
