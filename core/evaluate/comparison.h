// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evaluate/accuracy.h"

namespace monotail {

/// A change in percentage points, after less before, with its 95 % interval.
struct Change
{
    double difference = 0;
    double low = 0;
    double high = 0;
};

struct ClassChange
{
    std::int64_t gained = 0; ///< samples wrong before, right after
    std::int64_t lost = 0;
    double difference = 0; ///< recall, percentage points
    double p = 1;          ///< McNemar exact
    double adjusted = 1;   ///< Benjamini-Hochberg over the classes with samples
};

/// Before against after on the same samples.
struct Comparison
{
    std::int64_t gained = 0;
    std::int64_t lost = 0;
    double p = 1; ///< McNemar exact, of top-1
    std::optional<Change> top1, classMean;
    std::array<std::optional<Change>, 3> groups; ///< many, medium, few
    std::vector<ClassChange> perClass;
    Rate worstDecileFollowed; ///< after: mean recall of the classes that were the worst decile
                              ///< before
};

/// Intervals: class-stratified paired bootstrap, percentile, `replicates` draws, seeded; with 0
/// there are none, and the changes of means are absent.
Comparison comparePredictions(const Predictions& before, const Predictions& after,
                              const std::vector<std::int64_t>& labels, const ShotGroups& groups,
                              const AccuracyReport& beforeReport, std::uint64_t seed = 0,
                              int replicates = 2000);

/// What a class's change is worth: "better", "worse", "same", "no samples", or "cannot be told"
/// where the adjusted p is 0.05 or more; with few images many changes mean nothing.
std::string_view verdictOf(const ClassChange& change, std::int64_t samples);

/// Sentences for what got worse beyond its interval: class-mean and each group. Empty if nothing.
Warnings harms(const Comparison& comparison);

} // namespace monotail
