// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "session/snapshot.h"

namespace monotail {

/// What the class table can show of a class.
enum class ClassColumn {
    Name,
    Index,
    Rank,
    Images,
    Group,
    Block,
    NormBefore,
    NormAfter,
    Scale,
    BiasBefore,
    BiasAfter,
    Samples,
    RecallBefore,
    RecallAfter,
    IntervalAfter,
    Change,
    AdjustedP,
    Verdict,
};

/// Those that have something to say in this state, in order.
std::vector<ClassColumn> classColumns(const Snapshot& snapshot);

/// For a header, perhaps in two lines.
QString titleOf(ClassColumn column);
/// In one line, for files and the clipboard.
QString plainTitleOf(ClassColumn column);
/// What the column means, for its tooltip.
QString explanationOf(ClassColumn column);
bool isNumber(ClassColumn column);

} // namespace monotail
