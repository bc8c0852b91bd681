// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "dataset/class_names.h"

namespace monotail {

namespace {

bool anyWhole(const CsvTable& table, std::size_t column)
{
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const CsvRow& row) {
        return parseWhole(row.fields[column]).has_value();
    });
}

/// A name that `names` knows under another index than the file gives means that one of the two is
/// shifted. Names that it does not know are another vocabulary, which is no contradiction.
void checkAgreement(const std::string& name, std::int64_t index, const NameTable& names,
                    const std::string& place)
{
    const auto known = names.indexOf(name);
    if (known && *known != index)
        throw Error(message("{}: {} is class {} here, but class {} in {}; correct one of them or "
                            "give another --class-map",
                            place, inQuotes(name), index, *known, names.source));
}

std::int64_t classOfRow(const CsvRow& row, const TextSource& source, const KeyColumns& keys,
                        const NameTable& names, std::int64_t position)
{
    const std::string place = placeOf(source, row.line);
    if (keys.index) {
        const std::string& field = row.fields[*keys.index];
        const auto index = parseWhole(field);
        if (!index)
            throw Error(message("{}: {} is no class index, although other rows of this column are",
                                place, inQuotes(field)));
        if (keys.name)
            checkAgreement(row.fields[*keys.name], *index, names, place);
        return *index;
    }
    if (names.empty())
        return position;
    const std::string& name = row.fields[*keys.name];
    if (const auto index = names.indexOf(name))
        return *index;
    throw Error(message("{}: {} is no class of {}; correct the name, or give a --class-map with it",
                        place, inQuotes(name), names.source));
}

} // namespace

KeyColumns findKeyColumns(const CsvTable& table, const TextSource& source)
{
    KeyColumns keys;
    for (const std::string_view name :
         {"index", "idx", "class_index", "class_idx", "class_id", "label_id", "label", "target",
          "class", "category_id", "category", "id", "labels", "classes"}) {
        const auto column = table.find({name});
        // One number is enough: a column that is meant as indices must not turn into names by one
        // bad row.
        if (column && anyWhole(table, *column)) {
            keys.index = column;
            break;
        }
    }
    for (const std::string_view name :
         {"name", "class_name", "classname", "label_name", "category_name", "names", "class",
          "label", "category", "synset", "wnid", "folder", "id", "labels", "classes"}) {
        const auto column = table.find({name});
        if (column && column != keys.index) {
            keys.name = column;
            break;
        }
    }
    if (!keys.index && !keys.name)
        throw Error(message("{}: no column says which class a row is about; name one \"label\", "
                            "\"class\", \"index\" or \"name\" (the columns are {})",
                            source.name, table.columnList()));
    return keys;
}

std::vector<std::int64_t> rowClasses(const CsvTable& table, const TextSource& source,
                                     const KeyColumns& keys, const NameTable& names)
{
    std::vector<std::int64_t> classes;
    classes.reserve(table.rows.size());
    std::unordered_map<std::int64_t, std::int64_t> lineOfClass;
    std::unordered_map<std::string, std::int64_t> lineOfName;
    for (const CsvRow& row : table.rows) {
        const auto position = static_cast<std::int64_t>(classes.size());
        const std::int64_t index = classOfRow(row, source, keys, names, position);
        const auto [before, isNew] = lineOfClass.emplace(index, row.line);
        if (!isNew)
            throw Error(message("{}: class {} is there twice; line {} has it already",
                                placeOf(source, row.line), index, before->second));
        if (!keys.index) {
            const std::string& name = row.fields[*keys.name];
            const auto [line, isNewName] = lineOfName.emplace(name, row.line);
            if (!isNewName)
                throw Error(message("{}: the class {} is there twice; line {} has it already",
                                    placeOf(source, row.line), inQuotes(name), line->second));
        }
        classes.push_back(index);
    }
    return classes;
}

} // namespace monotail
