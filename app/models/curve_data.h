// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/curve_chart.h"
#include "session/snapshot.h"

/// What a parameter's sweep shows.
namespace monotail {

enum class CurveLines { ClassMean, WithGroups };

/// Empty without a sweep of the method that is chosen.
CurveChartData curveChartData(const Snapshot& snapshot, CurveLines lines);
/// What would be chosen, on which samples, and how much hangs on it; empty without a sweep.
QString sweepSummary(const Snapshot& snapshot);

} // namespace monotail
