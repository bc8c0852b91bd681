// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/image_flags.h"
#include "cli/problem.h"
#include "retrain/run_study.h"

/// What the verbs that train have in common: where everything comes from.
namespace monotail::cli {

/// The flag that names each source, as the sentences have it.
struct TrainingSource
{
    std::string flag;
    std::string path; ///< empty: not given
};

struct TrainingSources
{
    const std::string& checkpoint;
    TrainingSource train;
    std::vector<std::string> views;
    TrainingSource validation;
    TrainingSource test;
    const CommonFlags& common;
    const HeadFlags& head;
    ImageFlags images; ///< without the batch, which is that of training
    const CountFlags& counts;
    ShotRule groups;
};

/// Every file that is read.
std::vector<std::string> inputsOf(const TrainingSources& sources);

struct Training
{
    Problem problem;
    RunProblem run;
    std::shared_ptr<const FeatureSet> test; ///< null: none
    std::shared_ptr<const Scorer> scorer;
    Warnings warnings;
};

/// Reads everything, and refuses samples that are used for two things: training, choosing and
/// reporting each need their own.
Training loadTraining(const TrainingSources& sources);

/// On the device asked for; the features go there.
std::unique_ptr<HeadTrainer> makeTrainer(const Training& training, const CommonFlags& flags);

/// "training, seed 1 of 3, epoch 4 of 20 30 %, 0:12 left"; `unit` names what a training is one of,
/// `epochs` is what each has (0: not all the same).
Progress trainingProgress(std::int64_t trainings, int epochs, const std::string& unit);

} // namespace monotail::cli
