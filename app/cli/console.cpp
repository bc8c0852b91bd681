// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <unistd.h>

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

using Clock = std::chrono::steady_clock;

/// What a line of progress remembers between its calls.
struct Watch
{
    Clock::time_point start;
    Clock::time_point last;
    std::int64_t first = 0; ///< done before the first call: an earlier run's
    bool isRunning = false;
};

std::string clockText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(seconds + 0.5);
    const std::string rest = toText(whole % 60);
    return message("{}:{}{}", whole / 60, rest.size() < 2 ? "0" : "", rest);
}

/// Empty while it is too early to tell.
std::string paceText(const Watch& watch, std::int64_t done, std::int64_t total,
                     const std::string& unit)
{
    constexpr double telling = 2; // seconds
    const double seconds = std::chrono::duration<double>(watch.last - watch.start).count();
    const double rate = static_cast<double>(done - watch.first) / seconds;
    if (seconds < telling || rate <= 0)
        return {};
    const std::string left =
        message(", {} left", clockText(static_cast<double>(total - done) / rate));
    return unit.empty() ? left
                        : message(", {} {}/s{}", toText(rate, rate < 10 ? 1 : 0), unit, left);
}

} // namespace

Progress consoleProgress(const std::string& what, const std::string& unit)
{
    if (::isatty(STDERR_FILENO) == 0)
        return {};
    const auto watch = std::make_shared<Watch>();
    return [what, unit, watch](std::int64_t done, std::int64_t total) {
        const auto now = Clock::now();
        if (!watch->isRunning)
            *watch = {now, {}, done, true};
        const bool finished = done >= total;
        if (!finished && now - watch->last < std::chrono::milliseconds(100))
            return true;
        watch->last = now;
        const double percent =
            total > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(total) : 100.0;
        const std::string line = finished ? "\r\x1b[K"
                                          : message("\r{} {} %{}\x1b[K", what, toText(percent, 0),
                                                    paceText(*watch, done, total, unit));
        std::fputs(line.c_str(), stderr);
        return true;
    };
}

std::string heading(const std::string& title)
{
    return title + "\n" + std::string(title.size(), '-') + "\n";
}

} // namespace monotail::cli
