// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/evaluation.h"

#include <cmath>

#include "base/text.h"
#include "checkpoint/provenance.h"

namespace monotail {

namespace {

Warnings checkReading(const Evaluation& evaluation, const Checkpoint& checkpoint,
                      const ClassifierHead& head)
{
    Warnings warnings;
    const bool missed = evaluation.witness && !evaluation.witness->holds;
    const bool gap = evaluation.stored && evaluation.before.top1 &&
                     std::abs(*evaluation.before.top1 - evaluation.stored->percent) > 0.1;
    if (!missed && !gap)
        return warnings;
    if (const auto change = changeOf(checkpoint, head)) {
        warnings.push_back(message("{} was {}: stored accuracies and logits are those of the head "
                                   "before",
                                   checkpoint.path.string(), *change));
        return warnings;
    }
    if (missed)
        warnings.push_back(
            message("the model's own logits are not W f + b of {}: largest error {} of "
                    "their scale; likely cause: {}",
                    head.source.weight, toText(evaluation.witness->maxError, 4),
                    evaluation.witness->cause));
    if (gap)
        warnings.push_back(message(
            "the checkpoint stores {} = {} %, measured {} %: check the split, the head, the crop, "
            "flip averaging, and whether the stored figure is of another epoch",
            evaluation.stored->name, toText(evaluation.stored->percent, 2),
            toText(*evaluation.before.top1, 2)));
    return warnings;
}

void append(Warnings& to, const Warnings& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

/// One sentence a method, with what it buys at that price.
std::string harmOf(const MethodResult& result)
{
    const Warnings found = harms(result.comparison);
    if (found.empty())
        return {};
    std::string text = message("{} hurts: {}", result.rescaling.method, joined(found, "; "));
    std::vector<std::string> gains;
    const auto add = [&](const char* what, const std::optional<Change>& change) {
        if (change && change->low > 0)
            gains.push_back(message("{} by {}", what, toText(change->difference, 1)));
    };
    add("class-mean", result.comparison.classMean);
    add("many-shot", result.comparison.groups[0]);
    add("medium-shot", result.comparison.groups[1]);
    add("few-shot", result.comparison.groups[2]);
    if (!gains.empty())
        text += message("; what rises: {}", joined(gains, ", "));
    return text;
}

MethodResult measure(const Rescaling& rescaling, Predictions predictions, const Evaluation& before,
                     const FeatureSet& features, std::uint64_t seed)
{
    MethodResult result{rescaling, std::move(predictions), {}, {}, {}};
    result.accuracy = measureAccuracy(result.predictions, features.labels, before.groups);
    result.comparison = comparePredictions(before.beforePredictions, result.predictions,
                                           features.labels, before.groups, before.before, seed);
    result.harm = harmOf(result);
    return result;
}

} // namespace

Warnings originWarnings(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const ClassSet& classes, const FeatureSet& features)
{
    Warnings warnings = features.warnings;
    const FeatureOrigin& origin = features.origin;
    if (!origin.backboneDigest.empty() &&
        origin.backboneDigest != backboneDigest(checkpoint, head.source))
        warnings.push_back(message("{} was extracted with another backbone than that of {}: the "
                                   "accuracies below mean nothing unless the two are the same",
                                   features.source, checkpoint.path.string()));
    const bool isNamedAlike = origin.classes == classes.names || origin.classes == classes.ids;
    if (!origin.classes.empty() && !classes.namesSource.empty() && !isNamedAlike)
        warnings.push_back(
            message("{} and {} name the classes differently: check that both use the "
                    "same class order",
                    features.source, classes.namesSource));
    if (origin.split == "train")
        warnings.push_back(message("{} holds the training split: the accuracies say how well it is "
                                   "remembered, not how well the classifier works",
                                   features.source));
    return warnings;
}

Warnings readingWarnings(const Checkpoint& checkpoint, const ClassifierHead& head,
                         const ClassSet& classes, const FeatureSet& features, const Scorer& scorer,
                         SampleUse use, const Progress& progress)
{
    ScoreOptions plain;
    plain.temperature = false;
    const ScoreResult scores =
        predictAll(features, head, {unchanged(head)}, scorer, plain, progress);
    Evaluation found;
    found.witness = scores.witness;
    if (use == SampleUse::Reported) {
        found.stored = storedAccuracy(checkpoint);
        found.before = measureAccuracy(scores.methods.front(), features.labels,
                                       groupClasses(classes.counts, {}));
    }
    Warnings warnings = originWarnings(checkpoint, head, classes, features);
    append(warnings, checkReading(found, checkpoint, head));
    return warnings;
}

Evaluation evaluateHead(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const ClassSet& classes, const FeatureSet& features, const ShotRule& rule,
                        const std::vector<Rescaling>& rescalings, const Scorer& scorer,
                        const ScoreOptions& options, const Progress& progress)
{
    checkFeatures(features, head.classes(), head.features(), checkpoint.path.string());
    std::vector<Rescaling> all{unchanged(head)};
    all.insert(all.end(), rescalings.begin(), rescalings.end());
    ScoreResult scores = predictAll(features, head, all, scorer, options, progress);

    Evaluation out;
    out.groups = groupClasses(classes.counts, rule);
    out.negativeOwnShare = std::move(scores.negativeOwnShare);
    out.witness = scores.witness;
    out.stored = storedAccuracy(checkpoint);
    out.split = features.origin.split;
    out.samples = features.samples();
    out.device = scores.device;
    out.beforePredictions = std::move(scores.methods.front());
    out.before = measureAccuracy(out.beforePredictions, features.labels, out.groups);
    out.warnings = originWarnings(checkpoint, head, classes, features);
    append(out.warnings, checkReading(out, checkpoint, head));
    for (std::size_t i = 0; i < rescalings.size(); ++i) {
        report(progress, out.samples, out.samples); // intervals take their time, too
        out.methods.push_back(
            measure(rescalings[i], std::move(scores.methods[i + 1]), out, features, options.seed));
        append(out.warnings, rescalings[i].warnings);
    }
    return out;
}

const MethodResult& shownMethod(const Evaluation& evaluation)
{
    for (const MethodResult& result : evaluation.methods)
        if (result.rescaling.method != "none")
            return result;
    return evaluation.methods.front();
}

Warnings allWarnings(const Evaluation& evaluation)
{
    Warnings out = evaluation.warnings;
    for (const MethodResult& result : evaluation.methods)
        if (!result.harm.empty())
            out.push_back(result.harm);
    return out;
}

} // namespace monotail
