// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "retrain/run.h"

namespace monotail {

/// The start: no loss, no rate. The validation is left to the caller.
EpochRecord recordStart(const HeadState& state, const FoldedState& folded, const ClassSet& classes);
EpochRecord recordEpoch(const EpochEnd& end, const FoldedState& folded, const ClassSet& classes);

/// What a curve shows of a report.
CurvePoint curvePoint(const AccuracyReport& report);

} // namespace monotail
