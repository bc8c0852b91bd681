// SPDX-License-Identifier: GPL-3.0-or-later
#include "rescale/problem.h"

namespace monotail {

HeadCandidate chooseHead(const Checkpoint& checkpoint, HeadQuery query, const std::string& counts,
                         const ClassNaming& naming)
{
    if (!counts.empty() && query.name.empty() && findHeads(checkpoint, query).tied > 1)
        query.classes = readClassSet(counts, std::nullopt, naming).size();
    return chooseHead(checkpoint, query);
}

} // namespace monotail
