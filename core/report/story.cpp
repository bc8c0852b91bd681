// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/story.h"

#include <algorithm>

#include "base/text.h"
#include "report/text.h"

namespace monotail {

namespace {

struct Confusion
{
    std::int64_t other = -1; ///< the class most often mistaken for; -1 = none
    std::int64_t samples = 0;
};

Confusion mostMistaken(const FeatureSet& features, const Predictions& predictions,
                       std::int64_t label, std::int64_t classes)
{
    std::vector<std::int64_t> counts(static_cast<std::size_t>(classes), 0);
    for (std::size_t i = 0; i < features.labels.size(); ++i)
        if (features.labels[i] == label && predictions.predicted[i] != label)
            ++counts[static_cast<std::size_t>(predictions.predicted[i])];
    const auto most = std::max_element(counts.begin(), counts.end());
    return *most == 0 ? Confusion{} : Confusion{most - counts.begin(), *most};
}

/// The few-shot class with the best recall before; -1 if there is none.
std::int64_t bestRareClass(const Evaluation& evaluation)
{
    std::int64_t best = -1;
    for (std::size_t c = 0; c < evaluation.groups.of.size(); ++c) {
        const Rate& recall = evaluation.before.perClass[c].recall;
        if (evaluation.groups.of[c] != Shot::Few || !recall)
            continue;
        if (best < 0 ||
            *recall > *evaluation.before.perClass[static_cast<std::size_t>(best)].recall)
            best = static_cast<std::int64_t>(c);
    }
    return best;
}

} // namespace

std::string tellStory(const FeatureSet& features, const ClassSet& classes,
                      const Evaluation& evaluation, const MethodResult& result)
{
    if (!evaluation.before.worstClass)
        return {};
    const std::int64_t worst = *evaluation.before.worstClass;
    const auto w = static_cast<std::size_t>(worst);
    const ClassAccuracy& before = evaluation.before.perClass[w];
    const ClassAccuracy& after = result.accuracy.perClass[w];
    std::string out = message("{} ({} training images): {} of {} recognised",
                              className(classes, worst), toGroupedText(classes.counts[w]),
                              toGroupedText(before.correct), toGroupedText(before.total));
    const Confusion taken =
        mostMistaken(features, evaluation.beforePredictions, worst, classes.size());
    if (taken.other >= 0)
        out += message("; {} are taken for {} ({} training images)", toGroupedText(taken.samples),
                       className(classes, taken.other),
                       toGroupedText(classes.counts[static_cast<std::size_t>(taken.other)]));
    out += message(".\nAfter {}: {} recognised.\n", result.rescaling.method,
                   toGroupedText(after.correct));
    const std::int64_t rare = bestRareClass(evaluation);
    if (rare >= 0 && rare != worst)
        out += message("Rare is not the same as hard: {} has {} training images and {} % are "
                       "recognised as it is.\n",
                       className(classes, rare),
                       toGroupedText(classes.counts[static_cast<std::size_t>(rare)]),
                       rateText(evaluation.before.perClass[static_cast<std::size_t>(rare)].recall));
    return out;
}

} // namespace monotail
