// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "evaluate/confusion.h"
#include "evaluate/groups.h"
#include "evaluate/predictions.h"

namespace monotail {

/// All rates are percent, 0..100; an absent value is "n/a", never 0.
using Rate = std::optional<double>;

struct ClassAccuracy
{
    std::int64_t total = 0; ///< evaluation samples of the class
    std::int64_t correct = 0;
    std::int64_t predicted = 0; ///< samples predicted as the class
    Rate recall, precision;     ///< n/a without samples, and if never predicted
    Rate f1;                    ///< n/a without samples
    Rate low, high;             ///< Wilson 95 % interval of the recall
};

struct Calibration
{
    Rate ece;                   ///< 15 equal-width confidence bins, all samples
    std::array<Rate, 3> groups; ///< by true-class group: many, medium, few
};

struct AccuracyReport
{
    Rate top1;                  ///< micro: share of samples
    Rate classMean;             ///< mean of the classes' recalls (balanced accuracy)
    Rate top5;                  ///< n/a with fewer than 6 classes
    std::array<Rate, 3> groups; ///< many, medium, few: mean of their classes' recalls
    std::optional<std::int64_t> worstClass;
    Rate worstRecall;
    Rate worstDecile; ///< mean recall of the ceil(C/10) worst of the C classes with samples
    std::vector<std::int64_t> worstDecileClasses;
    Rate harmonic;           ///< harmonic mean of the groups' accuracies (groups that have one)
    Calibration calibration; ///< at the head's own scale
    std::optional<Calibration> fitted; ///< after one temperature, fitted on the other half
    Rate tailAsHead; ///< share of few-shot samples predicted as a many-shot class;
                     ///< n/a if either is missing
    std::vector<ClassAccuracy> perClass;
    GroupConfusion confusion;
    std::int64_t nearTies = 0;
};

/// `labels` in [0, C). Throws Error if sizes differ. Predictions may come without confidence or
/// top five: calibration and top-5 are then n/a.
AccuracyReport measureAccuracy(const Predictions& predictions,
                               const std::vector<std::int64_t>& labels, const ShotGroups& groups);

/// Per-class recall weighted by a test prior.
enum class TestPrior {
    Head,    ///< the training counts
    Uniform, ///< every class the same (the class-mean)
    Tail,    ///< the training counts reversed: the rarest class gets the largest (classes of equal
             ///< count share theirs)
};
/// Over classes with samples; n/a if their prior is 0.
Rate accuracyUnderPrior(const AccuracyReport& report, const std::vector<std::int64_t>& counts,
                        TestPrior prior);
/// The same with weights n_c^strength, strength in [-1, 1]: 1 is the training counts, 0 uniform, -1
/// favours the tail as much. A class without training images weighs as one with half an image.
/// Throws Error for another strength.
Rate accuracyUnderPrior(const AccuracyReport& report, const std::vector<std::int64_t>& counts,
                        double strength);

} // namespace monotail
