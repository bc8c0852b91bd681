// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace monotail {

/// A small table of text, for people and papers.
struct Table
{
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows; ///< each as long as the header
    std::size_t textColumns = 1; ///< the first so many columns are words (left), the rest numbers
};

enum class TableFormat { Text, Markdown, Latex, Csv };

/// At most `most` rows: the first and the last ones, and a row that says how many are left out.
Table abridged(Table table, std::size_t most);

/// "text", "md", "latex", "csv"; throws Error otherwise.
TableFormat parseTableFormat(std::string_view name);
std::string format(const Table& table, TableFormat format);
/// A CSV field, quoted where it has to be.
std::string csvField(std::string_view text);

} // namespace monotail
