// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "checkpoint/new_tensor.h"

namespace monotail {

/// Throws Error, naming the tensor, for a type or name that safetensors files cannot hold.
void checkSafetensors(const NewFile& content);

/// The safetensors file of these tensors, front to back: the widest types first, so that every
/// tensor is aligned to its own. Throws Error if the header would be longer than the format allows.
void writeSafetensors(const NewFile& content, const TensorWriter& write, const ByteSink& sink);

} // namespace monotail
