// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "base/progress.h"
#include "evaluate/scorer.h"

namespace monotail {

/// Where a file holds several heads that fit the features and stores an accuracy (GLMC's `fc` and
/// `fc_cb`, say), the one that reaches it; its reason says so. Nothing if the user named a head, if
/// there is but one, if no accuracy is stored, or if not exactly one head reaches it.
std::optional<HeadCandidate> headByAccuracy(const Checkpoint& checkpoint, const HeadQuery& query,
                                            const FeatureSet& features, const Scorer& scorer,
                                            const Progress& progress = {});

} // namespace monotail
