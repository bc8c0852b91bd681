// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluate/sweep.h"
#include "report/json.h"
#include "report/table.h"

namespace monotail {

/// `parameter, points[{value, ...metrics}], chosen{value, on}, projection{...metrics}` and more;
/// the caller adds what it was swept on.
Json sweepJson(const Sweep& sweep);
/// One row per value, those chosen marked; below the choice, the projection and the head as it is.
Table sweepTable(const Sweep& sweep);
/// The same for a file: plain numbers in full.
Table sweepCsv(const Sweep& sweep);
/// In sentences: what was chosen and where, what it gives on other samples, how it compares with
/// the projection, how much hangs on the parameter.
std::string describeSweep(const Sweep& sweep);

} // namespace monotail
