// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "isotonic/block_tree.h"

namespace monotail::detail {

/// What pools at the seam between two neighbouring places of a tree, found by bisection of their
/// blocks: O(log n) steps however many pool.
MiddleBlock poolSeam(const BlockTree& tree, const Place& left, const Place& right);

} // namespace monotail::detail
