// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "base/matrix.h"
#include "base/random.h"
#include "checkpoint/head.h"
#include "dataset/class_set.h"
#include "retrain/recipe.h"

namespace monotail {

/// All that a head has learned, in float64. What the recipe does not have is empty.
struct HeadState
{
    RowMatrixD weight;           ///< C x D, w
    std::vector<double> bias;    ///< C, b; empty: none
    std::vector<double> rawNorm; ///< SAMN: C, the free parameters behind g
    std::vector<double> rawBias; ///< SAMN: C, behind h
    std::vector<double> scales;  ///< LWS: C
    double featureScale = 1;     ///< cosine: the common scale

    std::int64_t classes() const { return weight.rows(); }
    std::int64_t width() const { return weight.cols(); }
};

/// SAMN's initial raw: (n_c - n_min) / (n_max - n_min) + 1e-6, all 1e-6 where counts are equal,
/// rounded to float32 as the published code has it.
std::vector<double> initialRaw(const std::vector<std::int64_t>& counts);

/// Where training starts; a SAMN head that is trained as one goes on from its own raw norms.
/// `featureLength`: the mean length of the training features, where a cosine
/// head's scale starts. Throws Error for a recipe that does not fit the head (raw features for a
/// head that normalises them), and for counts that are not a SAMN head's own.
HeadState startState(const ClassifierHead& head, const ClassSet& classes, const Recipe& recipe,
                     double featureLength, Random& random);

/// The plain linear head that a state works as: logits = weight x + bias, where x is the feature
/// vector, at unit length for FeatureForm::Cosine.
struct FoldedState
{
    RowMatrixD weight;         ///< C x D
    std::vector<double> bias;  ///< C; empty: none
    std::vector<double> norms; ///< C, of these rows
};
FoldedState foldState(const HeadState& state, const ClassSet& classes, const Recipe& recipe);

/// The folded state as a head like any other, in float32. `source` is the head it was trained from:
/// a linear one now, whatever it was, with a bias if it has learned one.
ClassifierHead trainedHead(const ClassifierHead& source, const FoldedState& folded,
                           const Recipe& recipe);

} // namespace monotail
