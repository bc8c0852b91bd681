// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

#include "models/class_columns.h"
#include "models/class_row.h"

namespace monotail {

/// What stands in the cell: "n/a" where there is nothing; a triangle and a sign before a change.
QString shownText(const ClassRow& row, ClassColumn column);
/// The same for the clipboard: no triangles, no thousands separators.
QString plainText(const ClassRow& row, ClassColumn column);
/// What rows are sorted by; nothing = n/a. Names are no numbers: nothing.
std::optional<double> sortValue(const ClassRow& row, ClassColumn column);

/// Whether the class changed by more than noise would: p (adjusted) < 0.05.
bool isBeyondNoise(const ClassRow& row);
/// What the change is worth, in words; empty where nothing was measured.
QString changeInWords(const ClassRow& row);
/// "better", "worse", "cannot be told", "no change"; "n/a" where nothing was measured.
QString verdictOf(const ClassRow& row);
QString nameOf(Shot group);

} // namespace monotail
