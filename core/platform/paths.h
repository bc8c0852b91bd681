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

} // namespace monotail
