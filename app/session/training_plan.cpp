// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/training_plan.h"

#include <algorithm>

#include "base/text.h"
#include "retrain/run_study.h"

namespace monotail {

namespace {

constexpr std::size_t mostRuns = 1000;

void checkFits(const Recipe& recipe, const ClassifierHead& head)
{
    checkRecipe(recipe);
    if (head.unitParts > 0 && recipe.features == FeatureForm::Raw)
        throw Error(message("{} normalises the features: train it with cosine features, or a head "
                            "of another checkpoint",
                            printable(head.source.weight)));
}

} // namespace

std::vector<PlannedRun> plannedRuns(const TrainingPlan& plan, const ClassifierHead& head)
{
    std::vector<PlannedRun> bases{{plan.recipe, std::nullopt}};
    if (!plan.sweep.empty()) {
        const TrainSweepRange range = parseTrainSweep(plan.sweep);
        if (!hasEffect(plan.recipe, range.parameter))
            throw Error(message("{} has no effect on this recipe: there is nothing to sweep",
                                range.parameter));
        bases.clear();
        for (const double value : range.values)
            bases.push_back({withHyperparameter(plan.recipe, range.parameter, value),
                             SweptValue{range.parameter, value}});
    }
    const auto seeds = static_cast<std::size_t>(std::max(plan.seeds, 1));
    if (bases.size() * seeds > mostRuns)
        throw Error(
            message("these are {} runs; start at most {} at once", bases.size() * seeds, mostRuns));
    std::vector<PlannedRun> runs;
    for (const PlannedRun& base : bases) {
        checkFits(base.recipe, head);
        for (const Recipe& recipe : withSeeds(base.recipe, static_cast<int>(seeds)))
            runs.push_back({recipe, base.swept});
    }
    return runs;
}

Warnings planWarnings(const TrainingPlan& plan, const std::string& evaluationData)
{
    Warnings warnings = recipeWarnings(plan.recipe);
    const std::string& validation = plan.sources.validation;
    if (!evaluationData.empty() && validation == evaluationData)
        warnings.push_back(message("{} chooses the epoch and is reported on: the accuracies of "
                                   "these runs are too good to be true",
                                   validation));
    if (!evaluationData.empty() && plan.sources.features == evaluationData)
        warnings.push_back(message("{} is trained on and reported on: the accuracies of these runs "
                                   "say how well it is remembered",
                                   evaluationData));
    if (!validation.empty() && validation == plan.sources.features)
        warnings.push_back(message("{} is trained on and chooses the epoch: what is remembered "
                                   "best wins",
                                   validation));
    return warnings;
}

} // namespace monotail
