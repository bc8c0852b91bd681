// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "evaluate/groups.h"
#include "rescale/class_profile.h"
#include "rescale/rescaling.h"

namespace monotail {

/// What the user can play with; every change is one undo step. Parameters of methods that are not
/// chosen are kept, so that going back finds them.
struct Choices
{
    MethodKind method = MethodKind::Samn; ///< Scales is "manual"
    double tau = 1;
    double radius = 0; ///< of MaxNorm; 0 = the median norm
    double adjustment = 1;
    std::vector<double> manual; ///< C scales; empty = ones
    BiasRule bias = BiasRule::Keep;
    Direction direction = Direction::TailHigh;
    Ties ties = Ties::Average;
    FitWeights weights = FitWeights::Uniform;
    ShotRule groups;
    /// Of the test prior: classes weigh their training count to this power. 1 = as in training,
    /// 0 = all the same, -1 = the rarest most.
    double testPrior = 0;

    bool operator==(const Choices&) const = default;
};

/// The core's method for `kind` with the parameters that `choices` holds. `norms` are the head's.
Method methodOf(const Choices& choices, MethodKind kind, const std::vector<double>& norms);

/// Whether both ask for the same fit, so that the profile need not be made again.
bool sameFit(const Choices& a, const Choices& b);
FitOptions fitOptions(const Choices& choices);

/// MaxNorm's radius where none is chosen, rounded to four figures.
double medianNorm(const std::vector<double>& norms);

} // namespace monotail
