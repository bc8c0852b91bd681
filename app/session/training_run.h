// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "retrain/run_study.h"
#include "session/compute.h"
#include "session/document.h"
#include "session/training_plan.h"

/// Training in the background, as values and functions.
namespace monotail {

using MakeTrainer =
    std::function<std::unique_ptr<HeadTrainer>(const ComputeOptions& compute, TrainingData data)>;
/// With LibTorch. Throws Error where it is not there.
std::unique_ptr<HeadTrainer> makeTorchTrainer(const ComputeOptions& compute, TrainingData data);

/// What runs are trained on, read once.
struct OpenedTraining
{
    TrainingSources sources;
    std::shared_ptr<const Document> document; ///< whose own head they start from
    RunProblem problem;
    std::shared_ptr<const HeadTrainer> trainer;
    std::shared_ptr<const Scorer> scorer;
    Warnings warnings;
};
/// Throws Error for data that do not fit the head, or each other.
std::shared_ptr<const OpenedTraining>
openTraining(const std::shared_ptr<const Document>& own, const TrainingSources& sources,
             const ComputeOptions& compute, const MakeTrainer& make, const Progress& progress);

enum class RunState { Waiting, Running, Done, Failed, Cancelled };

/// A run as the window keeps it, from the moment it was asked for.
struct KeptRun
{
    int number = 0;
    int request = 0; ///< the same for those that were started together
    Recipe recipe;
    std::optional<SweptValue> swept;
    std::shared_ptr<const OpenedTraining> on;
    RunState state = RunState::Waiting;
    QString problem;                 ///< Failed: why, as a sentence
    std::vector<EpochRecord> epochs; ///< so far; the start is the first
    int chosenEpoch = -1;            ///< Done: the one whose head it is
    /// Done. Its epochs are here above; without evaluation data it has no predictions.
    std::shared_ptr<const MeasuredRun> result;
};
inline bool isMeasured(const KeptRun& entry)
{
    return entry.result && !entry.result->predictions.predicted.empty();
}
QString runLabel(const KeptRun& entry); ///< "run 3: ce+samn"

/// One run to be done.
struct RunTask
{
    int number = 0;
    Recipe recipe;
    std::shared_ptr<const OpenedTraining> on;
    std::shared_ptr<const Document> evaluation; ///< its data, if any, have no part in training
    ShotRule groups;
    std::shared_ptr<const MeasuredRun> twin; ///< the same but for what follows training; or null
};
/// A cancellation while it is measured leaves it trained, and not measured.
std::shared_ptr<const MeasuredRun> trainAndMeasure(const RunTask& task, const EpochWatch& watch,
                                                   const Progress& progress);
/// On other data, or with other groups.
std::shared_ptr<const MeasuredRun> measuredAgain(const MeasuredRun& run, const Document& document,
                                                 const ShotRule& groups, const Scorer& scorer,
                                                 const Progress& progress);

} // namespace monotail
