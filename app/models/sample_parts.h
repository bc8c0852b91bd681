// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "models/text_table_model.h"
#include "session/snapshot.h"

/// What one sample's scores are made of. All want a snapshot with a story.
namespace monotail {

/// Down each column a class's product and sum: norm x feature norm x cosine + bias = score.
/// Columns: the true class, and the rivals before and after (one where they are the same).
TextTable partsTable(const Snapshot& snapshot);

/// By how much the rival is ahead of the true class, in parts; below 0 the part speaks for the true
/// class.
struct GapBar
{
    QString name, explanation;
    double before = 0, after = 0;

    bool operator==(const GapBar&) const = default;
};
/// Norm, bias (where there is one), direction, and together.
std::vector<GapBar> gapBars(const Snapshot& snapshot);
QString gapTitle(const Snapshot& snapshot);

} // namespace monotail
