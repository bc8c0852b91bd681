// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "evaluate/accuracy.h"
#include "evaluate/comparison.h"
#include "evaluate/scorer.h"
#include "rescale/rescaling.h"

/// Headroom: how much class-mean accuracy the best per-class scales, or the best per-class biases,
/// would buy. Fitted to one seeded half of the samples (splitHalves()) and scored on the other, and
/// back: it tells whether norms are the problem at all. No method to use, as the labels of the
/// evaluation samples choose the numbers; and an estimate from below: the ascent ends where no
/// single class can gain, and few samples a class tell little.
namespace monotail {

/// What was found on one half.
struct HeadroomFit
{
    Rescaling rescaling;
    std::string start; ///< where the ascent began: "none", "samn", "tau=0.7", ...
    int sweeps = 0;    ///< over the classes; 0: the start could not be bettered on new samples
    Rate fitted;       ///< class-mean accuracy on the half it was fitted on: never below the two
    Rate unchanged;    ///< the head as it is, on the same samples
    Rate projection;   ///< likewise; n/a for a cosine head
    Rate other;        ///< on the half it has not seen
};

struct Headroom
{
    std::array<HeadroomFit, 2> fits; ///< on the first half and on the second
    Predictions predictions;         ///< every sample under the fit that has not seen it
    AccuracyReport accuracy;         ///< of those: cross-fitted. Top-5 and calibration are n/a
    Comparison comparison;           ///< the head as it is before, these predictions after
};

inline constexpr std::int64_t fewestHeadroomSamples = 4;

/// N/a with fewer samples than that; scales also for a cosine head, which normalises its rows.
struct HeadroomResult
{
    std::optional<Headroom> scale; ///< the bias is the head's own
    std::optional<Headroom> bias;  ///< the scales are those of the start
};

/// Where the ascents may begin. One class at a time gets nowhere near what all classes moved
/// together by one number do (Tiny-ImageNet-LT: 26.2 against 27.8), so paths of one parameter are
/// tried first: the best on the fitted half is a start.
struct HeadroomStarts
{
    std::optional<Rescaling> projection; ///< absent for a cosine head
    std::vector<Rescaling> scales;       ///< equal norms, tau, MaxNorm; empty for a cosine head
    std::vector<Rescaling> biases;       ///< logit adjustment 0.1 to 2
};
/// Those that the head admits.
HeadroomStarts headroomStarts(const ClassifierHead& head, const ClassSet& classes,
                              const ClassProfile& profile);

struct HeadroomOptions
{
    std::uint64_t seed = 0;                         ///< of the halves
    int mostSweeps = 20;                            ///< over the classes, per ascent
    int replicates = 2000;                          ///< of the intervals; 0: none
    std::int64_t mostBytes = std::int64_t(4) << 30; ///< see headroomBytes()
};

/// Memory that is needed: z of one half, twice, and again for its own halves.
std::int64_t headroomBytes(std::int64_t samples, std::int64_t classes);

/// Throws Error for shapes that do not fit, for scores that are not finite, and where mostBytes do
/// not suffice. Runs over z three times: `scorer` may be a KeptScores.
HeadroomResult measureHeadroom(const FeatureSet& features, const ClassifierHead& head,
                               const HeadroomStarts& starts, const ShotGroups& groups,
                               const Scorer& scorer, const HeadroomOptions& options = {},
                               const Progress& progress = {});

} // namespace monotail
