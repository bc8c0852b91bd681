// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/head.h"
#include "extract/image_options.h"
#include "retrain/presets.h"

/// What is to be trained, as the user has put it together.
namespace monotail {

struct TrainingSources
{
    std::string features;           ///< of the training split, as for data; empty = none yet
    std::vector<std::string> views; ///< of the same images, cropped or flipped otherwise
    std::string validation;         ///< empty: the last epoch is taken
    ImageOptions images{};          ///< how images among them become features

    bool operator==(const TrainingSources&) const = default;
};

struct TrainingPlan
{
    TrainingSources sources;
    Recipe recipe = presetNamed("ce+samn").recipe;
    int seeds = 1;     ///< so many runs, of seed, seed + 1, ...
    std::string sweep; ///< "wd:0:0.5:0.1", of each value a run; empty = none

    bool operator==(const TrainingPlan&) const = default;
};

struct SweptValue
{
    std::string parameter;
    double value = 0;

    bool operator==(const SweptValue&) const = default;
};
struct PlannedRun
{
    Recipe recipe;
    std::optional<SweptValue> swept;
};
/// In the order in which they are to run. Throws Error for recipes that are refused, for ranges
/// that cannot be read, and for more than a thousand runs.
std::vector<PlannedRun> plannedRuns(const TrainingPlan& plan, const ClassifierHead& head);

/// What is allowed and should be known: an evaluation on samples that had a part in training.
Warnings planWarnings(const TrainingPlan& plan, const std::string& evaluationData);

} // namespace monotail
