// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dataset/class_set.h"
#include "dataset/csv.h"

namespace monotail {

/// More classes than this are taken for a mistake (a count or a year in the label column).
constexpr std::int64_t maxClasses = 1'000'000;

/// What --classes and --class-map say: names by index, and indices by name.
struct NameTable
{
    std::vector<std::string> names; ///< by index; empty text where nobody names the class
    std::unordered_map<std::string, std::int64_t> indices;
    std::string source;                  ///< the files, for messages; empty = neither was given
    std::optional<std::int64_t> classes; ///< what --classes says; a map may leave classes out

    bool empty() const { return indices.empty(); }
    std::optional<std::int64_t> indexOf(const std::string& name) const;
};

/// Throws Error for names and indices given twice, gaps, bad indices, and where the two files
/// disagree.
NameTable readNameTable(const ClassNaming& naming);

/// Where a CSV says which class a row is about.
struct KeyColumns
{
    std::optional<std::size_t> index; ///< whole numbers
    std::optional<std::size_t> name;
};

/// Throws Error, naming the columns there are, if no column names a class.
KeyColumns findKeyColumns(const CsvTable& table, const TextSource& source);

/// The class of every row, in the order of the rows: by index, else by name through `names`, else,
/// where `names` is empty, the position. Throws Error for unknown names, for classes named twice,
/// and for rows whose index and name disagree with `names`.
std::vector<std::int64_t> rowClasses(const CsvTable& table, const TextSource& source,
                                     const KeyColumns& keys, const NameTable& names);

/// A class index, or Error: negative, at or above `classes`, or absurdly large.
std::int64_t checkedClass(std::int64_t index, std::optional<std::int64_t> classes,
                          const std::string& place);

} // namespace monotail
