// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/progress.h"

namespace monotail::cli {

/// A table of classes printed for people has at most so many rows; files and --json have all.
constexpr std::size_t mostRows = 60;
constexpr char classTableNote[] =
    "[low, high]: Wilson 95 % interval; p: McNemar exact, corrected for many tests "
    "(Benjamini-Hochberg)\n";

/// Writes all of `text` to standard output; throws Error if that fails (a full disk, say).
void print(std::string_view text);
/// "warning: ..." lines on standard error.
void printWarnings(const Warnings& warnings);
/// A line on standard error that renews itself, where that is a terminal; else nothing. Work that
/// takes longer is shown with the time left and, where `unit` names what is counted, the rate.
Progress consoleProgress(const std::string& what, const std::string& unit = {});
/// What is done is said anew each time.
using ProgressWords = std::function<std::string(std::int64_t done, std::int64_t total)>;
Progress consoleProgress(const ProgressWords& what, const std::string& unit = {});
/// A heading underlined with dashes, for reports.
std::string heading(const std::string& title);

} // namespace monotail::cli
