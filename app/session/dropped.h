// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/document.h"

namespace monotail {

enum class FileRole {
    Checkpoint,
    Counts,
    Data,
    Labelled, ///< a list or folder of images: counts where there are none yet, else data
};

/// What a file or folder is, by its contents: features with labels are data, a file with tensors
/// is a checkpoint, the rest is taken for counts.
FileRole roleOf(const std::string& path);

/// What to open when these files arrive while `open` is open. A checkpoint starts anew; counts and
/// data without one are added to what is open.
Inputs withFiles(const Inputs& open, const std::vector<std::string>& paths);

} // namespace monotail
