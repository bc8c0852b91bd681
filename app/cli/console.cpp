// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <unistd.h>

#include "base/pace.h"
#include "base/text.h"

namespace monotail::cli {

void print(std::string_view text)
{
    const std::size_t written = std::fwrite(text.data(), 1, text.size(), stdout);
    if (written != text.size() || std::fflush(stdout) != 0)
        throw Error("cannot write to standard output");
}

void printWarnings(const Warnings& warnings)
{
    for (const std::string& warning : warnings)
        std::fputs(message("warning: {}\n", printable(warning, 10000)).c_str(), stderr);
}

namespace {

std::string paceText(const std::optional<Pace>& pace, const std::string& unit)
{
    if (!pace)
        return {};
    const std::string left = message(", {} left", clockText(pace->secondsLeft));
    return unit.empty()
               ? left
               : message(", {} {}/s{}", toText(pace->perSecond, pace->perSecond < 10 ? 1 : 0), unit,
                         left);
}

} // namespace

Progress consoleProgress(const std::string& what, const std::string& unit)
{
    return consoleProgress([what](std::int64_t, std::int64_t) { return what; }, unit);
}

Progress consoleProgress(const ProgressWords& what, const std::string& unit)
{
    if (::isatty(STDERR_FILENO) == 0)
        return {};
    using Clock = std::chrono::steady_clock;
    struct Line
    {
        Clock::time_point last;
        PaceMeter pace;
    };
    return [what, unit, line = std::make_shared<Line>()](std::int64_t done, std::int64_t total) {
        const bool finished = done >= total;
        if (!finished && Clock::now() - line->last < std::chrono::milliseconds(100))
            return true;
        line->last = Clock::now();
        const double percent =
            total > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(total) : 100.0;
        const std::string pace = paceText(line->pace.at(done, total), unit);
        const std::string text =
            finished ? "\r\x1b[K"
                     : message("\r{} {} %{}\x1b[K", what(done, total), toText(percent, 0), pace);
        std::fputs(text.c_str(), stderr);
        return true;
    };
}

std::string heading(const std::string& title)
{
    return title + "\n" + std::string(title.size(), '-') + "\n";
}

} // namespace monotail::cli
