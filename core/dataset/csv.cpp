// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/csv.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

/// Takes a text apart into rows; knows where it is, for messages.
class CsvScanner
{
public:
    CsvScanner(const TextSource& source, char delimiter)
        : m_source(source), m_text(source.text), m_delimiter(delimiter)
    {}

    std::optional<CsvRow> next()
    {
        while (m_at < m_text.size()) {
            if (skipEmptyLine())
                continue;
            CsvRow row;
            row.line = m_line;
            do
                row.fields.push_back(field());
            while (take(m_delimiter));
            endLine();
            return row;
        }
        return {};
    }

private:
    bool take(char c)
    {
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    bool skipEmptyLine()
    {
        const std::string_view line = m_text.substr(m_at, m_text.find('\n', m_at) - m_at);
        const std::string_view shown = trimmed(line);
        if (!shown.empty() && shown.front() != '#')
            return false;
        m_at += line.size();
        endLine();
        return true;
    }

    void endLine()
    {
        if (take('\n'))
            ++m_line;
    }

    std::string field()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
            ++m_at;
        if (take('"'))
            return quoted();
        std::size_t end = m_at;
        while (end < m_text.size() && m_text[end] != m_delimiter && m_text[end] != '\n')
            ++end;
        const std::string_view raw = m_text.substr(m_at, end - m_at);
        m_at = end;
        return std::string(trimmed(raw));
    }

    std::string quoted()
    {
        const std::int64_t opened = m_line;
        std::string value;
        for (;; ++m_at) {
            if (m_at >= m_text.size())
                throw Error(message("{}: a quoted field begins here and never ends",
                                    placeOf(m_source, opened)));
            if (m_text[m_at] == '"') {
                if (m_text.substr(m_at, 2) != "\"\"")
                    break;
                ++m_at;
            } else if (m_text[m_at] == '\n') {
                ++m_line;
            }
            value += m_text[m_at];
        }
        ++m_at;
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\r'))
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] != m_delimiter && m_text[m_at] != '\n')
            throw Error(message("{}: there is text behind a closing quote; a quote inside a quoted "
                                "field is written twice",
                                placeOf(m_source, m_line)));
        return value;
    }

    const TextSource& m_source;
    std::string_view m_text;
    char m_delimiter;
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
};

std::string keyOf(std::string_view column)
{
    std::string key = lowered(column);
    std::replace(key.begin(), key.end(), ' ', '_');
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

void setHeader(CsvTable& table, const TextSource& source, const CsvRow& row)
{
    table.columns = row.fields;
    std::unordered_set<std::string> seen;
    for (const std::string& column : table.columns) {
        const std::string key = keyOf(column);
        if (!key.empty() && !seen.insert(key).second)
            throw Error(message("{}: the header names \"{}\" twice", placeOf(source, row.line),
                                printable(column)));
        table.keys.push_back(key);
    }
}

} // namespace

std::optional<std::size_t> CsvTable::find(std::initializer_list<std::string_view> names) const
{
    for (const std::string_view name : names) {
        const auto at = std::find(keys.begin(), keys.end(), name);
        if (at != keys.end())
            return static_cast<std::size_t>(at - keys.begin());
    }
    return {};
}

std::string CsvTable::columnList() const
{
    std::vector<std::string> shown;
    for (const std::string& column : columns) {
        if (shown.size() == 8) {
            shown.push_back("...");
            break;
        }
        shown.push_back(inQuotes(column));
    }
    return joined(shown, ", ");
}

char csvDelimiter(std::string_view line)
{
    std::int64_t uses[3] = {};
    constexpr std::string_view delimiters = ",;\t";
    bool isQuoted = false;
    for (const char c : line) {
        isQuoted = isQuoted != (c == '"');
        const std::size_t which = isQuoted ? std::string_view::npos : delimiters.find(c);
        if (which != std::string_view::npos)
            ++uses[which];
    }
    const auto most = std::max_element(std::begin(uses), std::end(uses));
    return *most == 0 ? '\0' : delimiters[static_cast<std::size_t>(most - std::begin(uses))];
}

CsvTable readCsv(const TextSource& source, CsvHeader header)
{
    const auto first = TextLines(source.text).next();
    if (!first)
        throw Error(message("{}: the file is empty", source.name));
    const char found = csvDelimiter(first->text);
    CsvScanner scanner(source, found == '\0' ? ',' : found);
    CsvTable table;
    auto row = scanner.next();
    const std::size_t width = row->fields.size();
    if (header == CsvHeader::Present) {
        setHeader(table, source, *row);
        row = scanner.next();
    }
    for (; row; row = scanner.next()) {
        // Spreadsheets end rows with delimiters that mean nothing.
        while (row->fields.size() > width && row->fields.back().empty())
            row->fields.pop_back();
        if (row->fields.size() != width)
            throw Error(message("{}: the first line has {} fields, this one {}",
                                placeOf(source, row->line), width, row->fields.size()));
        table.rows.push_back(std::move(*row));
    }
    if (table.rows.empty())
        throw Error(message("{}: there is a header and nothing below it", source.name));
    return table;
}

} // namespace monotail
