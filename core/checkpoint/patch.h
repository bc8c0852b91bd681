// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/progress.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/head.h"
#include "platform/atomic_file.h"

namespace monotail {

/// New numbers for one tensor, contiguous in row-major order.
struct TensorPatch
{
    std::string tensor;
    std::vector<double> values;
};

struct PatchResult
{
    std::uint64_t patchedBytes = 0; ///< bytes of the head's tensors that were rewritten
    double maxRounding = 0;         ///< largest |stored - wanted| over the new values
    bool verified = false; ///< read back: head as wanted, every other byte as in the source
    Warnings warnings; ///< checksums that were wrong before; optimizer state and EMA copies that
                       ///< stay as they were
};

/// The tensors to rewrite so that the head's rows are scaled by `scale` (C) and its effective bias
/// becomes `bias` (C). Linear: weight and, if it changes, bias. LWS: the scale tensor and, if
/// needed, the bias under it. Throws Error where the head has no place for a bias that is not zero,
/// and where a class that is not scaled by 0 would lose all its weights to rounding. `rows`: as
/// planHeadEdits() takes them.
std::vector<TensorPatch> planHeadPatch(const Checkpoint& checkpoint, const ClassifierHead& head,
                                       const std::vector<double>& scale,
                                       const std::vector<double>& bias,
                                       const RowMatrix* rows = nullptr);

/// Copies the checkpoint to `target` with only these tensors' bytes (and, in a zip, their records'
/// CRC fields) changed. Throws Error, naming them, if another tensor shares the bytes, if the
/// target is the source, exists without Overwrite::Replace, or cannot be written. On any failure
/// no target is left behind and the source is untouched. Of a sharded checkpoint the one file that
/// holds these tensors is copied; tensors in several are an Error.
/// Of a sharded checkpoint the one shard is copied that holds them and `together`, tensors that are
/// to be read from the copy too; Error if there is no such one.
PatchResult patchCheckpoint(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches,
                            const std::filesystem::path& target, Overwrite overwrite,
                            const Progress& progress = {},
                            const std::vector<std::string>& together = {});

} // namespace monotail
