// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// The catalogue of what torch.save (1.6 and later) or torch.jit.save wrote: a zip archive.
Checkpoint readTorchZip(std::shared_ptr<const MappedFile> file);

/// Whether the file starts with a Python pickle that holds PyTorch's magic number.
bool looksLikeLegacy(const MappedFile& file);
/// The catalogue of what torch.save wrote before 1.6: pickles, then the storages.
Checkpoint readTorchLegacy(std::shared_ptr<const MappedFile> file);

} // namespace monotail
