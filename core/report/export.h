// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

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
    ScriptedHead ///< the head alone as a TorchScript module: features N x D to logits N x C
};
std::string_view nameOf(ExportFormat format); ///< "patch", "state-dict", ...
/// Throws Error listing the formats; "auto" is Automatic.
ExportFormat parseExportFormat(std::string_view name);

/// What Automatic is for this head and rescaling, and the trained head that takes its place, if
/// any: SAMN heads, cosine heads and biases that are new need a file of another shape. Throws Error
/// where neither a patch nor a new file can hold the result.
ExportFormat formatFor(const Checkpoint& checkpoint, const ClassifierHead& head,
                       const Rescaling& rescaling, const ClassifierHead* trained = nullptr);

/// A head that takes the place of the checkpoint's.
struct TrainedHead
{
    std::shared_ptr<const ClassifierHead> head; ///< as trainedHead() gives it
    std::string name;                           ///< of the recipe, "ce+samn"
    Json record;                                ///< how it was trained, whatever should be kept
};

struct ExportRequest
{
    const Checkpoint& checkpoint;
    const ClassifierHead& head; ///< the checkpoint's
    const ClassSet& classes;
    const ClassProfile& profile;
    const Rescaling&
        rescaling; ///< of the head that is written: of the trained one, if there is one
    ShotRule rule;
    std::filesystem::path target;
    Overwrite overwrite = Overwrite::Refuse;
    const FeatureSet* data = nullptr; ///< to announce the accuracy; null = not measured
    const Scorer* scorer = nullptr;
    Warnings warnings = {}; ///< what is known before writing, for the record
    ExportFormat format = ExportFormat::Automatic;
    std::optional<TrainedHead> trained = {};
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
/// anything fails before that. See patchCheckpoint and planNewFile for what is refused; also
/// refused is a plain file for a trained head that normalises its features and has a bias, or
/// normalises them in parts. ScriptedHead needs LibTorch (loadTorchEngine).
ExportResult exportCorrected(const ExportRequest& request, const Progress& progress = {});

/// What `export` prints with --json.
Json exportJson(const ExportResult& result);

} // namespace monotail
