// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace monotail {

namespace {

/// log of C(n, k), k <= n, as a sum of logs of moderate ratios: no factorial overflows, and unlike
/// lgamma nothing global is written.
double logChoose(std::int64_t n, std::int64_t k)
{
    double sum = 0;
    for (std::int64_t i = 1; i <= k; ++i)
        sum += std::log(static_cast<double>(n - k + i) / static_cast<double>(i));
    return sum;
}

} // namespace

Interval wilson(std::int64_t successes, std::int64_t total)
{
    constexpr double z = 1.959963984540054; // the normal distribution's 97.5 % quantile
    const double n = static_cast<double>(total);
    const double share = static_cast<double>(successes) / n;
    const double width = 1 + z * z / n;
    const double centre = (share + z * z / (2 * n)) / width;
    const double reach = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / width;
    // At the ends the formula gives exactly 0 and 1 but for rounding.
    return {successes == 0 ? 0 : std::max(0.0, centre - reach),
            successes == total ? 1 : std::min(1.0, centre + reach)};
}

double mcnemarExact(std::int64_t gained, std::int64_t lost)
{
    const std::int64_t n = gained + lost;
    const std::int64_t k = std::min(gained, lost);
    // Terms C(n, j) / C(n, k) for j = k down to 0: they shrink, so the tail may be dropped.
    double sum = 0;
    double term = 1;
    for (std::int64_t j = k; j >= 0 && term > sum * 1e-17; --j) {
        sum += term;
        term *= static_cast<double>(j) / static_cast<double>(n - j + 1);
    }
    const double logTail = logChoose(n, k) - static_cast<double>(n) * std::log(2.0) + std::log(sum);
    return std::min(1.0, 2 * std::exp(logTail));
}

std::vector<double> benjaminiHochberg(const std::vector<double>& p)
{
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> adjusted(p.size());
    double least = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
        const double stepped =
            p[order[rank - 1]] * static_cast<double>(p.size()) / static_cast<double>(rank);
        least = std::min(least, stepped);
        adjusted[order[rank - 1]] = least;
    }
    return adjusted;
}

} // namespace monotail
