// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checkpoint/head.h"
#include "dataset/features.h"

namespace monotail {

/// The features as the head multiplies them: as they are, or, for a cosine head, with unit length
/// (each expert's part for itself; no less than 1e-12 divides).
FeatureSet headInput(const FeatureSet& features, const ClassifierHead& head);

} // namespace monotail
