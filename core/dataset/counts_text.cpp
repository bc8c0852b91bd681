// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "dataset/counts.h"
#include "dataset/csv.h"
#include "dataset/json_lists.h"
#include "dataset/label_list.h"

namespace monotail {

namespace {

/// Puts `count` where `index` is; classes in between are absent.
void put(std::vector<std::int64_t>& counts, std::int64_t index, std::int64_t count)
{
    const auto at = static_cast<std::size_t>(index);
    if (counts.size() <= at)
        counts.resize(at + 1, absentCount);
    counts[at] = count;
}

std::size_t findCountColumn(const CsvTable& table, const TextSource& source)
{
    const auto column =
        table.find({"train_count", "n_train", "num_train", "count", "counts", "n", "num",
                    "class_count", "train_counts", "num_images", "images", "frequency", "freq"});
    if (!column)
        throw Error(message("{}: no column holds counts; name one \"count\", \"train_count\" or "
                            "\"n\" (the columns are {})",
                            source.name, table.columnList()));
    return *column;
}

std::string withoutComment(std::string_view line)
{
    return std::string(trimmed(line.substr(0, line.find('#'))));
}

} // namespace

std::int64_t checkedCount(std::int64_t count, const std::string& place)
{
    if (count < 0)
        throw Error(message("{}: the count {} is negative", place, count));
    if (count > maxCount)
        throw Error(message("{}: the count {} is too large", place, count));
    return count;
}

std::int64_t parseCount(std::string_view text, const std::string& place)
{
    const auto count = parseWhole(text);
    if (!count)
        throw Error(
            message("{}: {} is not a count; whole numbers are expected", place, inQuotes(text)));
    return checkedCount(*count, place);
}

ClassCounts readCountsLines(const TextSource& source)
{
    ClassCounts result;
    result.kind = "one count per line";
    TextLines lines(source.text);
    while (const auto line = lines.next())
        result.counts.push_back(
            parseCount(withoutComment(line->text), placeOf(source, line->number)));
    return result;
}

ClassCounts readCountsCsv(const TextSource& source, const CountsQuery& query)
{
    const CsvTable table = readCsv(source);
    const KeyColumns keys = findKeyColumns(table, source);
    const std::size_t column = findCountColumn(table, source);
    const auto classes = rowClasses(table, source, keys, query.names);
    ClassCounts result;
    result.kind = "CSV";
    const bool isByPosition = !keys.index && query.names.empty();
    result.listing = isByPosition ? Listing::Complete : Listing::Sparse;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto& [fields, line] = table.rows[row];
        const std::string place = placeOf(source, line);
        // By position, a wrong length is told as one, later.
        const auto limit = isByPosition ? std::nullopt : query.classes;
        const std::int64_t index = checkedClass(classes[row], limit, place);
        put(result.counts, index, parseCount(fields[column], place));
        if (keys.name) {
            result.names.resize(result.counts.size());
            result.names[static_cast<std::size_t>(index)] = fields[*keys.name];
        }
    }
    if (isByPosition)
        result.warnings.push_back(
            message("{} names its classes but gives no indices: its rows were taken in class "
                    "order; --classes FILE or --class-map FILE makes sure",
                    source.name));
    return result;
}

ClassCounts readCountsList(const TextSource& source, const CountsQuery& query)
{
    ClassCounts result;
    result.kind = "label list";
    result.listing = Listing::Sparse;
    for (const LabelledPath& entry : readLabelList(source)) {
        const bool isKnown =
            entry.label >= 0 && entry.label < static_cast<std::int64_t>(result.counts.size());
        if (!isKnown)
            put(result.counts,
                checkedClass(entry.label, query.classes, placeOf(source, entry.line)), absentCount);
        std::int64_t& count = result.counts[static_cast<std::size_t>(entry.label)];
        count = std::max<std::int64_t>(count, 0) + 1;
    }
    return result;
}

ClassCounts countLabels(const std::vector<std::int64_t>& labels, const CountsQuery& query,
                        const std::string& source)
{
    ClassCounts result;
    result.listing = Listing::Sparse;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const bool isKnown =
            labels[i] >= 0 && labels[i] < static_cast<std::int64_t>(result.counts.size());
        if (!isKnown)
            put(result.counts,
                checkedClass(labels[i], query.classes, message("{}: sample {}", source, i)),
                absentCount);
        std::int64_t& count = result.counts[static_cast<std::size_t>(labels[i])];
        count = std::max<std::int64_t>(count, 0) + 1;
    }
    return result;
}

ClassCounts readCountsJson(const TextSource& source)
{
    JsonCounts json = readJsonCounts(source);
    for (std::size_t i = 0; i < json.counts.size(); ++i)
        checkedCount(json.counts[i], message("{}: entry {}", source.name, i));
    ClassCounts result;
    result.counts = std::move(json.counts);
    result.names = std::move(json.names);
    result.kind = "JSON";
    return result;
}

ClassCounts readCountsText(const TextSource& source, const CountsQuery& query)
{
    const auto first = TextLines(source.text).next();
    if (!first)
        throw Error(
            message("{}: the file is empty; training counts are expected in it", source.name));
    const std::string_view line = first->text;
    if (line.front() == '[' || line.front() == '{')
        return readCountsJson(source);
    if (parseDouble(withoutComment(line)))
        return readCountsLines(source);
    const std::string name = lowered(source.name);
    const bool isTable = csvDelimiter(line) != '\0';
    const bool isNamedTable = isTable && (endsWith(name, ".csv") || endsWith(name, ".tsv"));
    if (!isNamedTable && isLabelLine(line))
        return readCountsList(source, query);
    if (isTable)
        return readCountsCsv(source, query);
    throw Error(message("{}: {} begins neither counts (one per line), nor a CSV with a header, nor "
                        "a label list (\"path label\" per line)",
                        placeOf(source, first->number), inQuotes(line)));
}

} // namespace monotail
