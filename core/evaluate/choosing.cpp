// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/choosing.h"

#include <algorithm>

#include "base/text.h"

namespace monotail {

namespace {

/// On fewer samples a class tells next to nothing.
constexpr std::int64_t fewestSamples = 2;

} // namespace

Rate classMeanOf(const std::vector<std::int32_t>& predicted,
                 const std::vector<std::int64_t>& labels, const Halves& halves, std::uint8_t half,
                 std::size_t classes)
{
    std::vector<std::int64_t> total(classes), correct(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (halves[i] != half)
            continue;
        const auto label = static_cast<std::size_t>(labels[i]);
        ++total[label];
        correct[label] += predicted[i] == labels[i] ? 1 : 0;
    }
    double sum = 0, present = 0;
    for (std::size_t c = 0; c < classes; ++c)
        if (total[c] > 0) {
            sum += static_cast<double>(correct[c]) / static_cast<double>(total[c]);
            ++present;
        }
    return present > 0 ? Rate(100 * sum / present) : std::nullopt;
}

std::size_t bestOf(const std::vector<Rate>& rates)
{
    std::size_t best = 0;
    for (std::size_t i = 1; i < rates.size(); ++i)
        if (rates[i].value_or(-1) > rates[best].value_or(-1))
            best = i;
    return best;
}

Sensitivity sensitivityOf(const std::vector<Rate>& classMeans)
{
    Sensitivity out;
    for (const Rate& mean : classMeans)
        if (mean) {
            out.best = std::max(out.best.value_or(*mean), *mean);
            out.worst = std::min(out.worst.value_or(*mean), *mean);
        }
    if (!out.best)
        return out;
    constexpr double near = 0.5 + 1e-9; // half a point itself is near
    const auto close = std::count_if(classMeans.begin(), classMeans.end(), [&](const Rate& mean) {
        return mean && *out.best - *mean <= near;
    });
    out.difference = *out.best - *out.worst;
    out.nearBest = 100 * static_cast<double>(close) / static_cast<double>(classMeans.size());
    return out;
}

std::string chosenOnValidation(const FeatureSet& validation)
{
    return message("validation features {}", validation.source);
}

std::string chosenOnHalves(const FeatureSet& data, std::uint64_t seed)
{
    return message("one half of {} (seed {}), reported on the other, and back", data.source, seed);
}

Warnings thinWarnings(const FeatureSet& features, std::size_t classes)
{
    std::vector<std::int64_t> total(classes);
    for (const std::int64_t label : features.labels)
        ++total[static_cast<std::size_t>(label)];
    const auto enough = static_cast<std::size_t>(std::count_if(
        total.begin(), total.end(), [](std::int64_t n) { return n >= fewestSamples; }));
    if (2 * enough >= classes)
        return {};
    return {
        message("{}: only {} of {} classes have {} samples or more; a value chosen on so little "
                "says little",
                features.source, enough, classes, fewestSamples)};
}

} // namespace monotail
