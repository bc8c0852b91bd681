// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"

namespace monotail {

/// Adds up the work of several passes for one Progress.
class WorkMeter
{
public:
    WorkMeter(const Progress& progress, std::uint64_t total) : m_progress(progress), m_total(total)
    {}
    /// Throws Cancelled if the watcher asks for it.
    void advance(std::uint64_t units)
    {
        m_done += units;
        report(m_progress, static_cast<std::int64_t>(m_done), static_cast<std::int64_t>(m_total));
    }

private:
    const Progress& m_progress;
    std::uint64_t m_done = 0;
    std::uint64_t m_total;
};

} // namespace monotail
