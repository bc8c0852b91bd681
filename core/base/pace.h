// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace monotail {

/// How fast work goes on, told by its progress.
struct Pace
{
    double perSecond = 0;
    double secondsLeft = 0;
};

/// Measures from the first call on; work that an earlier run did counts for nothing. Less done than
/// before means other work: it measures anew.
class PaceMeter
{
public:
    using Clock = std::chrono::steady_clock;
    /// Nothing in the first two seconds, and where nothing was done.
    std::optional<Pace> at(std::int64_t done, std::int64_t total,
                           Clock::time_point now = Clock::now());

private:
    std::optional<Clock::time_point> m_start;
    std::int64_t m_first = 0;
    std::int64_t m_last = 0;
};

/// "1:05", for people.
std::string clockText(double seconds);

} // namespace monotail
