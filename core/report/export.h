// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "evaluate/evaluation.h"
#include "platform/atomic_file.h"
#include "report/json.h"
#include "rescale/rescaling.h"

namespace monotail {

enum class ExportFormat {
    Automatic,   ///< a patch where it can be one, else a state_dict
    Patch,       ///< a copy of the file with only the head's numbers changed
    StateDict,   ///< a new file with the model's tensors, as torch.save writes it
    Safetensors, ///< the same as safetensors
};
std::string_view nameOf(ExportFormat format); ///< "patch", "state-dict", ...
/// Throws Error listing the formats; "auto" is Automatic.
ExportFormat parseExportFormat(std::string_view name);

/// What Automatic is for this head and rescaling: SAMN heads and biases that are new need a file of
/// another shape.
ExportFormat formatFor(const Checkpoint& checkpoint, const ClassifierHead& head,
                       const Rescaling& rescaling);

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
    ExportFormat format = ExportFormat::Automatic;
};

struct ExportResult
{
    std::filesystem::path output;
    std::filesystem::path provenance;          ///< NAME.provenance.json beside the output
    ExportFormat format = ExportFormat::Patch; ///< never Automatic
    std::uint64_t bytes = 0; ///< a patch: rewritten bytes of the head; a new file: all its bytes
    double maxRounding = 0;  ///< largest |stored - wanted| over the head's new numbers
    bool verified = false;   ///< read back and compared byte by byte
    Warnings writing;        ///< what writing it has to say
    /// The head as written, read back from the output and evaluated again.
    std::optional<AccuracyReport> announced;
    Warnings warnings; ///< the request's and those of writing
};

/// Writes the corrected checkpoint and what it was made from beside it. Nothing is written if
/// anything fails before that. See patchCheckpoint and planNewFile for what is refused.
ExportResult exportCorrected(const ExportRequest& request, const Progress& progress = {});

/// What `export` prints with --json.
Json exportJson(const ExportResult& result);

} // namespace monotail
