// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checkpoint/new_tensor.h"

namespace monotail {

/// From where on a number goes into a zip64 field: tests set less.
struct ZipLimits
{
    std::uint64_t bytes = 0xffffffff; ///< sizes and offsets
    std::uint64_t members = 0xffff;
};

/// A zip archive as PyTorch writes it, front to back: members stored, their payload aligned to 64
/// bytes by an extra field of the local header, CRC and sizes behind the payload.
class ZipWriter
{
public:
    explicit ZipWriter(ByteSink sink, ZipLimits limits = {});

    /// A member of `size` bytes, which `write` hands to the sink it is given.
    void add(const std::string& name, std::uint64_t size,
             const std::function<void(const ByteSink& sink)>& write);
    void add(const std::string& name, std::string_view bytes);
    /// The central directory. Ends the archive.
    void finish();

private:
    struct Member
    {
        std::uint64_t offset;
        std::uint64_t size;
        std::uint32_t crc = 0;
    };

    void put(std::span<const std::byte> bytes);
    void put(const std::string& bytes);
    void addLocalHeader(const std::string& name, const Member& member);
    void addCentral(const std::string& name, const Member& member);
    bool isWide(std::uint64_t value) const { return value >= m_limits.bytes; }
    std::uint32_t narrow(std::uint64_t value) const;

    ByteSink m_sink;
    ZipLimits m_limits;
    std::uint64_t m_at = 0;
    std::uint64_t m_members = 0;
    std::string m_central;
};

} // namespace monotail
