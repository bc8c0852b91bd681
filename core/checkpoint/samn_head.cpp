// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/samn_head.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/head_tensors.h"
#include "isotonic/isotonic_fit.h"

namespace monotail {

namespace {

constexpr double smallest = 1e-6;     ///< the published eps, added twice
constexpr double shortestRow = 1e-12; ///< as torch.nn.functional.normalize has it
constexpr double linearFrom = 20;     ///< beyond it softplus is the identity, as in PyTorch

double softplus(double x)
{
    return x > linearFrom ? x : std::log1p(std::exp(x));
}

/// Classes by ascending count, equal counts in class order.
std::vector<std::size_t> byCount(const std::vector<double>& counts)
{
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
    return order;
}

/// The order that the module keeps: its forward pass uses the stored one, not the counts.
std::vector<std::size_t> orderOf(const Checkpoint& checkpoint, const std::string& module,
                                 std::int64_t classes)
{
    if (!checkpoint.find(module + ".perm"))
        return byCount(numbersOf(checkpoint, module + ".class_counts", classes));
    std::vector<std::size_t> order;
    std::vector<bool> seen(static_cast<std::size_t>(classes), false);
    for (const double place : numbersOf(checkpoint, module + ".perm", classes)) {
        const bool isClass = place >= 0 && place < static_cast<double>(classes) &&
                             place == std::floor(place) && !seen[static_cast<std::size_t>(place)];
        if (!isClass)
            throw Error(message("{}: {}.perm is no order of the {} classes; the file is damaged",
                                checkpoint.path.string(), printable(module), classes));
        order.push_back(static_cast<std::size_t>(place));
        seen[order.back()] = true;
    }
    return order;
}

struct Module
{
    std::vector<double> raw; ///< in class order
    std::vector<std::size_t> order;
};

Module readModule(const Checkpoint& checkpoint, const std::string& module, std::int64_t classes)
{
    std::vector<double> raw = numbersOf(checkpoint, module + ".raw", classes);
    checkFinite(checkpoint, module + ".raw", raw, classes, "raw norm");
    return {std::move(raw), orderOf(checkpoint, module, classes)};
}

std::string moduleOf(const HeadCandidate& head, std::string_view name)
{
    return std::string(parentOf(head.weight)) + "." + std::string(name);
}

std::vector<double> biasOf(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    if (head.bias.empty())
        return std::vector<double>(static_cast<std::size_t>(head.classes), 0.0);
    return numbersOf(checkpoint, head.bias, head.classes);
}

/// One monotone module: per class 1 / (softplus(PAVA(raw in order)) + eps).
std::vector<double> monotone(const Checkpoint& checkpoint, const std::string& module,
                             std::int64_t classes)
{
    const auto [raw, order] = readModule(checkpoint, module, classes);
    std::vector<double> sorted;
    for (const std::size_t c : order)
        sorted.push_back(raw[c]);
    const std::vector<double> ones(sorted.size(), 1.0);
    const IsotonicFit fit = isotonicFit(sorted, ones, Monotone::NonDecreasing);
    std::vector<double> out(raw.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        out[order[i]] = 1 / (softplus(fit.fitted[i]) + 2 * smallest);
    return out;
}

} // namespace

FoldedHead foldSamnHead(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    const auto features = static_cast<std::size_t>(head.features);
    const std::vector<double> g = monotone(checkpoint, moduleOf(head, "fix_norms_w"), head.classes);
    const std::vector<double> h = monotone(checkpoint, moduleOf(head, "fix_norms_b"), head.classes);
    FoldedHead folded;
    folded.weight = numbersOf(checkpoint, head.weight, head.classes * head.features);
    folded.bias = biasOf(checkpoint, head);
    for (std::size_t c = 0; c < g.size(); ++c) {
        double* row = folded.weight.data() + c * features;
        const double length = std::sqrt(std::inner_product(row, row + features, row, 0.0));
        const double scale = std::exp(g[c]) / std::max(length, shortestRow);
        std::for_each(row, row + features, [&](double& value) { value *= scale; });
        folded.norms.push_back(length * scale);
        folded.bias[c] += std::exp(h[c]);
    }
    return folded;
}

SamnRaw readSamnRaw(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    if (head.kind != HeadKind::Samn)
        throw Error(message("{}: {} is no SAMN head but {}, so it has no raw norms to go on from",
                            checkpoint.path.string(), printable(head.weight), nameOf(head.kind)));
    Module norms = readModule(checkpoint, moduleOf(head, "fix_norms_w"), head.classes);
    Module biases = readModule(checkpoint, moduleOf(head, "fix_norms_b"), head.classes);
    if (norms.order != biases.order)
        throw Error(message("{}: the modules fix_norms_w and fix_norms_b beside {} order the "
                            "classes differently; the file is damaged",
                            checkpoint.path.string(), printable(head.weight)));
    const std::vector<double> weight =
        numbersOf(checkpoint, head.weight, head.classes * head.features);
    checkFinite(checkpoint, head.weight, weight, head.classes, "weight");
    SamnRaw out;
    out.weight = Eigen::Map<const RowMatrixD>(weight.data(), head.classes, head.features);
    out.bias = biasOf(checkpoint, head);
    checkFinite(checkpoint, head.bias, out.bias, head.classes, "bias");
    out.rawNorm = std::move(norms.raw);
    out.rawBias = std::move(biases.raw);
    out.order = std::move(norms.order);
    return out;
}

} // namespace monotail
