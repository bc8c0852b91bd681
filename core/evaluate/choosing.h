// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/features.h"
#include "evaluate/accuracy.h"

/// How a value of a parameter is chosen by class-mean accuracy, and how much hangs on it.
namespace monotail {

/// 0 or 1 for each sample, see splitHalves().
using Halves = std::vector<std::uint8_t>;

/// Class-mean accuracy over the samples of one half; n/a of none.
Rate classMeanOf(const std::vector<std::int32_t>& predicted,
                 const std::vector<std::int64_t>& labels, const Halves& halves, std::uint8_t half,
                 std::size_t classes);

/// The first of the largest; n/a is below all.
std::size_t bestOf(const std::vector<Rate>& rates);

/// How much hangs on a parameter, by class-mean accuracy over the grid.
struct Sensitivity
{
    Rate best, worst;
    Rate difference; ///< best less worst, percentage points
    Rate nearBest;   ///< percent of the grid within 0.5 points of the best
};
Sensitivity sensitivityOf(const std::vector<Rate>& classMeans);

/// What a value is chosen on, in words: "validation features FILE", "one half of FILE (seed 0),
/// reported on the other, and back".
std::string chosenOnValidation(const FeatureSet& validation);
std::string chosenOnHalves(const FeatureSet& data, std::uint64_t seed);

/// That a value chosen on these samples is chosen on too little; empty if it is not.
Warnings thinWarnings(const FeatureSet& features, std::size_t classes);

} // namespace monotail
