// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "platform/atomic_file.h"
#include "session/compute.h"
#include "session/snapshot.h"

namespace monotail {

/// Everything of a problem at once, without a window: as a session shows it after it has settled.
/// Throws Error for whatever is named and cannot be used.
Snapshot settledSnapshot(const Inputs& inputs, const std::optional<Choices>& choices,
                         const ComputeOptions& compute, const Progress& progress = {});

/// Writes every figure as SVG, PDF and PNG, the tables as CSV, and report.html with all of them
/// into `folder`, which is made if it is not there. Returns the files. Nothing is written if one of
/// them exists and may not be replaced.
std::vector<std::filesystem::path>
writeReport(const Snapshot& snapshot, const std::filesystem::path& folder, Overwrite overwrite);

} // namespace monotail
