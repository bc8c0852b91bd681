// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/class_set.h"

#include <algorithm>
#include <system_error>

#include "base/text.h"
#include "dataset/array_catalogue.h"
#include "dataset/counts.h"
#include "dataset/wnid_words.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

ClassCounts readDirectory(const std::string& source, const CountsQuery& query)
{
    std::error_code unknown;
    for (const char* labels : {"labels.npy", "targets.npy", "y.npy"})
        if (fs::exists(fs::path(source) / labels, unknown))
            return readCountsTensors(source, query);
    return readCountsFolder(source, query);
}

ClassCounts readCounts(const std::string& source, const CountsQuery& query)
{
    if (auto law = readCountsLaw(source))
        return *law;
    if (isNpyList(source))
        return readCountsTensors(source, query);
    std::error_code unknown;
    if (fs::is_directory(source, unknown))
        return readDirectory(source, query);
    auto file = MappedFile::open(source);
    if (file->bytes().empty())
        throw Error(message("{}: the file is empty; training counts are expected in it",
                            printable(source)));
    switch (fileKind(*file)) {
    case FileKind::Npy:
        return readCountsNpy(std::move(file));
    case FileKind::Npz:
    case FileKind::Checkpoint:
    case FileKind::Pickle:
    case FileKind::Idx:
        return readCountsTensors(source, query);
    case FileKind::Text:
        break;
    }
    return readCountsText(textOf(std::move(file)), query);
}

CountsQuery queryFor(std::optional<std::int64_t> classes, const ClassNaming& naming)
{
    CountsQuery query{classes, readNameTable(naming)};
    const auto named = query.names.classes;
    if (classes && named && *named != *classes)
        throw Error(message("{} names {} classes, the head has {}; give the file that belongs to "
                            "this checkpoint",
                            printable(naming.classes.string()), *named, *classes));
    if (!classes)
        query.classes = named;
    return query;
}

void checkLength(const std::string& source, const ClassCounts& read, const CountsQuery& query)
{
    const auto found = static_cast<std::int64_t>(read.counts.size());
    const bool isShort = found < *query.classes && read.listing == Listing::Complete;
    if (!isShort && found <= *query.classes)
        return;
    const char* hint =
        read.kind == "exponential law" ? "the last number of the law is the number of classes"
        : read.kind == ".npy"
            ? "one count per class is expected (labels are given as features.npy,labels.npy)"
            : "give one count per class in class order, or a CSV with the header label,count";
    throw Error(
        message("{} gives {} classes, {} {}; {}", printable(source), found,
                query.names.classes ? query.names.source + " names" : std::string("the head has"),
                *query.classes, hint));
}

/// Absent classes count 0, and this is said.
void settleAbsent(const std::string& source, ClassCounts& read)
{
    const auto absent = std::count(read.counts.begin(), read.counts.end(), absentCount);
    if (absent == 0)
        return;
    const auto first = std::find(read.counts.begin(), read.counts.end(), absentCount);
    read.warnings.push_back(message("{} says nothing of {} of {} classes (first: class {}); they "
                                    "count 0",
                                    printable(source), absent, read.counts.size(),
                                    first - read.counts.begin()));
    std::replace(read.counts.begin(), read.counts.end(), absentCount, std::int64_t{0});
}

void checkCounts(const std::string& source, const ClassCounts& read)
{
    if (read.counts.empty())
        throw Error(message("{}: no class counts are in it", printable(source)));
    if (std::all_of(read.counts.begin(), read.counts.end(), [](auto n) { return n <= 0; }))
        throw Error(
            message("{}: every class has 0 training images{}", printable(source),
                    read.kind == "image folder"
                        ? "; image files (.jpg, .png, ...) are expected in the class folders"
                        : ""));
}

void setNames(ClassSet& set, const std::string& source, const ClassCounts& read,
              const NameTable& table)
{
    // --classes is what the user calls the classes; a map may only tell folders apart.
    const bool hasOwn = std::any_of(read.names.begin(), read.names.end(),
                                    [](const std::string& name) { return !name.empty(); });
    const bool isTable = table.classes || (!hasOwn && !table.empty());
    const std::vector<std::string>& names = isTable ? table.names : read.names;
    for (std::size_t c = 0; c < set.counts.size(); ++c)
        set.names.push_back(c < names.size() && !names[c].empty()
                                ? printable(names[c])
                                : toText(static_cast<std::int64_t>(c)));
    if (isTable || hasOwn)
        set.namesSource = isTable ? table.source : printable(source);
}

} // namespace

ClassSet readClassSet(const std::string& source, std::optional<std::int64_t> classes,
                      const ClassNaming& naming)
{
    const CountsQuery query = queryFor(classes, naming);
    ClassCounts read = readCounts(source, query);
    checkCounts(source, read);
    if (query.classes) {
        checkLength(source, read, query);
        read.counts.resize(static_cast<std::size_t>(*query.classes), absentCount);
    }
    settleAbsent(source, read);
    ClassSet set;
    set.counts = std::move(read.counts);
    set.countsSource = message("{} ({})", printable(source), read.kind);
    setNames(set, source, read, query.names);
    set.warnings = std::move(read.warnings);
    addWords(set, std::filesystem::path(source).parent_path());
    return set;
}

} // namespace monotail
