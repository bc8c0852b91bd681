// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluate/choosing.h"
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

/// Mean and standard deviation (n - 1) over seeds; the deviation is n/a for fewer than two, both
/// are if one run's rate is.
struct Spread
{
    Rate mean, deviation;
};
Spread spreadOf(const std::vector<Rate>& rates);
struct SeedSummary
{
    std::int64_t runs = 0;
    Spread top1, classMean;
    std::array<Spread, 3> groups;
};
/// A seed that was run twice counts once. Throws Error for runs whose recipes differ in more than
/// the seed.
SeedSummary summarise(const std::vector<const MeasuredRun*>& runs);
SeedSummary summarise(const std::vector<MeasuredRun>& runs);
/// Recipes that differ in nothing but the seed.
bool sameButSeed(const Recipe& a, const Recipe& b);

/// The same recipe with seeds seed, seed + 1, ... Throws Error for fewer than 1 or more than 1000,
/// and for seeds beyond 64 bits.
std::vector<Recipe> withSeeds(const Recipe& recipe, int seeds);

/// Of which runs the head and the state stay, and the norms of every epoch: they take much room.
enum class Keep { All, First, None };
/// Leaves of a run its curves, and the norms of the chosen epoch.
void dropHead(Run& run);
/// Trains with each seed and measures; without `test` the accuracies stay n/a.
std::vector<MeasuredRun> trainSeeds(const RunProblem& problem, const Recipe& recipe, int seeds,
                                    const FeatureSet* test, const HeadTrainer& trainer,
                                    const Scorer& scorer, Keep keep, const Progress& progress = {});

struct TrainSweepPoint
{
    double value = 0;
    std::vector<MeasuredRun> runs; ///< one per seed; heads and predictions are dropped
    SeedSummary summary;
};

/// What stands beside the sweep as a line across: nothing of it depends on the parameter.
struct SweepLine
{
    std::string name; ///< "ce+samn", "samn projection", "none"
    SeedSummary summary;
};

struct TrainSweep
{
    TrainSweepRange range;
    Recipe recipe; ///< the parameter aside
    int seeds = 1;
    std::vector<TrainSweepPoint> points;
    Sensitivity sensitivity; ///< by class-mean accuracy (mean over seeds) on the test samples
    /// Chosen on validation samples, or crosswise on halves of the test samples: two values then.
    /// None where there is nothing to choose on.
    std::vector<double> chosen;
    std::string chosenOn;
    Spread chosenClassMean; ///< over seeds, on samples that had no part in choosing
    std::string testedOn;
    std::int64_t samples = 0; ///< of the test
    ShotGroups groups;
    std::vector<SweepLine> beside; ///< filled in by the caller
    Warnings warnings;
};

/// How many trainings a sweep is.
std::int64_t trainingsOf(const TrainSweepRange& range, int seeds);

/// Sweeps one hyperparameter of `recipe`. Equal trainings are not repeated: where the parameter
/// only concerns what follows training (then-tau), the head is trained once per seed. Throws Error
/// for a parameter that the recipe's result does not depend on.
TrainSweep sweepTraining(const RunProblem& problem, const Recipe& recipe,
                         const TrainSweepRange& range, int seeds, const FeatureSet& test,
                         const HeadTrainer& trainer, const Scorer& scorer,
                         const Progress& progress = {});

/// The head that training starts from, as it is and under a method without a parameter.
SweepLine measuredLine(const RunProblem& problem, const Method& method, const FeatureSet& test,
                       const Scorer& scorer, const Progress& progress = {});

} // namespace monotail
