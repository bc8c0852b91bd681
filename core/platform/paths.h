// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace monotail {

/// The folder of the running program.
std::filesystem::path executableFolder();

/// Where the demo and other installed resources lie, found relative to the program: the source
/// tree's resources/ for a build tree, share/monotail for an installed program. Throws Error
/// naming the places looked at.
std::filesystem::path resourceFolder();

/// The user's folder for files that can be made again: monotail in $XDG_CACHE_HOME or ~/.cache,
/// made if it is not there; else a folder of the user's own in that for temporary
/// files. Throws Error if there is none.
std::filesystem::path cacheFolder();

} // namespace monotail
