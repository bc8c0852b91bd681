// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluate/predictions.h"

namespace monotail {

/// The class of every sample as predictAll() finds it, and nothing else of it: no exponentials, no
/// sorting. Throws Error for scores that are not finite.
Predictions predictClasses(const FeatureSet& features, const ClassifierHead& head,
                           const Rescaling& rescaling, const Scorer& scorer,
                           const Progress& progress = {});

} // namespace monotail
