// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "retrain/recipe.h"

namespace monotail {

/// The learning rate of an epoch, counted from 0.
double rateAt(const Recipe& recipe, int epoch);

} // namespace monotail
