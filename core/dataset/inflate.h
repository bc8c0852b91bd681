// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace monotail {

enum class Packing {
    Deflate, ///< as in zip archives, which keep the checksum elsewhere
    Gzip,    ///< with its own checksum, which zlib compares
};

/// As much of the start as fits into `size` bytes; less where the input ends or is damaged.
std::vector<std::byte> inflatedStart(std::span<const std::byte> input, Packing packing,
                                     std::size_t size);

/// What inflates to exactly `size` bytes, up to 1 GiB, or 64 MiB where it shrinks a hundredfold:
/// no numbers do, only files that are built to hurt. Throws Error that begins with `name`; `advice`
/// is what to do with an array that is too large ("save it ...").
std::shared_ptr<const std::vector<std::byte>> inflated(std::span<const std::byte> input,
                                                       Packing packing, std::uint64_t size,
                                                       const std::string& name,
                                                       const std::string& advice);

} // namespace monotail
