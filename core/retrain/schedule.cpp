// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/schedule.h"

#include <cmath>
#include <numbers>

namespace monotail {

double rateAt(const Recipe& recipe, int epoch)
{
    switch (recipe.schedule) {
    case RateSchedule::Cosine:
        return recipe.rate / 2 * (1 + std::cos(std::numbers::pi * epoch / recipe.epochs));
    case RateSchedule::Step:
        return recipe.rate * std::pow(recipe.stepFactor, epoch / recipe.stepEpochs);
    case RateSchedule::Constant:
        return recipe.rate;
    }
    return recipe.rate;
}

} // namespace monotail
