// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/choosing.h"
#include "evaluate/comparison.h"
#include "evaluate/kept_scores.h"

/// A rescaling's parameter from end to end: what accuracy it buys, which value would be chosen
/// without looking at the samples it is reported on, and how that compares with no parameter at
/// all. The criterion is class-mean accuracy; of equal values the smallest parameter is chosen.
namespace monotail {

struct SweepRange
{
    MethodKind kind = MethodKind::Tau; ///< Tau, MaxNorm or LogitAdjust
    double from = 0;
    double to = 2;
    double step = 0.1;

    bool operator==(const SweepRange&) const = default;
};

inline constexpr std::int64_t mostSweepPoints = 1000;

/// "tau:0:2:0.1", "maxnorm:0.5:3:0.1" or "logit-adjust:0:2:0.1": method, first, last, step. Throws
/// Error otherwise, and for what checkSweep() refuses.
SweepRange parseSweep(std::string_view text);
std::string nameOf(const SweepRange& range); ///< as typed
/// Throws Error for numbers that are not finite, first > last, a step of 0 or less, more than
/// mostSweepPoints values, a method without a parameter, and parameters the method does not admit.
void checkSweep(const SweepRange& range);
/// first, first + step, ... up to last, each rounded once: decimal steps give decimal values (0.3,
/// not 0.30000000000000004).
std::vector<double> sweepValues(const SweepRange& range);

/// Samples of known class with their scores under the head that is swept.
struct ScoredSamples
{
    std::shared_ptr<const FeatureSet> features; ///< names the samples and gives their labels
    std::shared_ptr<const KeptScores> scores;   ///< of these features
};

struct SweepQuery
{
    SweepRange range;
    BiasRule bias = BiasRule::Keep;
    ShotRule groups;
    std::uint64_t seed = 0; ///< of the halves and of the intervals
    int replicates = 2000;  ///< of the intervals; 0: none
};

/// Only the predicted class is asked for: top-5 and calibration are n/a.
struct SweepPoint
{
    double value = 0;
    AccuracyReport accuracy; ///< on all evaluation samples; its perClass is left empty
};

/// The value that class-mean accuracy prefers, and what it gives where it was not chosen.
struct SweepChoice
{
    /// One, chosen on validation samples; or two: chosen on the first half of the evaluation
    /// samples (splitHalves()) and on the second. None where there is nothing to choose on: then
    /// all below is n/a, too.
    std::vector<double> values;
    std::string on;          ///< in words: "validation features FILE", "one half of FILE (seed 0),
                             ///< reported on the other, and back"
    Predictions predictions; ///< each sample's under the value that was not chosen on it
    AccuracyReport accuracy; ///< of those
    std::optional<Comparison> fromProjection; ///< projection before, the choice after; n/a without
                                              ///< a projection
};

struct Sweep
{
    SweepQuery query;
    std::vector<SweepPoint> points; ///< in order of value
    SweepChoice chosen;
    AccuracyReport before; ///< the head as it is
    /// SAMN projection under the same bias rule, the parameter-free line; n/a for a cosine head.
    std::optional<AccuracyReport> projection;
    Sensitivity sensitivity;
    ShotGroups groups;
    std::int64_t samples = 0;
    Warnings warnings;
};

/// Chooses on `validation` where there is some, else crosswise on halves of `data`. Throws Error
/// for a range or rescaling that the head does not admit.
Sweep sweepMethod(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile,
                  const SweepQuery& query, const ScoredSamples& data,
                  const std::optional<ScoredSamples>& validation, const Progress& progress = {});

} // namespace monotail
