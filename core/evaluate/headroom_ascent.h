// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"

/// Coordinate ascent on class-mean accuracy, one class at a time. With the other classes fixed, a
/// sample's fate hangs on class c only if it belongs to c or is right wherever c stays behind: such
/// a sample has one threshold at which c overtakes the best of the others. Between two thresholds
/// nothing changes, so the best interval is found by sorting. It ends where no single class can
/// gain, which need not be the best there is.
namespace monotail {

/// The scores of the samples to fit on.
struct AscentScores
{
    RowMatrix rows;                   ///< n x C, z by sample
    RowMatrix columns;                ///< C x n, the same by class
    std::vector<std::int32_t> labels; ///< n, in [0, C)
};
/// `rows` and `labels` of n samples.
AscentScores ascentScores(RowMatrix rows, std::vector<std::int32_t> labels);

/// A rescaling in float32: score = fl(fl(scale * z) + bias), ties to the lowest class.
struct AscentPoint
{
    Eigen::ArrayXf scale; ///< C
    Eigen::ArrayXf bias;  ///< C
};

enum class Adjusted { Scale, Bias };

struct AscentOptions
{
    Adjusted adjusted = Adjusted::Scale;
    int mostSweeps = 20; ///< over all classes
};

/// The start and then the point after each sweep, until one gains nothing. Every point is better on
/// these samples than the one before: a step is taken only if the float32 scores themselves confirm
/// its gain. Scales stay within 1/16 and 16 times, biases within the spread of the scores, of where
/// they began. `proceed` is called before every class and may throw. Scores must be finite.
std::vector<AscentPoint> ascend(const AscentScores& scores, const AscentPoint& start,
                                const AscentOptions& options,
                                const std::function<void(int sweep, std::int64_t c)>& proceed = {});

/// Mean over the classes with samples of the share that is right, 0..1; 0 without samples.
double classMeanAt(const AscentScores& scores, const AscentPoint& point);

} // namespace monotail
