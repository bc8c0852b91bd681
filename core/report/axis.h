// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace monotail {

/// Round tick values (1, 2 or 5 times a power of ten apart) that cover [low, high], about
/// `wanted` of them. Never empty; low may equal high.
std::vector<double> roundTicks(double low, double high, int wanted);
/// Powers of ten from the one below `low` to the one above `high`; both > 0.
std::vector<double> decadeTicks(double low, double high);

} // namespace monotail
