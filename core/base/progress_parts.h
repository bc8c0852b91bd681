// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/progress.h"

namespace monotail {

/// Hands out a Progress for each of so many equal parts of some work, one after the other. Outlives
/// those that it hands out.
class ProgressParts
{
public:
    ProgressParts(const Progress& whole, std::size_t parts)
        : m_whole(whole), m_parts(static_cast<std::int64_t>(parts))
    {}

    Progress next()
    {
        const std::int64_t begin = unit * m_done++;
        if (!m_whole)
            return {};
        return [this, begin](std::int64_t done, std::int64_t total) {
            const std::int64_t within = total > 0
                                            ? static_cast<std::int64_t>(static_cast<double>(unit) *
                                                                        static_cast<double>(done) /
                                                                        static_cast<double>(total))
                                            : unit;
            return m_whole(std::min(begin + std::min(within, unit), unit * m_parts),
                           unit * m_parts);
        };
    }

private:
    static constexpr std::int64_t unit = 1000;
    const Progress& m_whole;
    std::int64_t m_parts;
    std::int64_t m_done = 0;
};

} // namespace monotail
