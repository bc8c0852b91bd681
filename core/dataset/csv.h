// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/text_source.h"

namespace monotail {

struct CsvRow
{
    std::vector<std::string> fields; ///< as many as the table has columns, blanks trimmed
    std::int64_t line = 0;
};

struct CsvTable
{
    std::vector<std::string> columns; ///< as the file writes them
    std::vector<std::string> keys;    ///< in lower case, with '_' for blanks and '-', to find them
    std::vector<CsvRow> rows;

    /// The first of these (lower-case) names that is a column.
    std::optional<std::size_t> find(std::initializer_list<std::string_view> names) const;
    /// The columns' names for messages: "label", "n" and "x".
    std::string columnList() const;
};

/// The delimiter that the line uses most, outside quotes: comma, semicolon or tab; 0 if none.
char csvDelimiter(std::string_view line);

/// RFC 4180 with any of the three delimiters; the first row is the header unless `headerless`.
/// Empty lines and lines that begin with '#' are skipped. Throws Error, with the line, for rows of
/// another length than the first one, open quotes, columns named twice, and a text without rows.
enum class CsvHeader { Present, Absent };
CsvTable readCsv(const TextSource& source, CsvHeader header = CsvHeader::Present);

} // namespace monotail
