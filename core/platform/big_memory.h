// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <utility>

namespace monotail {

/// Bytes that could be taken without swapping, as the system estimates; 0 if it does not say.
std::size_t availableMemory();

/// A large block of zeros that costs memory only where it is written, aligned to a page at least.
class BigMemory
{
public:
    BigMemory() = default;
    /// In memory. Throws Error if there is not enough address space.
    static BigMemory inRam(std::size_t bytes);
    /// In a nameless file of `folder`, so that what memory cannot hold goes to disk; it is gone
    /// with the last owner or with the program, however that ends. The space is reserved: throws
    /// Error with the folder and the reason if it is not there.
    static BigMemory inFile(std::size_t bytes, const std::filesystem::path& folder);

    BigMemory(BigMemory&& other) noexcept
        : m_data(std::exchange(other.m_data, nullptr)), m_bytes(std::exchange(other.m_bytes, 0))
    {}
    BigMemory& operator=(BigMemory&& other) noexcept
    {
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }
    ~BigMemory();

    std::byte* data() const { return m_data; }
    std::size_t bytes() const { return m_bytes; }

private:
    BigMemory(std::byte* data, std::size_t bytes) : m_data(data), m_bytes(bytes) {}

    std::byte* m_data = nullptr;
    std::size_t m_bytes = 0;
};

} // namespace monotail
