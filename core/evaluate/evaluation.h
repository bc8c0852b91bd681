// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/stored_accuracy.h"
#include "dataset/class_set.h"
#include "evaluate/accuracy.h"
#include "evaluate/comparison.h"
#include "evaluate/headroom.h"
#include "evaluate/predictions.h"
#include "rescale/rescaling.h"

namespace monotail {

/// One rescaling, measured and set against the head as it was.
struct MethodResult
{
    Rescaling rescaling;
    Predictions predictions;
    AccuracyReport accuracy;
    Comparison comparison;
    std::string harm; ///< what it makes worse beyond its interval, as a sentence; empty if nothing
};

/// Everything that one head on one feature set has to say, before and after each rescaling.
struct Evaluation
{
    Predictions beforePredictions;
    AccuracyReport before;
    std::vector<MethodResult> methods; ///< in the order asked for
    ShotGroups groups;
    std::vector<double> negativeOwnShare; ///< see ScoreResult
    std::optional<LogitWitness> witness;
    std::optional<StoredAccuracy> stored;
    std::optional<HeadroomResult> headroom; ///< measured by who wants it: measureHeadroom()
    std::string split;                      ///< as the features say; empty = they do not
    std::int64_t samples = 0;
    std::string device;
    Warnings warnings; ///< wrong features, logits or stored accuracy missed, ...
};

/// The method to show in detail where there is room for one: the first that changes anything.
/// There is at least one.
const MethodResult& shownMethod(const Evaluation& evaluation);

/// The evaluation's warnings and then each rescaling's own: that it hurts, and how.
Warnings allWarnings(const Evaluation& evaluation);

/// Features made by another backbone, with other class names, or of the training split.
Warnings originWarnings(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const ClassSet& classes, const FeatureSet& features);

enum class SampleUse {
    Reported, ///< a stored accuracy should be reached on them
    Choosing  ///< another split than what is reported on
};
/// What is to be said of features before any rescaling: originWarnings(), logits that W f + b
/// misses, and a stored accuracy that is not reached on what is reported.
Warnings readingWarnings(const Checkpoint& checkpoint, const ClassifierHead& head,
                         const ClassSet& classes, const FeatureSet& features, const Scorer& scorer,
                         SampleUse use, const Progress& progress = {});

/// Throws Error for features that do not fit the head (checkFeatures). Features made by another
/// backbone of the same width, logits that W f + b misses, and a stored accuracy that is not
/// reached are warned about.
Evaluation evaluateHead(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const ClassSet& classes, const FeatureSet& features, const ShotRule& rule,
                        const std::vector<Rescaling>& rescalings, const Scorer& scorer,
                        const ScoreOptions& options, const Progress& progress = {});

} // namespace monotail
