// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace monotail {

/// SHA-256 (FIPS 180-4) of bytes given in pieces.
class Sha256
{
public:
    Sha256();
    void add(const void* data, std::size_t size);
    void add(std::string_view text) { add(text.data(), text.size()); }
    /// The digest as 64 lower-case hexadecimal digits. Ends the digest: add nothing after it.
    std::string hex();

private:
    void block(const unsigned char* data);

    std::array<std::uint32_t, 8> m_state;
    std::array<unsigned char, 64> m_buffer;
    std::uint64_t m_size = 0;
};

} // namespace monotail
