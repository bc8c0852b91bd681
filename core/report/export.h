// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "checkpoint/patch.h"
#include "evaluate/evaluation.h"
#include "report/json.h"
#include "rescale/rescaling.h"

namespace monotail {

struct ExportRequest
{
    const Checkpoint& checkpoint;
    const ClassifierHead& head;
    const ClassSet& classes;
    const ClassProfile& profile;
    const Rescaling& rescaling;
    ShotRule rule;
    std::filesystem::path target;
    Overwrite overwrite = Overwrite::Refuse;
    const FeatureSet* data = nullptr; ///< to announce the accuracy; null = not measured
    const Scorer* scorer = nullptr;
    Warnings warnings = {}; ///< what is known before writing, for the record
};

struct ExportResult
{
    std::filesystem::path output;
    std::filesystem::path provenance; ///< NAME.provenance.json beside the output
    PatchResult patch;
    /// The head as written, read back from the output and evaluated again.
    std::optional<AccuracyReport> announced;
    Warnings warnings; ///< the request's and those of writing
};

/// Writes the corrected checkpoint by patching a copy, and what it was made from beside it. Nothing
/// is written if anything fails before that. See patchCheckpoint for what is refused.
ExportResult exportCorrected(const ExportRequest& request, const Progress& progress = {});

/// What `export` prints with --json.
Json exportJson(const ExportResult& result);

} // namespace monotail
