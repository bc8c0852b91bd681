// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "base/matrix.h"
#include "checkpoint/head_search.h"

namespace monotail {

/// What a published SAMN head learned, as it stands in the file, before anything is folded.
struct SamnRaw
{
    RowMatrixD weight;           ///< C x D, of any length
    std::vector<double> bias;    ///< C; zeros if the head has none
    std::vector<double> rawNorm; ///< C, of fix_norms_w, in class order
    std::vector<double> rawBias; ///< C, of fix_norms_b
    /// The classes from the rarest to the most frequent, as the norms' module has them; the same in
    /// the bias's. Training goes on from here only with counts that give this order.
    std::vector<std::size_t> order;
};

/// Throws Error for a candidate that is no SAMN head, for tensors that are missing, damaged or not
/// finite, and where the two modules order the classes differently.
SamnRaw readSamnRaw(const Checkpoint& checkpoint, const HeadCandidate& head);

} // namespace monotail
