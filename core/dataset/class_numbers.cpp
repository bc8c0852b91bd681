// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "dataset/class_names.h"
#include "dataset/class_set.h"

namespace monotail {

namespace {

/// The names of the classes as a table to look names up in. Names that stand for several classes,
/// and indices that stand in for names, are no names.
NameTable tableOf(const ClassSet& classes)
{
    NameTable table;
    table.source = classes.namesSource;
    if (classes.namesSource.empty())
        return table;
    std::vector<std::string> twice;
    for (std::size_t c = 0; c < classes.names.size(); ++c)
        if (!table.indices.emplace(classes.names[c], static_cast<std::int64_t>(c)).second)
            twice.push_back(classes.names[c]);
    for (const std::string& name : twice)
        table.indices.erase(name);
    for (std::size_t c = 0; c < classes.ids.size(); ++c)
        table.indices.emplace(classes.ids[c], static_cast<std::int64_t>(c));
    return table;
}

bool isNumeric(const CsvTable& table, std::size_t column)
{
    return std::all_of(table.rows.begin(), table.rows.end(), [&](const CsvRow& row) {
        return parseDouble(row.fields[column]).has_value();
    });
}

bool isCount(const std::string& key)
{
    for (const char* known : {"count", "counts", "train_count", "n", "n_train", "num_images"})
        if (key == known)
            return true;
    return false;
}

/// The one column of numbers; where there are several, the one that is called so.
std::size_t findValueColumn(const CsvTable& table, const TextSource& source, const KeyColumns& keys)
{
    std::vector<std::size_t> others, counts;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (i != keys.index && i != keys.name && !table.keys[i].empty())
            (isCount(table.keys[i]) ? counts : others).push_back(i);
    const std::vector<std::size_t>& candidates = others.empty() ? counts : others;
    if (candidates.size() == 1)
        return candidates.front();
    for (const std::string_view name : {"value", "scale", "metric", "order"})
        if (const auto column = table.find({name}))
            return *column;
    std::vector<std::size_t> numeric;
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(numeric),
                 [&](std::size_t column) { return isNumeric(table, column); });
    if (numeric.size() == 1)
        return numeric.front();
    throw Error(message(
        "{}: {} holds the numbers; name that column \"value\" (the columns are {})", source.name,
        candidates.empty() ? "no column" : "it cannot be told which column", table.columnList()));
}

void requireIdentity(const KeyColumns& keys, const NameTable& names, const TextSource& source)
{
    if (!keys.index && names.empty())
        throw Error(message("{}: its rows are named, but the classes have no names here; give "
                            "indices in a column \"index\", or --classes FILE",
                            source.name));
}

} // namespace

std::vector<double> readClassNumbers(const std::filesystem::path& path, const ClassSet& classes)
{
    const TextSource source = readText(path);
    const CsvTable table = readCsv(source);
    const KeyColumns keys = findKeyColumns(table, source);
    const NameTable names = tableOf(classes);
    requireIdentity(keys, names, source);
    const std::size_t column = findValueColumn(table, source, keys);
    const auto indices = rowClasses(table, source, keys, names);
    std::vector<double> numbers(classes.counts.size(), std::nan(""));
    for (std::size_t row = 0; row < indices.size(); ++row) {
        const auto& [fields, line] = table.rows[row];
        const std::string place = placeOf(source, line);
        const auto number = parseDouble(fields[column]);
        if (!number || !std::isfinite(*number))
            throw Error(
                message("{}: \"{}\" is not a finite number", place, printable(fields[column], 40)));
        numbers[static_cast<std::size_t>(checkedClass(indices[row], classes.size(), place))] =
            *number;
    }
    const auto missing =
        std::find_if(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
    if (missing != numbers.end()) {
        const auto c = missing - numbers.begin();
        throw Error(message("{}: class {} ({}) has no number; every class from 0 to {} needs one",
                            source.name, c, classes.names[static_cast<std::size_t>(c)],
                            classes.size() - 1));
    }
    return numbers;
}

} // namespace monotail
