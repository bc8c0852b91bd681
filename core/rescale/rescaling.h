// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rescale/class_profile.h"

namespace monotail {

enum class MethodKind { None, Samn, Tau, MaxNorm, LogitAdjust, EqualNorms, Scales };
enum class BiasRule { Keep, Drop };

struct Method
{
    MethodKind kind = MethodKind::Samn;
    double parameter = 0;       ///< tau, radius R, or logit adjustment's tau
    std::vector<double> scales; ///< C, for Scales
    std::string scalesSource;   ///< for people
    BiasRule bias = BiasRule::Keep;

    bool operator==(const Method&) const = default;
};

/// A per-class scale of the rows and the bias that goes with it: score = scale * (w . f) + bias.
struct Rescaling
{
    std::string method;        ///< as typed: "samn", "tau=0.7", "equal, bias dropped"
    std::vector<double> scale; ///< C, > 0 except where a user's own file says otherwise
    std::vector<double> bias;  ///< C
    Warnings warnings;
};

/// The head as it is: scale 1 and its own bias; the method is "none".
Rescaling unchanged(const ClassifierHead& head);

/// "samn", "none", "tau=0.7", "maxnorm=1.2", "logit-adjust=1", "equal", "scales=FILE". The caller
/// fills the scales from scalesSource, the file (readClassNumbers). Throws Error listing the
/// methods, or naming the bad parameter.
Method parseMethod(std::string_view text);
std::string nameOf(const Method& method);

/// The rescaling a method asks for. Rows of norm 0 keep scale 1. Logit adjustment takes its priors
/// from the class set's counts; a class of count 0 gets the prior of half an image, with a warning.
/// Throws Error for a parameter out of range (tau < 0, R <= 0), for scales or biases that float32
/// cannot hold, and for a cosine head, where only None and LogitAdjust have an effect.
Rescaling rescale(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile,
                  const Method& method);

} // namespace monotail
