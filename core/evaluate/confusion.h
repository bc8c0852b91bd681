// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "evaluate/groups.h"

/// Which classes are taken for which. All functions throw Error if the sizes differ; labels and
/// predicted classes are in [0, C).
namespace monotail {

struct GroupConfusion
{
    std::array<std::array<std::int64_t, 3>, 3> counts{}; ///< [true group][predicted group], samples

    std::int64_t total(Shot truth) const; ///< samples of the true group
    /// Percent of the true group's samples; n/a for a group without samples.
    std::optional<double> share(Shot truth, Shot predicted) const;
    bool operator==(const GroupConfusion&) const = default;
};
GroupConfusion groupConfusion(const std::vector<std::int32_t>& predicted,
                              const std::vector<std::int64_t>& labels, const ShotGroups& groups);

/// A cell of the class x class matrix.
struct ConfusionCell
{
    std::int64_t label = 0;
    std::int64_t predicted = 0;
    std::int64_t count = 0; ///< samples, > 0

    bool operator==(const ConfusionCell&) const = default;
};
/// The cells that are not zero, by label and then by predicted class: at most as many as samples,
/// however many classes there are.
std::vector<ConfusionCell> confusionCells(const std::vector<std::int32_t>& predicted,
                                          const std::vector<std::int64_t>& labels);

/// The fullest cells off the diagonal, and what is left beside them.
struct MostConfused
{
    std::vector<ConfusionCell> cells; ///< most samples first; ties: lowest label, then prediction
    std::int64_t otherCells = 0;      ///< off the diagonal, not listed
    std::int64_t otherSamples = 0;    ///< in those
};
MostConfused mostConfused(const std::vector<ConfusionCell>& cells, std::size_t most);

/// The samples behind a cell, in order.
std::vector<std::int64_t> samplesOf(const std::vector<std::int32_t>& predicted,
                                    const std::vector<std::int64_t>& labels, std::int64_t label,
                                    std::int64_t predictedClass);

} // namespace monotail
