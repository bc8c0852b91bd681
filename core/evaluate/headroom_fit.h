// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "evaluate/headroom_ascent.h"

/// The best scales, or biases, that one set of samples suggests without being fitted too closely.
namespace monotail {

struct NamedPoint
{
    std::string name;
    AscentPoint point;
};

struct FitQuery
{
    Adjusted adjusted = Adjusted::Scale;
    std::uint64_t seed = 0; ///< of the split that decides when to stop
    int mostSweeps = 20;
    std::function<void()> proceed; ///< called before every class of every sweep; may throw
};

struct FittedPoint
{
    NamedPoint start; ///< one of those given
    AscentPoint point;
    int sweeps = 0;   ///< taken; 0: the start is not bettered
    double mean = 0;  ///< class-mean accuracy at the point, 0..1
    double floor = 0; ///< at the best of the starts that must not be undercut
};

/// Ascends from the best of `atLeast` (one or more) and from the best of `others`, and stops where
/// it pays: the start and the number of sweeps are those that do best when each half of the samples
/// is scored with what the other half fits. Without that, 25 samples a class are fitted to their
/// noise and new samples fare worse than at the start. Never below any of `atLeast` on these
/// samples.
FittedPoint fitPoint(const AscentScores& scores, const std::vector<NamedPoint>& atLeast,
                     const std::vector<NamedPoint>& others, const FitQuery& query);

} // namespace monotail
