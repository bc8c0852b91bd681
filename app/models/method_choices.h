// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluate/evaluation.h"
#include "session/choices.h"

namespace monotail {

/// The rescaling of each row of methodTable(); the first row, the head as it is, has none: null.
std::vector<const MethodResult*> methodRows(const Evaluation& evaluation);

/// `now` with the method that made `rescaling` chosen, with its parameter and bias. Parameters that
/// have the same effect already are left alone; so is everything that other methods use.
Choices choosing(const Choices& now, const Rescaling& rescaling, const std::vector<double>& norms);
/// `now` with the head as it is.
Choices choosingNone(const Choices& now);

/// The method behind a rescaling's name, "tau=0.7, bias dropped"; scales are the rescaling's own.
Method methodBehind(const Rescaling& rescaling);

} // namespace monotail
