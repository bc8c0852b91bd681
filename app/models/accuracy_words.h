// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/snapshot.h"

/// Figures beside the group bars, as words.
namespace monotail {

/// "a uniform test prior", "the training prior (head-heavy)", ...
QString priorName(double strength);
/// Top-1 under the test prior that is chosen, before and after; empty without data.
QString priorText(const Snapshot& snapshot);

/// The calibration errors before and after, own and after one temperature. The errors of a
/// rescaling that is still being studied are dots. Empty without data.
QString calibrationText(const Snapshot& snapshot);
/// The same by group, with the temperatures; empty until it is there.
QString calibrationDetail(const Snapshot& snapshot);

} // namespace monotail
