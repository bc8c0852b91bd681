// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "checkpoint/head.h"
#include "platform/atomic_file.h"

namespace monotail {

/// Writes the head as a TorchScript module, features N x D (any floating type) to logits N x C in
/// float32, that cuts each feature vector into head.unitParts equal parts and brings each to unit
/// length. Its tensors are "weight" (C x D) and "bias" (C). Throws Error if it cannot be written.
void writeScriptModule(const ClassifierHead& head, const std::filesystem::path& target,
                       Overwrite overwrite);

} // namespace monotail
