// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace monotail {

/// New bytes for places in a file, in ascending order. Neighbours are joined into runs, so that a
/// contiguous tensor is one run whatever its size.
class ByteEdits
{
public:
    /// `offset` must not lie before the end of what was added last.
    void add(std::uint64_t offset, std::span<const std::byte> bytes);

    /// Lays the new bytes over `window`, which shows the file from `offset` on.
    void applyTo(std::uint64_t offset, std::span<std::byte> window) const;
    /// Whether any of [begin, end) is edited.
    bool touches(std::uint64_t begin, std::uint64_t end) const;

    std::uint64_t size() const { return m_bytes.size(); } ///< bytes edited

private:
    struct Run
    {
        std::uint64_t offset; // in the file
        std::size_t start;    // in m_bytes
        std::size_t size;

        std::uint64_t end() const { return offset + size; }
    };

    std::vector<Run>::const_iterator firstAfter(std::uint64_t offset) const;

    std::vector<Run> m_runs;
    std::vector<std::byte> m_bytes;
};

} // namespace monotail
