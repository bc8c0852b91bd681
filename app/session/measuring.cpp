// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/measuring.h"

#include <algorithm>

namespace monotail {

namespace {

bool sameEffect(const Rescaling& a, const Rescaling& b)
{
    return a.scale == b.scale && a.bias == b.bias;
}

ScoreOptions withoutTemperature()
{
    ScoreOptions options;
    options.temperature = false;
    return options;
}

void add(std::vector<Rescaling>& to, const Document& document, const ClassProfile& profile,
         const Method& method)
{
    try {
        to.push_back(rescale(*document.head, *document.classes, profile, method));
    } catch (const Error&) {
        // A method that this head does not admit has no row; choosing it says why.
    }
}

const MethodResult* findKnown(const std::vector<std::shared_ptr<const Evaluation>>& known,
                              const Rescaling& rescaling, const ShotRule& rule)
{
    for (const auto& evaluation : known)
        if (evaluation && evaluation->groups.rule == rule)
            if (const MethodResult* result = findResult(*evaluation, rescaling))
                return result;
    return nullptr;
}

} // namespace

std::shared_ptr<const LiveAccuracy> measureNow(const Document& document, const Rescaling& rescaling,
                                               const ShotGroups& groups, const LiveAccuracy* last,
                                               const Progress& progress)
{
    const std::vector<std::int64_t>& labels = document.features->labels;
    auto live = std::make_shared<LiveAccuracy>();
    live->rescaling = rescaling;
    live->groups = groups;
    Predictions after;
    after.predicted = document.scores->predict(rescaling, progress);
    const Predictions& before = document.base->beforePredictions;
    live->before = last && last->groups.rule == groups.rule
                       ? last->before // of the same document and groups
                       : measureAccuracy(before, labels, groups);
    live->after = measureAccuracy(after, labels, groups);
    live->comparison = comparePredictions(before, after, labels, groups, live->before, 0, 0);
    live->predicted = std::move(after.predicted);
    return live;
}

std::vector<Rescaling> tableRescalings(const Document& document, const ClassProfile& profile,
                                       const Choices& choices, const Rescaling& shown)
{
    std::vector<Rescaling> out;
    Choices with = choices;
    for (const MethodKind kind : {MethodKind::Samn, MethodKind::EqualNorms, MethodKind::Tau,
                                  MethodKind::MaxNorm, MethodKind::LogitAdjust}) {
        with.bias = BiasRule::Keep;
        add(out, document, profile, methodOf(with, kind, profile.norms));
        with.bias = BiasRule::Drop;
        if (profile.hasBias && (kind == MethodKind::Samn || kind == MethodKind::Tau))
            add(out, document, profile, methodOf(with, kind, profile.norms));
    }
    if (!choices.manual.empty()) {
        with.bias = choices.bias;
        add(out, document, profile, methodOf(with, MethodKind::Scales, profile.norms));
    }
    const bool there = std::any_of(out.begin(), out.end(), [&](const Rescaling& rescaling) {
        return sameEffect(rescaling, shown) && rescaling.method == shown.method;
    });
    if (!there && shown.method != "none")
        out.push_back(shown);
    return out;
}

std::shared_ptr<const Evaluation>
measureMethods(const Document& document, const std::vector<Rescaling>& rescalings,
               const ShotRule& rule, const std::vector<std::shared_ptr<const Evaluation>>& known,
               const Progress& progress)
{
    std::vector<Rescaling> missing;
    for (const Rescaling& rescaling : rescalings)
        if (!findKnown(known, rescaling, rule))
            missing.push_back(rescaling);
    const Evaluation fresh =
        evaluateHead(*document.checkpoint, *document.head, *document.classes, *document.features,
                     rule, missing, *document.scores, withoutTemperature(), progress);
    report(progress, document.features->samples(), document.features->samples()); // a last chance
    auto all = std::make_shared<Evaluation>(fresh);
    all->device = document.device.toStdString();
    all->methods.clear();
    if (document.own) { // what the checkpoint stores is of its own head
        all->stored.reset();
        all->warnings = document.base->warnings;
    }
    for (const Rescaling& rescaling : rescalings) {
        const MethodResult* result = findResult(fresh, rescaling);
        all->methods.push_back(result ? *result : *findKnown(known, rescaling, rule));
    }
    return all;
}

const MethodResult* findResult(const Evaluation& evaluation, const Rescaling& rescaling)
{
    for (const MethodResult& result : evaluation.methods)
        if (sameEffect(result.rescaling, rescaling) &&
            result.rescaling.method == rescaling.method) // the harm names its method
            return &result;
    return nullptr;
}

LiveAccuracy settledAccuracy(const Evaluation& evaluation, const MethodResult& result)
{
    return {result.rescaling,
            result.predictions.predicted,
            evaluation.before,
            result.accuracy,
            result.comparison,
            evaluation.groups,
            true,
            result.harm};
}

} // namespace monotail
