// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "platform/atomic_file.h"

namespace monotail {

/// Before any work: throws Error if a file to be written is one of the inputs (by any name) or
/// another output, exists where it may not be replaced, has a name that cannot be, or lies in no
/// folder. Empty names are skipped.
void checkOutputs(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                  Overwrite overwrite);

} // namespace monotail
