// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "base/text.h"
#include "dataset/array_catalogue.h"
#include "dataset/counts.h"
#include "dataset/feature_origin.h"
#include "dataset/npy.h"

namespace monotail {

namespace {

/// Names under which long-tail code keeps its training counts.
bool isCountsName(std::string_view name)
{
    const std::string key = lowered(name.substr(name.rfind('.') + 1));
    return key == "class_counts" || key == "cls_num_list" || key == "img_num_per_cls" ||
           key == "img_num_list";
}

ClassCounts fromArray(const NumberArray& array, const char* kind)
{
    ClassCounts result;
    result.kind = kind;
    result.counts = readWholeNumbers(array, "class");
    for (std::size_t c = 0; c < result.counts.size(); ++c)
        checkedCount(result.counts[c], message("{}: class {}", array.name, c));
    return result;
}

/// A Python list of numbers is catalogued as scalars "cls_num_list.0", "cls_num_list.1", ...
std::optional<ClassCounts> fromScalars(const Checkpoint& checkpoint, const std::string& source)
{
    ClassCounts result;
    result.kind = "counts stored in the checkpoint";
    std::string list;
    for (const ScalarEntry& entry : checkpoint.scalars) {
        const std::size_t dot = entry.name.rfind('.');
        if (dot == std::string::npos || !isCountsName(entry.name.substr(0, dot)))
            continue;
        const std::string prefix = entry.name.substr(0, dot);
        if (list.empty())
            list = prefix;
        const std::size_t next = result.counts.size();
        if (prefix != list || entry.name.substr(dot + 1) != std::to_string(next))
            break; // the second of two lists, or none after all
        const std::string place = message("{}: {}", source, printable(entry.name));
        if (const auto* whole = std::get_if<std::int64_t>(&entry.value))
            result.counts.push_back(checkedCount(*whole, place));
        else if (const auto* number = std::get_if<double>(&entry.value))
            result.counts.push_back(parseCount(toText(*number), place));
        else
            result.counts.push_back(parseCount(std::get<std::string>(entry.value), place));
    }
    return result.counts.empty() ? std::nullopt : std::optional(result);
}

std::optional<ClassCounts> storedCounts(const ArrayCatalogue& catalogue)
{
    if (!catalogue.checkpoint)
        return {};
    for (std::size_t i = 0; i < catalogue.keys.size(); ++i)
        if (isCountsName(catalogue.keys[i]))
            return fromArray(catalogue.read(i), "counts stored in the checkpoint");
    return fromScalars(*catalogue.checkpoint, catalogue.name);
}

} // namespace

ClassCounts readCountsNpy(std::shared_ptr<const MappedFile> file)
{
    return fromArray(readNpy(std::move(file)), ".npy");
}

ClassCounts readCountsTensors(const std::string& source, const CountsQuery& query)
{
    const ArrayCatalogue catalogue = openArrays(source);
    if (auto stored = storedCounts(catalogue))
        return *stored;
    if (!findArray(catalogue, {"labels", "targets", "y"}))
        throw Error(message("{}: neither labels (labels, targets or y) nor stored counts "
                            "(class_counts, cls_num_list or img_num_per_cls) are in it; it holds "
                            "{}",
                            catalogue.name, keyList(catalogue)));
    ClassCounts result = countLabels(readLabels(catalogue), query, catalogue.name);
    result.kind = "labels of a feature file";
    const FeatureOrigin origin = readFeatureOrigin(catalogue);
    result.names = origin.classes;
    if (result.counts.size() < origin.classes.size())
        result.counts.resize(origin.classes.size(), absentCount);
    const std::string split = lowered(origin.split);
    if (split == "val" || split == "test" || split == "valid" || split == "validation")
        result.warnings.push_back(message("{} says that it is the {} split; counts must come from "
                                          "the training split",
                                          catalogue.name, printable(origin.split, 20)));
    return result;
}

} // namespace monotail
