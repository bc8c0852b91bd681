// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/monotone_module.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace monotail {

namespace {

constexpr double smallest = 2e-6; ///< the published eps, added twice
constexpr double linearFrom = 20; ///< beyond it softplus is the identity, as in PyTorch

double softplus(double x)
{
    return x > linearFrom ? x : std::log1p(std::exp(x));
}

double softplusSlope(double x)
{
    return x > linearFrom ? 1 : 1 / (1 + std::exp(-x));
}

struct Pool
{
    double sum;
    double size;
    std::size_t end;

    double mean() const { return sum / size; }
};

} // namespace

std::vector<std::size_t> ascendingCounts(const std::vector<std::int64_t>& counts)
{
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
    return order;
}

std::vector<std::size_t> poolStrict(std::span<const double> values)
{
    std::vector<Pool> pools;
    pools.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        Pool next{values[i], 1, i + 1};
        while (!pools.empty() && pools.back().mean() > next.mean()) {
            next.sum += pools.back().sum;
            next.size += pools.back().size;
            pools.pop_back();
        }
        pools.push_back(next);
    }
    std::vector<std::size_t> ends;
    ends.reserve(pools.size());
    for (const Pool& pool : pools)
        ends.push_back(pool.end);
    return ends;
}

MonotoneModule::MonotoneModule(const std::vector<std::int64_t>& counts)
    : m_order(ascendingCounts(counts))
{}

MonotoneModule::Fit MonotoneModule::fit(const std::vector<double>& raw) const
{
    std::vector<double> sorted(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        sorted[i] = raw[m_order[i]];
        if (!std::isfinite(sorted[i]))
            throw Error("the raw norms are no longer finite; a lower learning rate may help");
    }
    Fit fit{poolStrict(sorted), std::vector<double>(raw.size()), std::vector<double>(raw.size())};
    std::size_t begin = 0;
    for (const std::size_t end : fit.ends) {
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i)
            sum += sorted[i];
        const double pooled = sum / static_cast<double>(end - begin);
        const double value = 1 / (softplus(pooled) + smallest);
        for (std::size_t i = begin; i < end; ++i) {
            fit.pooled[m_order[i]] = pooled;
            fit.values[m_order[i]] = value;
        }
        begin = end;
    }
    return fit;
}

std::vector<double> MonotoneModule::backward(const Fit& fit,
                                             const std::vector<double>& gradient) const
{
    std::vector<double> out(gradient.size());
    std::size_t begin = 0;
    for (const std::size_t end : fit.ends) {
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i)
            sum += gradient[m_order[i]];
        const std::size_t first = m_order[begin];
        // g = 1 / t, so dg/dp = -g^2 dt/dp.
        const double slope =
            -fit.values[first] * fit.values[first] * softplusSlope(fit.pooled[first]);
        for (std::size_t i = begin; i < end; ++i)
            out[m_order[i]] = sum / static_cast<double>(end - begin) * slope;
        begin = end;
    }
    return out;
}

} // namespace monotail
