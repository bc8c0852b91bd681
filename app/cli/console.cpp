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

Progress consoleProgress(const std::string& what)
{
    if (::isatty(STDERR_FILENO) == 0)
        return {};
    using Clock = std::chrono::steady_clock;
    const auto last = std::make_shared<Clock::time_point>();
    return [what, last](std::int64_t done, std::int64_t total) {
        const bool finished = done >= total;
        if (!finished && Clock::now() - *last < std::chrono::milliseconds(100))
            return true;
        *last = Clock::now();
        const double percent =
            total > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(total) : 100.0;
        const std::string line =
            finished ? "\r\x1b[K" : message("\r{} {} %\x1b[K", what, toText(percent, 0));
        std::fputs(line.c_str(), stderr);
        return true;
    };
}

std::string heading(const std::string& title)
{
    return title + "\n" + std::string(title.size(), '-') + "\n";
}

} // namespace monotail::cli
