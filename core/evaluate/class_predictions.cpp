// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/class_predictions.h"

#include <algorithm>

#include "base/text.h"
#include "evaluate/head_input.h"
#include "evaluate/verdict.h"

namespace monotail {

namespace {

std::int32_t winner(const ScoreRow& scores)
{
    const float largest = scores.maxCoeff();
    const float* first = std::find(scores.data(), scores.data() + scores.size(), largest);
    return static_cast<std::int32_t>(first - scores.data());
}

} // namespace

Predictions predictClasses(const FeatureSet& features, const ClassifierHead& head,
                           const Rescaling& rescaling, const Scorer& scorer,
                           const Progress& progress)
{
    const FeatureSet input = headInput(features, head);
    RescaledScores scores(rescaling);
    Predictions out;
    out.predicted.resize(features.labels.size());
    const auto enter = [&](std::int64_t begin, const RowMatrix& z) {
        for (Eigen::Index row = 0; row < z.rows(); ++row) {
            const auto sample = static_cast<std::size_t>(begin + row);
            const Eigen::ArrayXf& of = scores.of(z, row);
            if (!allFinite(of))
                throw Error(message("{}: the scores of sample {} are not finite; its features hold "
                                    "NaN, infinite or far too large numbers, or the head's weights "
                                    "have grown too large",
                                    printable(features.source), sample));
            out.predicted[sample] = winner(of);
        }
    };
    scorer.score(input, head.weight, enter, progress);
    return out;
}

} // namespace monotail
