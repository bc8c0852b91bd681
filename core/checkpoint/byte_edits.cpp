// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/byte_edits.h"

#include <algorithm>

namespace monotail {

void ByteEdits::add(std::uint64_t offset, std::span<const std::byte> bytes)
{
    if (m_runs.empty() || m_runs.back().end() != offset)
        m_runs.push_back({offset, m_bytes.size(), 0});
    m_runs.back().size += bytes.size();
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

/// The first run that ends after `offset`.
std::vector<ByteEdits::Run>::const_iterator ByteEdits::firstAfter(std::uint64_t offset) const
{
    return std::partition_point(m_runs.begin(), m_runs.end(),
                                [&](const Run& run) { return run.end() <= offset; });
}

void ByteEdits::applyTo(std::uint64_t offset, std::span<std::byte> window) const
{
    const std::uint64_t end = offset + window.size();
    for (auto run = firstAfter(offset); run != m_runs.end() && run->offset < end; ++run) {
        const std::uint64_t from = std::max(run->offset, offset);
        const std::uint64_t to = std::min(run->end(), end);
        const auto source =
            std::span(m_bytes).subspan(run->start + (from - run->offset), to - from);
        std::copy(source.begin(), source.end(), window.subspan(from - offset).begin());
    }
}

bool ByteEdits::touches(std::uint64_t begin, std::uint64_t end) const
{
    const auto run = firstAfter(begin);
    return begin < end && run != m_runs.end() && run->offset < end;
}

} // namespace monotail
