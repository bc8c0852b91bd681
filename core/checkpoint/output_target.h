// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// Throws Error if the target, by whatever name, is a file that the checkpoint was read from.
void checkTarget(const Checkpoint& source, const std::filesystem::path& target);

/// What was written to the target reads back differently at the offset.
[[noreturn]] void failDifferent(const std::filesystem::path& source,
                                const std::filesystem::path& target, std::uint64_t offset);

} // namespace monotail
