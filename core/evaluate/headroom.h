// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/progress.h"
#include "evaluate/accuracy.h"
#include "evaluate/scorer.h"
#include "rescale/rescaling.h"

/// Headroom: how much class-mean accuracy the best per-class scales, or the best per-class biases,
/// would buy. Found on one seeded half of the samples (splitHalves()) by coordinate ascent and
/// scored on the other, and back: it tells whether norms are the problem at all. No method to use:
/// the labels of the evaluation samples choose the numbers.
namespace monotail {

/// What the ascent found on one half.
struct HeadroomFit
{
    Rescaling rescaling;
    std::string start; ///< where the ascent began: "none" or the projection's name
    Rate fitted;       ///< class-mean accuracy on the samples it was fitted on; never below
    Rate unchanged, projection; ///< these two, on the same samples (projection n/a: a cosine head)
    Rate other;                 ///< on the other half, which it has not seen
    int sweeps = 0;             ///< over the classes
};

struct Headroom
{
    std::array<HeadroomFit, 2> fits; ///< on the first half and on the second
    Predictions predictions;         ///< every sample under the fit that has not seen it
    AccuracyReport accuracy;         ///< of those: cross-fitted. Top-5 and calibration are n/a
};

/// N/a: no samples in a half; scale also for a cosine head, which normalises its rows.
struct HeadroomResult
{
    std::optional<Headroom> scale; ///< the bias as the start has it
    std::optional<Headroom> bias;  ///< the scales as the start has them
};

struct HeadroomOptions
{
    std::uint64_t seed = 0;
    int mostSweeps = 20; ///< over the classes, per fit
};

/// z of one half is held twice in memory.
std::int64_t headroomBytes(std::int64_t samples, std::int64_t classes);

/// Begins at the better of the head as it is and `projection` (absent: a cosine head). Throws Error
/// for shapes that do not fit and for scores that are not finite. Takes three passes over z:
/// `scorer` may be a KeptScores.
HeadroomResult measureHeadroom(const FeatureSet& features, const ClassifierHead& head,
                               const std::optional<Rescaling>& projection, const ShotGroups& groups,
                               const Scorer& scorer, const HeadroomOptions& options,
                               const Progress& progress = {});

} // namespace monotail
