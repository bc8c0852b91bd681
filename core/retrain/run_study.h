// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/hyperparameters.h"
#include "retrain/run.h"

/// Several runs together: what they reach on test samples, what the seed changes, what a
/// hyperparameter changes.
namespace monotail {

/// A run's head, with what follows it, on samples that had no part in making or choosing it.
struct MeasuredRun
{
    Run run;
    Predictions predictions; ///< classes alone
    AccuracyReport accuracy; ///< top-5 and calibration n/a
};
MeasuredRun measureRun(Run run, const ClassSet& classes, const FeatureSet& test,
                       const ShotGroups& groups, const Scorer& scorer,
                       const Progress& progress = {});

/// Mean and standard deviation (n - 1) over seeds; the deviation is n/a for fewer than two.
struct Spread
{
    Rate mean, deviation;
};
struct SeedSummary
{
    std::int64_t runs = 0;
    Spread top1, classMean;
    std::array<Spread, 3> groups;
    std::optional<std::int64_t> worstSeed; ///< index of the run with the lowest class-mean
};
/// Throws Error for runs whose recipes differ in more than the seed.
SeedSummary summarise(const std::vector<const MeasuredRun*>& runs);
/// Recipes that differ in nothing but the seed.
bool sameButSeed(const Recipe& a, const Recipe& b);

/// The same recipe with seeds seed, seed + 1, ...
std::vector<Recipe> withSeeds(const Recipe& recipe, int seeds);

struct TrainSweepPoint
{
    double value = 0;
    std::vector<MeasuredRun> runs; ///< one per seed
    SeedSummary summary;
};

struct TrainSweep
{
    TrainSweepRange range;
    std::vector<TrainSweepPoint> points;
    Rate best, worst, difference; ///< of class-mean accuracy (mean over seeds) on the test samples
    Rate nearBest;                ///< percent of the grid within 0.5 points of the best
    /// Chosen on validation samples, or crosswise on halves of the test samples: two values then.
    std::vector<double> chosen;
    std::string chosenOn;
    Rate chosenClassMean; ///< on samples that had no part in choosing
};

/// Sweeps one hyperparameter of `recipe`. Equal trainings are not repeated: where the parameter
/// only concerns what follows training (then-tau), the head is trained once per seed.
TrainSweep sweepTraining(const RunProblem& problem, const Recipe& recipe,
                         const TrainSweepRange& range, int seeds, const FeatureSet& test,
                         const HeadTrainer& trainer, const Scorer& scorer,
                         const Progress& progress = {});

} // namespace monotail
