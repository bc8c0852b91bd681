// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "report/json.h"
#include "session/training_plan.h"

namespace monotail {

/// What is to be trained, as session files keep it; the runs are not kept.
Json trainingJson(const TrainingPlan& plan, const std::filesystem::path& folder);

struct SavedTraining
{
    TrainingPlan plan;
    Warnings changed; ///< files that are not as they were
};
/// Throws Error, or what the JSON library throws, for what trainingJson() does not write.
SavedTraining readTrainingJson(const Json& json, const std::filesystem::path& folder);

} // namespace monotail
