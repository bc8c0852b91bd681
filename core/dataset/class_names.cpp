// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/class_names.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "dataset/cifar.h"
#include "dataset/json_lists.h"

namespace monotail {

namespace {

/// One "name is class index" statement of a file.
struct NamedIndex
{
    std::string name;
    std::int64_t index = 0;
    std::int64_t line = 0;
};

std::int64_t indexIn(const TextSource& source, std::string_view field, std::int64_t line)
{
    const auto index = parseWhole(field);
    if (!index)
        throw Error(message("{}: {} is no class index; whole numbers from 0 on are expected",
                            placeOf(source, line), inQuotes(field)));
    return checkedClass(*index, std::nullopt, placeOf(source, line));
}

/// Two columns, index first or name first, with or without a header.
std::vector<NamedIndex> readPairs(const TextSource& source)
{
    const auto first = TextLines(source.text).next();
    CsvTable table = readCsv(source, CsvHeader::Absent);
    const CsvRow head = table.rows.front();
    if (head.fields.size() < 2)
        throw Error(message("{}: {} has one field; a class name and its index are expected",
                            placeOf(source, head.line), inQuotes(first->text)));
    KeyColumns keys;
    if (std::none_of(head.fields.begin(), head.fields.end(), parseWhole)) {
        table = readCsv(source);
        keys = findKeyColumns(table, source);
    } else {
        const auto isIndex = [&](std::size_t column) {
            return std::all_of(table.rows.begin(), table.rows.end(), [&](const CsvRow& row) {
                return parseWhole(row.fields[column]).has_value();
            });
        };
        keys.index = std::size_t{isIndex(1) || !isIndex(0) ? 1u : 0u};
        keys.name = 1 - *keys.index;
    }
    if (!keys.index || !keys.name)
        throw Error(message("{}: a column of class indices and one of names are expected; the "
                            "columns are {}",
                            source.name, table.columnList()));
    std::vector<NamedIndex> pairs;
    for (const CsvRow& row : table.rows)
        pairs.push_back(
            {row.fields[*keys.name], indexIn(source, row.fields[*keys.index], row.line), row.line});
    return pairs;
}

/// "name index" lines; the name may hold blanks.
std::vector<NamedIndex> readBlankSeparated(const TextSource& source)
{
    std::vector<NamedIndex> pairs;
    TextLines lines(source.text);
    while (const auto line = lines.next()) {
        const std::size_t gap = line->text.find_last_of(" \t");
        if (gap == std::string_view::npos)
            throw Error(message("{}: {} has one field; a class name and its index are expected",
                                placeOf(source, line->number), inQuotes(line->text)));
        pairs.push_back({std::string(trimmed(line->text.substr(0, gap))),
                         indexIn(source, line->text.substr(gap + 1), line->number), line->number});
    }
    return pairs;
}

std::vector<NamedIndex> readNameLines(const TextSource& source)
{
    std::vector<NamedIndex> pairs;
    TextLines lines(source.text);
    while (const auto line = lines.next())
        pairs.push_back(
            {std::string(line->text), static_cast<std::int64_t>(pairs.size()), line->number});
    return pairs;
}

std::vector<NamedIndex> readJsonPairs(const TextSource& source)
{
    std::vector<NamedIndex> pairs;
    for (auto& [name, index] : readJsonNames(source))
        pairs.push_back({name, checkedClass(index, std::nullopt, source.name), 1});
    return pairs;
}

/// Whether the first line of a --classes file is the header of a table with indices and names.
bool isNameTable(const TextSource& source)
{
    const auto first = TextLines(source.text).next();
    if (!first || csvDelimiter(first->text) == '\0')
        return false;
    const auto known = [](std::string_view field) {
        const std::string key = lowered(trimmed(field));
        return key == "index" || key == "label" || key == "class" || key == "idx" || key == "id" ||
               key == "class_index";
    };
    const auto fields = split(first->text, csvDelimiter(first->text));
    // "0,cat" on the first line is such a table without its header.
    return std::any_of(fields.begin(), fields.end(), known) ||
           (fields.size() == 2 && parseWhole(fields[0]));
}

void add(NameTable& table, const TextSource& source, const std::vector<NamedIndex>& pairs)
{
    std::unordered_set<std::int64_t> seen;
    for (const NamedIndex& pair : pairs) {
        const auto [known, isNew] = table.indices.try_emplace(pair.name, pair.index);
        if (!isNew && known->second != pair.index)
            throw Error(message("{}: {} is class {} here and class {} before ({})",
                                placeOf(source, pair.line), inQuotes(pair.name), pair.index,
                                known->second, table.source));
        if (!seen.insert(pair.index).second)
            throw Error(
                message("{}: class {} is named twice", placeOf(source, pair.line), pair.index));
        if (table.names.size() <= static_cast<std::size_t>(pair.index))
            table.names.resize(static_cast<std::size_t>(pair.index) + 1);
        std::string& name = table.names[static_cast<std::size_t>(pair.index)];
        if (name.empty())
            name = pair.name;
    }
}

/// "name index" lines, where a comma may be part of the name.
bool isBlankSeparated(const TextLine& line)
{
    const char delimiter = csvDelimiter(line.text);
    if (delimiter == '\0')
        return true;
    const auto fields = split(line.text, delimiter);
    return parseWhole(splitBlanks(line.text).back()) &&
           std::none_of(fields.begin(), fields.end(), parseWhole);
}

/// CIFAR's batches.meta or meta.
std::vector<NamedIndex> readPickledNames(const std::filesystem::path& path)
{
    std::vector<NamedIndex> pairs;
    for (const std::string& name : readCifarNames(path))
        pairs.push_back({name, static_cast<std::int64_t>(pairs.size()), 1});
    return pairs;
}

bool isJson(const TextSource& source)
{
    const std::string_view start = trimmed(source.text.substr(0, 64));
    return !start.empty() && (start.front() == '[' || start.front() == '{');
}

void addClasses(NameTable& table, const std::filesystem::path& path)
{
    auto file = MappedFile::open(path);
    const bool isPickle = looksLikePickle(*file);
    const TextSource source =
        isPickle ? TextSource{printable(path.string()), {}, nullptr} : textOf(std::move(file));
    table.source = source.name;
    const auto pairs = isPickle              ? readPickledNames(path)
                       : isJson(source)      ? readJsonPairs(source)
                       : isNameTable(source) ? readPairs(source)
                                             : readNameLines(source);
    if (pairs.empty())
        throw Error(message("{}: no class names are in it", source.name));
    add(table, source, pairs);
    const auto gap = std::find(table.names.begin(), table.names.end(), std::string());
    if (gap != table.names.end())
        throw Error(message("{}: class {} has no name; every class from 0 to {} needs one",
                            source.name, gap - table.names.begin(), table.names.size() - 1));
    table.classes = static_cast<std::int64_t>(table.names.size());
}

void addClassMap(NameTable& table, const std::filesystem::path& path)
{
    const TextSource source = readText(path);
    table.source += (table.source.empty() ? "" : " and ") + source.name;
    const auto first = TextLines(source.text).next();
    if (!first)
        throw Error(message("{}: the class map is empty", source.name));
    const auto pairs = isJson(source)             ? readJsonPairs(source)
                       : isBlankSeparated(*first) ? readBlankSeparated(source)
                                                  : readPairs(source);
    for (const NamedIndex& pair : pairs)
        checkedClass(pair.index, table.classes, placeOf(source, pair.line));
    add(table, source, pairs);
}

} // namespace

std::optional<std::int64_t> NameTable::indexOf(const std::string& name) const
{
    const auto found = indices.find(name);
    return found == indices.end() ? std::nullopt : std::optional(found->second);
}

NameTable readNameTable(const ClassNaming& naming)
{
    NameTable table;
    if (!naming.classes.empty())
        addClasses(table, naming.classes);
    if (!naming.classMap.empty())
        addClassMap(table, naming.classMap);
    return table;
}

std::int64_t checkedClass(std::int64_t index, std::optional<std::int64_t> classes,
                          const std::string& place)
{
    if (index < 0)
        throw Error(message("{}: class {} is negative; class indices begin at 0", place, index));
    if (classes && index >= *classes)
        throw Error(message("{}: class {} is out of range: there are {} classes (0 to {}){}", place,
                            index, *classes, *classes - 1,
                            index == *classes ? "; do the labels begin at 1?" : ""));
    if (index >= maxClasses)
        throw Error(message("{}: {} is too large for a class index", place, index));
    return index;
}

} // namespace monotail
