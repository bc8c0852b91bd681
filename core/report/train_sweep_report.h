// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/json.h"
#include "report/table.h"
#include "retrain/run_study.h"

namespace monotail {

/// `parameter, points[{value, ...metrics, runs[]}], chosen{value, on}, beside[{name, ...metrics}]`
/// and more; metrics are means over seeds. The caller adds what it was trained and tested from.
Json trainSweepJson(const TrainSweep& sweep);
/// One row per value, those chosen marked; below the choice and what stands beside the sweep.
Table trainSweepTable(const TrainSweep& sweep);
/// The same for a file: plain numbers in full, deviations in columns of their own.
Table trainSweepCsv(const TrainSweep& sweep);
/// In sentences: what was chosen and where, what it gives on other samples, how much hangs on the
/// parameter.
std::string describeTrainSweep(const TrainSweep& sweep);

} // namespace monotail
