// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/class_columns.h"
#include "models/class_row.h"
#include "report/table.h"

/// What the comparison of two sides shows. All want a snapshot with a pair.
namespace monotail {

std::vector<ClassRow> pairRows(const Snapshot& snapshot);
std::vector<ClassColumn> pairColumns(const Snapshot& snapshot);
/// The two names and what was gained and lost, rich text.
QString pairSummary(const Snapshot& snapshot);
/// The overall differences with their intervals, rich text.
QString pairOverall(const Snapshot& snapshot);
/// All classes for a file, largest difference first, plain numbers in full.
Table pairCsv(const Snapshot& snapshot);

/// A side as the user chooses it.
QString sideName(const Snapshot& snapshot, const Side& side);
/// Those that there are now.
std::vector<Side> possibleSides(const Snapshot& snapshot);

} // namespace monotail
