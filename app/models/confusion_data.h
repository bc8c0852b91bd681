// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "models/text_table_model.h"
#include "session/snapshot.h"

/// Which classes are taken for which, before and after. All want a snapshot with data.
namespace monotail {

/// Group by group: a row of percents and one of samples for each true group.
TextTable groupConfusionText(const Snapshot& snapshot);

/// The pairs of classes confused most, before or after; the last row is what is left, if anything.
struct ConfusedPairs
{
    TextTable text;
    std::vector<std::pair<std::int64_t, std::int64_t>> classes; ///< true and predicted, by row
};
ConfusedPairs confusedPairs(const Snapshot& snapshot, std::size_t most);

/// A cell with the classes that go with it: both of a pair, those of the true group.
SampleCell cellOf(const Snapshot& snapshot, std::int64_t truth, std::int64_t predicted);
SampleCell groupCellOf(const Snapshot& snapshot, Shot truth, Shot predicted);

} // namespace monotail
