// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "checkpoint/new_file.h"

namespace monotail {

/// An OrderedDict of these tensors as torch.save pickles it (protocol 2), each contiguous in a
/// storage of its own: "0", "1", ... in their order. Their types must have a storageName().
std::string pickledStateDict(const std::vector<FileTensor>& tensors);

} // namespace monotail
