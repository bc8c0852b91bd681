// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "evaluate/evaluation.h"

namespace monotail {

/// Plain words about the class that fares worst: how many of its samples are recognised, what the
/// rest are taken for, and what `result` changes. Then the rare class that fares best: rare is not
/// the same as hard. Empty without samples.
std::string tellStory(const FeatureSet& features, const ClassSet& classes,
                      const Evaluation& evaluation, const MethodResult& result);

} // namespace monotail
