// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "base/matrix.h"

/// Coordinate ascent on class-mean accuracy, one class at a time. With the other classes fixed, a
/// sample's fate depends on class c alone if it belongs to c or is right without c: each such
/// sample has one threshold at which c overtakes the best of the others. Between two thresholds
/// nothing changes, so the best interval is found by sorting.
namespace monotail {

/// The scores of the samples to fit on.
struct AscentScores
{
    RowMatrix rows;                   ///< n x C, z by sample
    RowMatrix columns;                ///< C x n, the same by class
    std::vector<std::int32_t> labels; ///< n
};

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
    int mostSweeps = 20;
};

struct Ascent
{
    AscentPoint point;
    int sweeps = 0; ///< over all classes, the last one without a gain unless stopped by the limit
};

/// Never worse than `start` on these samples: a step is taken only if the float32 scores themselves
/// confirm its gain. Scales stay within 1/16 and 16 times, biases within the spread of the scores,
/// of where they began. Classes without samples move only to stand in nobody's way. `proceed` is
/// called after every class with the sweep and the class; it may throw.
Ascent ascend(const AscentScores& scores, const AscentPoint& start, const AscentOptions& options,
              const std::function<void(int sweep, std::int64_t classIndex)>& proceed = {});

/// Mean over the classes with samples of the share that is right, 0..1; 0 without samples.
double classMeanAt(const AscentScores& scores, const AscentPoint& point);

} // namespace monotail
