// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "dataset/numbers.h"
#include "platform/mapped_file.h"

namespace monotail {

bool looksLikeNpy(std::span<const std::byte> bytes);

/// The array in the bytes of a .npy file (format 1.0 to 3.0), which `owner` keeps alive. Throws
/// Error for headers that are not exactly numpy's, for big-endian, structured and object arrays,
/// and where the data is shorter or longer than the header says.
NumberArray readNpy(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                    const std::string& name);
NumberArray readNpy(std::shared_ptr<const MappedFile> file);

/// The names of the arrays in a .npz file, without ".npy".
std::vector<std::string> npzKeys(const MappedFile& file);

/// One of these arrays. A stored member stays mapped; a deflated one is inflated into memory, up to
/// 1 GiB, or 64 MiB where it shrinks a hundredfold. Throws Error where the archive or the array is
/// damaged.
NumberArray readNpzArray(std::shared_ptr<const MappedFile> file, const std::string& key);

/// Whether a zip archive holds .npy members (and no pickle, as PyTorch's archives do).
bool looksLikeNpz(const MappedFile& file);

} // namespace monotail
