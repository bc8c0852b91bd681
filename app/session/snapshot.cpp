// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/snapshot.h"

namespace monotail {

double normAfter(const Snapshot& snapshot, std::size_t c)
{
    const double norm = snapshot.document->head->norms[c];
    return snapshot.rescaling ? norm * snapshot.rescaling->scale[c] : norm;
}

} // namespace monotail
