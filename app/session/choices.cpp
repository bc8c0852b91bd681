// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/choices.h"

#include <algorithm>
#include <cmath>

namespace monotail {

Method methodOf(const Choices& choices, MethodKind kind, const std::vector<double>& norms)
{
    Method method;
    method.kind = kind;
    method.bias = choices.bias;
    if (kind == MethodKind::Tau)
        method.parameter = choices.tau;
    else if (kind == MethodKind::MaxNorm)
        method.parameter = choices.radius > 0 ? choices.radius : medianNorm(norms);
    else if (kind == MethodKind::LogitAdjust)
        method.parameter = choices.adjustment;
    else if (kind == MethodKind::Scales) {
        method.scales = choices.manual;
        if (method.scales.size() != norms.size())
            method.scales.assign(norms.size(), 1.0);
        method.scalesSource = "manual";
    }
    return method;
}

bool sameFit(const Choices& a, const Choices& b)
{
    return a.direction == b.direction && a.ties == b.ties && a.weights == b.weights;
}

FitOptions fitOptions(const Choices& choices)
{
    FitOptions options;
    options.direction = choices.direction;
    options.ties = choices.ties;
    options.weights = choices.weights;
    return options;
}

double medianNorm(const std::vector<double>& norms)
{
    if (norms.empty())
        return 1;
    std::vector<double> sorted = norms;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    if (!(*middle > 0))
        return 1;
    const int decimals = 3 - static_cast<int>(std::floor(std::log10(*middle)));
    const double unit = std::pow(10.0, std::abs(decimals)); // an exact power, unlike its inverse
    return decimals >= 0 ? std::round(*middle * unit) / unit : std::round(*middle / unit) * unit;
}

} // namespace monotail
