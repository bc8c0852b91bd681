// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/comparing.h"

#include "session/loading.h"

namespace monotail {

namespace {

Predictions onlyClasses(std::vector<std::int32_t> predicted)
{
    Predictions predictions;
    predictions.predicted = std::move(predicted);
    return predictions;
}

std::shared_ptr<const Document> readHeadOf(const Inputs& inputs)
{
    const Loaded loaded = readInputs(inputs);
    if (!loaded.problem.isEmpty())
        throw Error(loaded.problem.toStdString());
    return loaded.document;
}

} // namespace

std::shared_ptr<const OtherHead> readOther(const Document& document, const Inputs& inputs,
                                           const ComputeOptions& compute, const Progress& progress)
{
    Inputs whole = inputs;
    whole.counts.clear(); // a head of other classes is a plainer reason than counts that do not fit
    whole.naming = document.inputs.naming;
    const auto bare = readHeadOf(whole);
    checkSameClasses(document.inputs.checkpoint, document.head->classes(), inputs.checkpoint,
                     bare->head->classes());
    whole.counts = document.inputs.counts;
    if (whole.data.empty())
        whole.data = document.inputs.data;
    const auto read = readData(*readHeadOf(whole), compute, progress);
    checkSameSamples(*document.features, *read->features);
    return std::make_shared<OtherHead>(
        OtherHead{inputs, read->head, onlyClasses(read->base->beforePredictions.predicted),
                  read->base->warnings});
}

std::shared_ptr<const PairStudy> studyPair(const Document& document, const Sides& sides,
                                           const SideSource& before, const SideSource& after,
                                           const ShotRule& rule)
{
    const ShotGroups groups = groupClasses(document.classes->counts, rule);
    const std::vector<std::int64_t>& labels = document.features->labels;
    const auto side = [&](const SideSource& of) {
        return comparedHead(of.name, onlyClasses(of.predicted), labels, groups);
    };
    return std::make_shared<PairStudy>(PairStudy{
        sides, compareHeads(side(before), side(after), labels, groups), before.norms, after.norms});
}

} // namespace monotail
