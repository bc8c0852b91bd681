// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "checkpoint/new_tensor.h"

namespace monotail {

/// Throws Error, naming the tensor, for a type that no PyTorch storage has.
void checkStateDict(const NewFile& content);

/// The zip archive that torch.save would write for these tensors to `target`, front to back.
void writeStateDict(const NewFile& content, const std::filesystem::path& target,
                    const TensorWriter& write, const ByteSink& sink);

} // namespace monotail
