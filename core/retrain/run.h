// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/accuracy.h"
#include "evaluate/scorer.h"
#include "isotonic/isotonic_fit.h"
#include "retrain/trainer.h"

/// A training run from its recipe to the head it chose, with everything a person wants to see of
/// it.
namespace monotail {

/// Only what a curve shows: no top-5, no calibration.
struct CurvePoint
{
    Rate top1, classMean;
    std::array<Rate, 3> groups; ///< many, medium, few
};

struct EpochRecord
{
    int epoch = 0;                        ///< 0 = the start
    std::optional<double> loss;           ///< mean over the epoch's samples; n/a for the start
    std::optional<double> rate;           ///< n/a for the start
    std::optional<CurvePoint> validation; ///< n/a without validation samples
    std::vector<double> norms;            ///< C, of the folded rows
    std::vector<double> raw;              ///< C, SAMN's raw behind the norms; else empty
    std::vector<double> pooledRaw;        ///< C, the same after PAVA: what the norms come from
    /// Runs of equal pooled raw (SAMN), or of the monotone norms closest to the norms; in ranks, 0
    /// = most frequent and equal counts in class order, with the value in that space.
    std::vector<Block> blocks;
};

struct Run
{
    int number = 0; ///< that people call it by; given by who keeps it
    Recipe recipe;
    std::vector<EpochRecord> epochs; ///< the start and each epoch
    int chosenEpoch = 0;
    std::string chosenBy; ///< "class-mean accuracy on VALIDATION", "last epoch" or "no training"
    HeadState state;      ///< of the chosen epoch
    std::shared_ptr<const ClassifierHead>
        head;                ///< of the chosen epoch, folded; before `afterwards`
    std::string trainedOn;   ///< the training features, and how many views
    std::string validatedOn; ///< empty: on none
    double seconds = 0;      ///< of training, validation left out
    std::string device;
    int threads = 0;
    Warnings warnings;

    const EpochRecord& chosen() const { return epochs[static_cast<std::size_t>(chosenEpoch)]; }
};

struct RunProblem
{
    std::shared_ptr<const ClassifierHead> head; ///< to start from
    std::shared_ptr<const ClassSet> classes;
    TrainingData data;
    std::shared_ptr<const FeatureSet> validation; ///< null: the last epoch is taken
    ShotRule groups;
};

/// Called from the training thread after each epoch, the start among them.
using EpochWatch = std::function<void(const EpochRecord&)>;

/// Trains, validates and chooses: the epoch with the best class-mean accuracy on the validation
/// samples (of equal ones the first; the start does not stand for election), else the last. Never
/// looks at test samples: there are none here. `trainer` holds problem.data.
Run trainRun(const RunProblem& problem, const Recipe& recipe, const HeadTrainer& trainer,
             const Scorer& scorer, const EpochWatch& watch = {}, const Progress& progress = {});

/// What `afterwards` makes of the chosen head; unchanged() where nothing follows.
Rescaling afterwards(const Run& run, const ClassSet& classes);

} // namespace monotail
