// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retrain/recipe.h"

namespace monotail {

/// A number of the recipe that can be swept.
struct Hyperparameter
{
    std::string_view name;    ///< "wd", "maxnorm", "las-head", "las-tail", "beta", "loss-tau",
                              ///< "then-tau", "then-logit-adjust", "then-maxnorm", "lr",
                              ///< "momentum", "epochs", "batch"
    std::string_view meaning; ///< in words
};

const std::vector<Hyperparameter>& hyperparameters();
/// The recipe with this number in it; no longer a preset. Throws Error for an unknown name, for
/// numbers that are not whole where they have to be, and for what checkRecipe() refuses.
Recipe withHyperparameter(Recipe recipe, std::string_view name, double value);
/// Whether the recipe's result depends on it at all (las-head without label-aware smoothing).
bool hasEffect(const Recipe& recipe, std::string_view name);

/// One hyperparameter and the values it is to take, in ascending order.
struct TrainSweepRange
{
    std::string parameter;
    std::vector<double> values;

    bool operator==(const TrainSweepRange&) const = default;
};
/// "wd:0:0.5:0.1" (first, last, step) or "wd:0.0001,0.001,0.01". Throws Error otherwise.
TrainSweepRange parseTrainSweep(std::string_view text);
std::string nameOf(const TrainSweepRange& range);

} // namespace monotail
