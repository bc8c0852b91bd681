// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pace.h"

#include "base/text.h"

namespace monotail {

std::optional<Pace> PaceMeter::at(std::int64_t done, std::int64_t total, Clock::time_point now)
{
    constexpr double telling = 2; // seconds
    if (!m_start || done < m_last) {
        m_start = now;
        m_first = done;
    }
    m_last = done;
    const double seconds = std::chrono::duration<double>(now - *m_start).count();
    if (seconds < telling || done <= m_first)
        return {};
    const double rate = static_cast<double>(done - m_first) / seconds;
    return Pace{rate, static_cast<double>(total - done) / rate};
}

std::string clockText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(seconds + 0.5);
    const std::string rest = toText(whole % 60);
    return message("{}:{}{}", whole / 60, rest.size() < 2 ? "0" : "", rest);
}

} // namespace monotail
