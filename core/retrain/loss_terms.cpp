// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/loss_terms.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace monotail {

namespace {

double imagesOf(std::int64_t count)
{
    return std::max(static_cast<double>(count), 0.5);
}

/// tau * log n_c, less its mean over the classes: a constant changes no softmax, and small numbers
/// keep the precision of float32. log n_c and log pi_c differ by a constant only.
std::vector<double> logCounts(const std::vector<std::int64_t>& counts, double tau)
{
    std::vector<double> out;
    for (const std::int64_t count : counts)
        out.push_back(tau * std::log(imagesOf(count)));
    const double mean =
        std::accumulate(out.begin(), out.end(), 0.0) / static_cast<double>(out.size());
    for (double& value : out)
        value -= mean;
    return out;
}

/// (1 - beta) / (1 - beta^n), scaled to sum C. Through expm1: beta^n is near 1 for beta near 1.
std::vector<double> balancedWeights(const std::vector<std::int64_t>& counts, double beta)
{
    std::vector<double> out;
    for (const std::int64_t count : counts)
        out.push_back(beta > 0 ? (1 - beta) / -std::expm1(imagesOf(count) * std::log(beta)) : 1);
    const double sum = std::accumulate(out.begin(), out.end(), 0.0);
    for (double& value : out)
        value *= static_cast<double>(out.size()) / sum;
    return out;
}

/// u from 0 for the rarest class to 1 for the most frequent; all 0 where counts are equal.
double smoothingAt(double u, const Recipe& recipe)
{
    const double head = recipe.smoothHead, tail = recipe.smoothTail;
    constexpr double quarter = std::numbers::pi / 2;
    switch (recipe.smoothShape) {
    case SmoothingShape::Concave:
        return tail + (head - tail) * std::sin(quarter * u);
    case SmoothingShape::Linear:
        return tail + (head - tail) * u;
    case SmoothingShape::Convex:
        return head + (head - tail) * std::sin(quarter * (3 + u));
    }
    return tail;
}

std::vector<double> smoothing(const std::vector<std::int64_t>& counts, const Recipe& recipe)
{
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    const double range = static_cast<double>(*most - *least);
    std::vector<double> out;
    for (const std::int64_t count : counts)
        // Rounded as the published code has it, so that its losses are met to the last digits.
        out.push_back(static_cast<float>(
            smoothingAt(range > 0 ? static_cast<double>(count - *least) / range : 0, recipe)));
    return out;
}

} // namespace

LossTerms lossTerms(const Recipe& recipe, const ClassSet& classes)
{
    switch (recipe.loss) {
    case LossKind::CrossEntropy:
        return {};
    case LossKind::ClassBalanced:
        return {{}, {}, balancedWeights(classes.counts, recipe.beta)};
    case LossKind::BalancedSoftmax:
        return {logCounts(classes.counts, 1), {}, {}};
    case LossKind::LogitAdjust:
        return {logCounts(classes.counts, recipe.tau), {}, {}};
    case LossKind::LabelAwareSmoothing:
        return {{}, smoothing(classes.counts, recipe), {}};
    }
    return {};
}

} // namespace monotail
