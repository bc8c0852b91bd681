// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "platform/atomic_file.h"
#include "session/snapshot.h"

/// A session as a file, NAME.monotail.json: what was open and what was chosen. Versioned; files are
/// named relative to it where they can be, with size, time and the head's digest.
namespace monotail {

struct SavedSession
{
    Inputs inputs;
    Choices choices;
    std::vector<std::int64_t> selection;
    TrainingPlan training;
    std::string headDigest; ///< empty: none was read
    Warnings changed;       ///< files that are not as they were: gone, or another size or time
    bool missing = false;   ///< some of them are gone
};

bool isSessionFile(const std::string& path);

/// Throws Error if nothing is open or the file cannot be written.
void saveSession(const Snapshot& snapshot, const std::vector<std::int64_t>& selection,
                 const std::filesystem::path& target, Overwrite overwrite);

/// Throws Error for a file that is no session, or one of a later version.
SavedSession readSession(const std::filesystem::path& path);

} // namespace monotail
