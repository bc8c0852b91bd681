// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "evaluate/evaluation.h"

namespace monotail {

/// CSV, one line per sample: sample, label, predicted before, then one column per method.
std::string predictionsCsv(const FeatureSet& features, const Evaluation& evaluation);
/// CSV of the confusion matrix's non-zero cells: label, predicted, samples before, samples after
/// (the first method), with class names.
std::string confusionCsv(const FeatureSet& features, const ClassSet& classes,
                         const Evaluation& evaluation);

} // namespace monotail
