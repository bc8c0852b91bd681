// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/resize_weights.h"

#include <algorithm>
#include <cmath>

namespace monotail {

namespace {

double weightAt(double x, ResizeFilter filter)
{
    x = std::abs(x);
    if (filter == ResizeFilter::Bilinear)
        return x < 1 ? 1 - x : 0;
    constexpr double a = -0.5;
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2)
        return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

std::int32_t fixed(double weight)
{
    return static_cast<std::int32_t>(weight * (1 << weightBits) + (weight < 0 ? -0.5 : 0.5));
}

} // namespace

ResizeWeights resizeWeights(const ResizeAxis& axis)
{
    const double scale = static_cast<double>(axis.in) / static_cast<double>(axis.out);
    const double widening = std::max(scale, 1.0);
    const double inverse = 1 / widening;
    const double support = (axis.filter == ResizeFilter::Bilinear ? 1 : 2) * widening;
    const auto count = static_cast<std::size_t>(axis.count);
    ResizeWeights weights;
    weights.first.resize(count);
    weights.counts.resize(count);
    weights.stride = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
    weights.values.resize(weights.stride * count);
    std::vector<double> exact(weights.stride);
    for (std::size_t i = 0; i < count; ++i) {
        const double position = static_cast<double>(axis.from) + static_cast<double>(i);
        const double centre = (position + 0.5) * scale;
        const auto first =
            std::max<std::int64_t>(static_cast<std::int64_t>(centre - support + 0.5), 0);
        const auto end = std::min(static_cast<std::int64_t>(centre + support + 0.5), axis.in);
        weights.first[i] = first;
        weights.counts[i] = end - first;
        double sum = 0;
        for (std::int64_t k = first; k < end; ++k) {
            const double weight =
                weightAt((static_cast<double>(k) - centre + 0.5) * inverse, axis.filter);
            exact[static_cast<std::size_t>(k - first)] = weight;
            sum += weight;
        }
        std::int32_t* values = weights.values.data() + i * weights.stride;
        for (std::int64_t k = 0; k < end - first; ++k)
            values[k] = fixed(exact[static_cast<std::size_t>(k)] / (sum != 0 ? sum : 1));
    }
    return weights;
}

} // namespace monotail
