// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "platform/mapped_file.h"

namespace monotail::fuzz {

/// The fuzzer's bytes as a file in memory.
inline std::shared_ptr<const MappedFile> fileOf(const std::uint8_t* data, std::size_t size)
{
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    return MappedFile::fromBytes("fuzz", std::vector<std::byte>(bytes, bytes + size));
}

} // namespace monotail::fuzz
