// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/scorer.h"
#include "rescale/rescaling.h"

namespace monotail {

/// What one rescaling says about every sample. Score: fl(fl(s * z) + b) in float32; ties go to the
/// lowest class index.
struct Predictions
{
    std::vector<std::int32_t> predicted; ///< N
    std::vector<float> confidence;       ///< N, softmax probability of the predicted class; like
                                         ///< inTopFive empty where only the class is asked for
    std::vector<float> calibrated;       ///< N, the same at the cross-fitted temperature; empty if
                                         ///< not asked for, or with fewer than 2 samples
    std::vector<std::uint8_t> inTopFive; ///< N, whether the true class is among the 5 best
    std::int64_t nearTies = 0; ///< samples whose margin is below 1e-5 of their largest |score|
    double temperature[2] = {1,
                             1}; ///< fitted on the first and on the second half of a seeded split
};

/// How far the model's own logits are from W f + b as we read them, in units of the largest
/// |logit|: rounding to float16 grows with the size of a number. Honest float16 features and logits
/// (ResNet-10, Tiny-ImageNet-LT) are 0.0003 off by this measure and pass; by the root mean square
/// they are 0.0033 off and would not.
struct LogitWitness
{
    double maxError = 0; ///< largest |W f + b - logit| over the largest |logit|; NaN if the shapes
                         ///< differ
    bool holds = false;  ///< maxError <= tolerance
    double tolerance = 1e-3;
    std::string cause; ///< if not: the likely cause, in words ("a hidden scale: ...")
};

struct ScoreOptions
{
    bool temperature = true; ///< fit temperatures (reads all scores about ten times)
    std::uint64_t seed = 0;  ///< of the split into halves
    /// For the temperatures z is kept up to this size, and computed again for each pass beyond it.
    std::int64_t keepBytes = std::int64_t(1) << 30;
};

struct ScoreResult
{
    std::vector<Predictions> methods; ///< in the order of the rescalings
    std::vector<double>
        negativeOwnShare; ///< C, share of a class's samples with own z < 0; NaN: none
    std::optional<LogitWitness> witness; ///< if the features bring logits of this head
    std::string device;
};

/// Scores every sample under every rescaling; the features are read once (more often only for the
/// temperatures, when z does not fit in memory).
/// The witness compares with the *unrescaled* head. Throws Error for shapes that do not fit and for
/// scores that are not finite (naming the method).
ScoreResult predictAll(const FeatureSet& features, const ClassifierHead& head,
                       const std::vector<Rescaling>& rescalings, const Scorer& scorer,
                       const ScoreOptions& options, const Progress& progress = {});

} // namespace monotail
