// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "images/decode.h"

/// The formats that decodeImage() reads, and what they share.
namespace monotail {

DecodedImage decodeJpeg(std::span<const std::byte> bytes, const std::string& name);
DecodedImage decodePng(std::span<const std::byte> bytes, const std::string& name);

/// Throws Error for sizes of 0 and for more pixels than twice PIL's limit for decompression bombs,
/// where PIL refuses too.
void checkPictureSize(std::int64_t width, std::int64_t height, const std::string& name);

[[noreturn]] void failTruncated(std::int64_t rowsRead, std::int64_t rows, const std::string& name);
/// The header's size cannot be true: a file of `bytes` bytes never holds that many pixels.
[[noreturn]] void failTooShort(std::int64_t width, std::int64_t height, std::size_t bytes,
                               const std::string& name);
/// `reason` is the codec library's own sentence.
[[noreturn]] void failDamaged(const char* format, const char* reason, const std::string& name);

} // namespace monotail
