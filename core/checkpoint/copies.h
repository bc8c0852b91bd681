// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "checkpoint/patch.h"

namespace monotail {

/// What else in the file speaks of the patched tensors and stays as it was: the optimizer's state
/// and EMA copies, as sentences. The patched tensors must be in the checkpoint.
Warnings untouchedCopies(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches);

} // namespace monotail
