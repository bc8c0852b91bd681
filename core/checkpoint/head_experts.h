// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "checkpoint/head_search.h"

namespace monotail {

struct LocatedHead
{
    HeadCandidate head;
    std::string module;       ///< "fc" for "fc.weight"; experts: their list, "linears"
    std::size_t position = 0; ///< of its (last) weight in the file
    std::size_t layer = 0;    ///< of the weight that stands for it
};

/// Heads of one shape that stand side by side in a list ("linears.0", "linears.1", ...; RIDE, SADE,
/// BalPoE) made one head, at the place of the last. Others stay as they are, in their order.
std::vector<LocatedHead> withExpertsJoined(const std::vector<LocatedHead>& heads);

} // namespace monotail
