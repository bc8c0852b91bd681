// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evaluate/comparison.h"

/// Two heads, or one under two rescalings, on the same samples.
namespace monotail {

struct ComparedHead
{
    std::string name; ///< for people: the checkpoint and the method
    Predictions predictions;
    AccuracyReport accuracy;
};

struct HeadComparison
{
    ComparedHead before, after; ///< the first and the second
    Comparison comparison;      ///< after less before; p corrected for many tests by class
    std::vector<std::int64_t>
        order; ///< classes with samples, largest difference first whatever its sign; of equal ones
               ///< the smaller p, then the lower class
    ShotGroups groups;
    std::int64_t samples = 0;
};

/// Throws Error if sizes differ. `replicates` of the intervals; 0: none.
HeadComparison compareHeads(ComparedHead before, ComparedHead after,
                            const std::vector<std::int64_t>& labels, const ShotGroups& groups,
                            std::uint64_t seed = 0, int replicates = 2000);
/// The two with their accuracies measured.
ComparedHead comparedHead(std::string name, Predictions predictions,
                          const std::vector<std::int64_t>& labels, const ShotGroups& groups);

/// Throws Error unless both hold the same samples, as far as labels tell: the same number, and the
/// same label at each place.
void checkSameSamples(const FeatureSet& first, const FeatureSet& second);
/// Throws Error, with the checkpoints' names in it, unless both heads have as many classes.
void checkSameClasses(const std::string& first, std::int64_t firstClasses,
                      const std::string& second, std::int64_t secondClasses);

} // namespace monotail
