// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "evaluate/comparison.h"

namespace monotail {

/// How a class's evaluation samples changed from before to after.
struct PairedCounts
{
    std::int64_t total = 0;
    std::int64_t gained = 0;
    std::int64_t lost = 0;
};

/// The means that get an interval; absent where no class has samples.
struct MeanChanges
{
    std::optional<Change> top1, classMean;
    std::array<std::optional<Change>, 3> groups;
};

/// Resamples every class's samples within the class, `replicates` times (1 at least), and reports
/// the 2.5 and 97.5 % quantiles of each mean beside its measured value. Widened by n / (n - 1) for
/// classes of few samples; classes of one are resampled together with those of their group.
MeanChanges bootstrapChanges(const std::vector<PairedCounts>& classes, const ShotGroups& groups,
                             std::uint64_t seed, int replicates);

} // namespace monotail
