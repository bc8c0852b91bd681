// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/matrix.h"

namespace monotail {

using ScoreRow = Eigen::Ref<const Eigen::ArrayXf>; ///< C, one sample's scores, finite

/// Sums over the classes of e = exp(beta * d), e * d and e * d^2, where d = score - largest score:
/// the softmax's denominator and the moments of d under it.
struct SoftmaxMoments
{
    double sum = 0;
    double first = 0;
    double second = 0;
};
SoftmaxMoments softmaxMoments(const ScoreRow& scores, float beta);

/// The probability of the best class at inverse temperature `beta`.
float bestProbability(const ScoreRow& scores, float beta);

} // namespace monotail
