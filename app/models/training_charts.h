// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/curve_chart.h"
#include "charts/norm_chart.h"
#include "session/training_run.h"

/// What the charts show of runs.
namespace monotail {

enum class NormSpace {
    Norms, ///< of the folded rows
    Raw    ///< SAMN: the free parameters that PAVA pools, which the norms come from
};

/// The norms of an epoch beside those of the start, classes by frequency rank; the scale is the
/// same for all epochs. Empty for an epoch that there is not (yet).
NormChartData epochNormData(const Document& document, const KeptRun& run, std::size_t epoch,
                            NormSpace space);
bool hasRaw(const KeptRun& run);

/// Over all epochs that there will be. `epoch` is marked. Empty before the first epoch; accuracies
/// without validation data.
CurveChartData lossCurve(const KeptRun& run, std::size_t epoch);
CurveChartData validationCurve(const KeptRun& run, std::size_t epoch);

/// The sweep that a run belongs to: class-mean accuracy against the number swept, mean over seeds,
/// with runs of recipes that have nothing to tune as lines across. Empty unless two values are
/// measured.
CurveChartData runSweepCurve(const std::vector<KeptRun>& runs, int request);
/// Its range: how much hangs on the number, and what validation data would choose.
QString runSweepSummary(const std::vector<KeptRun>& runs, int request);

} // namespace monotail
