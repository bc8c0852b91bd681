// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "dataset/class_set.h"
#include "retrain/recipe.h"

namespace monotail {

/// Every loss of METHOD section 6 as three numbers per class. With z' = z + offset, of a sample of
/// class y:  (1 - smoothing_y) (-log p_y) + smoothing_y mean_c (-log p_c),  p = softmax(z'); the
/// batch's loss is the mean of these weighted by weight_y (divided by the sum of the weights, as
/// weighted cross entropy usually is).
struct LossTerms
{
    std::vector<double> offset;    ///< C; empty: 0
    std::vector<double> smoothing; ///< C; empty: 0
    std::vector<double> weight;    ///< C; empty: 1
};

/// By the counts of the training split. A class without images counts as one with half an image
/// where its logarithm or its weight is needed.
LossTerms lossTerms(const Recipe& recipe, const ClassSet& classes);

} // namespace monotail
