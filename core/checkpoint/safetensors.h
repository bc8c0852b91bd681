// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// Whether the bytes look like safetensors: a plausible header length, then '{'.
bool looksLikeSafetensors(const MappedFile& file);

/// The catalogue of a safetensors file. Throws Error for a header that is too long (over 100 MB) or
/// no JSON, for unknown dtypes, and for offsets that are out of range, overlap or leave holes.
Checkpoint readSafetensors(std::shared_ptr<const MappedFile> file);

} // namespace monotail
