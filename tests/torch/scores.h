// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checkpoint/head.h"
#include "dataset/features.h"
#include "evaluate/torch_engine.h"
#include "support/shared_material.h"

namespace monotail::test {

/// All of z = features * W^T, from the tiles that the scorer hands out.
inline RowMatrix allScores(const Scorer& scorer, const FeatureSet& features,
                           const RowMatrix& weight)
{
    RowMatrix all = RowMatrix::Constant(features.samples(), weight.rows(), std::nanf(""));
    scorer.score(
        features, weight,
        [&](std::int64_t begin, const RowMatrix& z) { all.middleRows(begin, z.rows()) = z; }, {});
    return all;
}

inline RowMatrix demoWeight()
{
    const auto checkpoint = openCheckpoint(demoFolder() / "stage1.pth.tar");
    return readHead(*checkpoint, chooseHead(*checkpoint, {})).weight;
}

inline FeatureSet demoFeatures()
{
    return openFeatures((demoFolder() / "features-test.safetensors").string());
}

} // namespace monotail::test
