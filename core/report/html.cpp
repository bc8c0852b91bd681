// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html.h"

#include <algorithm>

#include "base/text.h"

namespace monotail {

namespace {

using Row = std::vector<std::string>;

std::string numberText(const std::string& cell)
{
    if (cell == "nan" || cell == "-nan" || cell == "+nan")
        return "n/a";
    if (cell == "inf" || cell == "+inf")
        return "\xe2\x88\x9e"; // the sign of infinity
    return cell == "-inf" ? "-\xe2\x88\x9e" : htmlText(cell);
}

bool onlyFirstSpeaks(const Row& row)
{
    return row.size() > 1 && !row.front().empty() &&
           std::all_of(row.begin() + 1, row.end(),
                       [](const std::string& cell) { return cell.empty(); });
}

std::string bodyRow(const Row& row, std::size_t textColumns)
{
    if (onlyFirstSpeaks(row))
        return message("<tr><td class=\"gap\" colspan=\"{}\">{}</td></tr>\n", row.size(),
                       htmlText(row.front()));
    std::string out = "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) {
        const bool words = column < textColumns;
        if (column == 0 && words)
            out += message("<th scope=\"row\">{}</th>", htmlText(row[column]));
        else if (words)
            out += message("<td>{}</td>", htmlText(row[column]));
        else
            out += message("<td class=\"n\">{}</td>", numberText(row[column]));
    }
    return out + "</tr>\n";
}

} // namespace

std::string escapedMarkup(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string printableLines(std::string_view text)
{
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n')) {
        std::string blanked(line);
        std::replace_if(
            blanked.begin(), blanked.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
        lines.push_back(printable(blanked, blanked.size()));
    }
    return joined(lines, "\n");
}

std::string htmlText(std::string_view text)
{
    return escapedMarkup(printableLines(text));
}

std::string htmlTable(const Table& table, std::string_view caption)
{
    std::string out = message("<table>\n<caption>{}</caption>\n<thead><tr>", htmlText(caption));
    for (std::size_t column = 0; column < table.header.size(); ++column)
        out +=
            message("<th scope=\"col\"{}>{}</th>", column < table.textColumns ? "" : " class=\"n\"",
                    htmlText(table.header[column]));
    out += "</tr></thead>\n<tbody>\n";
    for (const Row& row : table.rows)
        out += bodyRow(row, table.textColumns);
    return out + "</tbody>\n</table>\n";
}

} // namespace monotail
