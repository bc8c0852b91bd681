// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dataset/numbers.h"
#include "platform/mapped_file.h"

/// IDX files, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, the type, the
/// number of dimensions, their sizes as big-endian 32-bit numbers, the big-endian data. Also as
/// .gz.
namespace monotail {

/// Whether the file, or what it inflates to, begins with such a header.
bool looksLikeIdx(const MappedFile& file);

/// Bytes stay mapped in a plain file; larger types are turned round in memory, and a .gz is
/// inflated into memory within the bounds of inflated(). Throws Error for a file that is shorter or
/// longer than its header says.
NumberArray readIdx(std::shared_ptr<const MappedFile> file);

} // namespace monotail
