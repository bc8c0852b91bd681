// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/mapped_file.h"

namespace monotail {

/// A text, and the name by which messages call it. Fuzzers and tests give one without a file.
struct TextSource
{
    std::string name;
    std::string_view text; ///< UTF-8 without a byte order mark
    std::shared_ptr<const MappedFile> file;
};

/// Throws Error for UTF-16 and for binary files.
TextSource textOf(std::shared_ptr<const MappedFile> file);
TextSource readText(const std::filesystem::path& path);

struct TextLine
{
    std::string_view text; ///< without blanks around it
    std::int64_t number = 0;
};

/// The lines of a text one by one, without the empty ones and those that begin with '#'.
class TextLines
{
public:
    explicit TextLines(std::string_view text) : m_rest(text) {}
    std::optional<TextLine> next();

private:
    std::string_view m_rest;
    std::int64_t m_number = 0;
};

/// "counts.csv, line 3", for messages.
std::string placeOf(const TextSource& source, std::int64_t line);

/// Text of a file in quotes, short and safe to print, for messages.
std::string inQuotes(std::string_view text);

/// A whole number, also where the file writes it as "5.0" or "5.000e+00" (numpy.savetxt does).
std::optional<std::int64_t> parseWhole(std::string_view text);

} // namespace monotail
