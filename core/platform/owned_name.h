// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace monotail {

/// A fresh ".monotail-<16 hexadecimal digits>.part" in `folder`: a name that this program owns.
std::filesystem::path ownedName(const std::filesystem::path& folder);

/// Locks the open file for its writer and says whether `name` still means that file. Whoever holds
/// the lock is alive: names without a lock were left by a killed run.
bool lockOwned(int descriptor, const std::filesystem::path& name);

/// Removes the owned names in `folder` that nobody holds locked. Failures are passed over: they
/// are not what the caller came for.
void removeStaleNames(const std::filesystem::path& folder);

} // namespace monotail
