// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <vector>

#include "evaluate/groups.h"
#include "session/snapshot.h"

namespace monotail {

/// What is known of one class at one moment. Rates are percent.
struct ClassRow
{
    std::int64_t index = 0;
    QString name;
    std::optional<std::int64_t> rank;  ///< 0 = most frequent; with counts
    std::optional<std::int64_t> count; ///< training images
    std::optional<std::int64_t> block; ///< number of the pooled block, in order of rank
    std::optional<Shot> group;
    double normBefore = 0, normAfter = 0, scale = 1;
    double biasBefore = 0, biasAfter = 0;
    std::int64_t samples = 0;                            ///< evaluation samples
    std::optional<double> before, beforeLow, beforeHigh; ///< recall with its interval
    std::optional<double> after, afterLow, afterHigh;
    std::optional<double> change, p; ///< points; adjusted McNemar p
};

/// By class. Empty without a head.
std::vector<ClassRow> classRows(const Snapshot& snapshot);

} // namespace monotail
