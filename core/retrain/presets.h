// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/head.h"
#include "retrain/recipe.h"

namespace monotail {

/// A published stage 2.
struct Preset
{
    std::string name;   ///< "ce+samn"
    std::string title;  ///< for people: "CE + SAMN"
    std::string source; ///< paper and where its settings are from
    std::string note;   ///< what the source varies, or what differs here; may be empty
    Recipe recipe;
    /// The hyperparameters that the method adds to plain training, by their names in
    /// hyperparameters.h; empty for parameter-free methods.
    std::vector<std::string> hyperparameters;
};

/// ce, ce+samn, crt, las, las+samn, lws, tau, wd, wd+maxnorm, logit-adjust, balanced-softmax,
/// cosine.
const std::vector<Preset>& presets();
/// Throws Error listing the names.
const Preset& presetNamed(std::string_view name);

/// Where Weight Balancing puts the MaxNorm radius: a tenth of the way from the smallest to the
/// largest norm of the head's rows.
double publishedRadius(const ClassifierHead& head);
/// The preset's recipe for a head: the same for every head, but for the MaxNorm radius.
Recipe presetRecipe(const Preset& preset, const ClassifierHead& head);

/// `changed`, which is no longer the preset that `original` was if they differ in more than seed
/// and precision.
Recipe refined(const Recipe& original, Recipe changed);

} // namespace monotail
