// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/head_decision.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/stored_accuracy.h"
#include "evaluate/predictions.h"

namespace monotail {

namespace {

constexpr std::size_t mostTried = 6;
constexpr double reached = 0.05; ///< percent points: stored figures are often rounded to 0.1

/// The candidates that could have made the stored accuracy on these features.
std::vector<HeadCandidate> fitting(const Checkpoint& checkpoint, const HeadQuery& query,
                                   const FeatureSet& features)
{
    const std::int64_t largest =
        features.labels.empty() ? 0
                                : *std::max_element(features.labels.begin(), features.labels.end());
    std::vector<HeadCandidate> heads;
    for (const HeadCandidate& head : findHeads(checkpoint, query).candidates)
        if (head.features == features.features->width() && largest < head.classes &&
            head.kind != HeadKind::SampleDependent && !isAveraged(head.weight) &&
            heads.size() < mostTried)
            heads.push_back(head);
    return heads;
}

/// Nothing if the head cannot be read or scored: then it is not the one.
std::optional<double> topOne(const Checkpoint& checkpoint, const HeadCandidate& candidate,
                             const FeatureSet& features, const Scorer& scorer,
                             const Progress& progress)
{
    try {
        const ClassifierHead head = readHead(checkpoint, candidate);
        const auto classes = static_cast<std::size_t>(head.classes());
        const Rescaling none{
            "none", std::vector<double>(classes, 1.0), {head.bias.begin(), head.bias.end()}, {}};
        ScoreOptions options;
        options.temperature = false;
        const ScoreResult scores = predictAll(features, head, {none}, scorer, options, progress);
        std::int64_t right = 0;
        for (std::size_t i = 0; i < features.labels.size(); ++i)
            right += scores.methods[0].predicted[i] == features.labels[i] ? 1 : 0;
        return 100 * static_cast<double>(right) / static_cast<double>(features.samples());
    } catch (const Error&) {
        return {};
    }
}

} // namespace

std::optional<HeadCandidate> headByAccuracy(const Checkpoint& checkpoint, const HeadQuery& query,
                                            const FeatureSet& features, const Scorer& scorer,
                                            const Progress& progress)
{
    const auto stored = storedAccuracy(checkpoint);
    if (!query.name.empty() || !stored || features.samples() == 0)
        return {};
    const std::vector<HeadCandidate> heads = fitting(checkpoint, query, features);
    if (heads.size() < 2)
        return {};
    std::optional<HeadCandidate> chosen;
    std::vector<std::string> others;
    for (const HeadCandidate& head : heads) {
        const auto percent = topOne(checkpoint, head, features, scorer, progress);
        const bool isIt = percent && std::abs(*percent - stored->percent) <= reached;
        if (isIt && chosen)
            return {};
        if (isIt)
            chosen = head;
        else if (percent)
            others.push_back(message("{} {} %", printable(head.weight), toText(*percent, 2)));
    }
    if (chosen)
        chosen->reason += message("; on the data it reaches the stored {} = {} %, unlike {}",
                                  printable(stored->name), toText(stored->percent, 2),
                                  others.empty() ? "the others" : joined(others, ", "));
    return chosen;
}

} // namespace monotail
