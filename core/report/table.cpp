// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/table.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

using Row = std::vector<std::string>;

/// Columns a terminal gives the text: UTF-8 continuation bytes take none.
std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string padded(const std::string& text, std::size_t columns, bool left)
{
    const std::string blanks(columns - std::min(columns, width(text)), ' ');
    return left ? text + blanks : blanks + text;
}

std::vector<std::size_t> columnWidths(const Table& table)
{
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < table.header.size(); ++column) {
        std::size_t widest = width(table.header[column]);
        for (const Row& row : table.rows)
            widest = std::max(widest, width(row[column]));
        widths.push_back(widest);
    }
    return widths;
}

std::string alignedRow(const Table& table, const Row& row, const std::vector<std::size_t>& widths,
                       std::string_view separator)
{
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
        if (column > 0)
            line += separator;
        line += padded(row[column], widths[column], column < table.textColumns);
    }
    return line;
}

std::string asText(const Table& table)
{
    const auto widths = columnWidths(table);
    const auto line = [&](const Row& row) {
        std::string text = alignedRow(table, row, widths, "  ");
        text.erase(text.find_last_not_of(' ') + 1);
        return text + "\n";
    };
    std::string out = line(table.header);
    out += std::string(width(alignedRow(table, table.header, widths, "  ")), '-') + "\n";
    for (const Row& row : table.rows)
        out += line(row);
    return out;
}

std::string replaced(std::string text, char from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, 1, to);
    return text;
}

std::string asMarkdown(Table table)
{
    for (Row& row : table.rows)
        for (std::string& cell : row)
            cell = replaced(cell, '|', "\\|");
    const auto widths = columnWidths(table);
    std::string out = "| " + alignedRow(table, table.header, widths, " | ") + " |\n|";
    for (std::size_t column = 0; column < widths.size(); ++column)
        out += column < table.textColumns ? std::string(widths[column] + 2, '-') + "|"
                                          : std::string(widths[column] + 1, '-') + ":|";
    out += "\n";
    for (const Row& row : table.rows)
        out += "| " + alignedRow(table, row, widths, " | ") + " |\n";
    return out;
}

std::string latexEscaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\textbackslash{}";
        else if (c == '~' || c == '^')
            out += std::string("\\") + c + "{}";
        else if (c == '<' || c == '>')
            out += std::string("$") + c + "$"; // other signs in the usual font encoding
        else if (std::string_view("&%$#_{}").find(c) != std::string_view::npos)
            out += std::string("\\") + c;
        else
            out += c;
    }
    return out;
}

std::string asLatex(const Table& table)
{
    const auto line = [](const Row& row) {
        Row cells;
        std::transform(row.begin(), row.end(), std::back_inserter(cells), latexEscaped);
        return joined(cells, " & ") + " \\\\\n";
    };
    std::string out = "\\begin{tabular}{" + std::string(table.textColumns, 'l') +
                      std::string(table.header.size() - table.textColumns, 'r') + "}\n\\hline\n";
    out += line(table.header) + "\\hline\n";
    for (const Row& row : table.rows)
        out += line(row);
    return out + "\\hline\n\\end{tabular}\n";
}

std::string asCsv(const Table& table)
{
    const auto line = [](const Row& row) {
        Row cells;
        std::transform(row.begin(), row.end(), std::back_inserter(cells), csvField);
        return joined(cells, ",") + "\n";
    };
    std::string out = line(table.header);
    for (const Row& row : table.rows)
        out += line(row);
    return out;
}

} // namespace

Table abridged(Table table, std::size_t most)
{
    if (table.rows.size() <= most)
        return table;
    const std::size_t half = (most - 1) / 2;
    Row gap(table.header.size());
    gap.front() = message("... {} more", table.rows.size() - 2 * half);
    const auto begin = table.rows.begin() + static_cast<std::ptrdiff_t>(half);
    const auto end = table.rows.end() - static_cast<std::ptrdiff_t>(half);
    table.rows.insert(table.rows.erase(begin, end), std::move(gap));
    return table;
}

TableFormat parseTableFormat(std::string_view name)
{
    if (name == "text")
        return TableFormat::Text;
    if (name == "md")
        return TableFormat::Markdown;
    if (name == "latex")
        return TableFormat::Latex;
    if (name == "csv")
        return TableFormat::Csv;
    throw Error(message("{}: expected text, md, latex or csv", printable(name)));
}

std::string format(const Table& table, TableFormat format)
{
    switch (format) {
    case TableFormat::Text:
        return asText(table);
    case TableFormat::Markdown:
        return asMarkdown(table);
    case TableFormat::Latex:
        return asLatex(table);
    case TableFormat::Csv:
        break;
    }
    return asCsv(table);
}

std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    return "\"" + replaced(std::string(text), '"', "\"\"") + "\"";
}

} // namespace monotail
