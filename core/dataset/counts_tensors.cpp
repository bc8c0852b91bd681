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

std::optional<ClassCounts> fromLists(const Checkpoint& checkpoint, const std::string& source)
{
    for (const NumberList& list : checkpoint.lists) {
        if (!isCountsName(list.name))
            continue;
        ClassCounts result;
        result.kind = "counts stored in the checkpoint";
        for (const std::int64_t count : list.values)
            result.counts.push_back(
                checkedCount(count, message("{}: {}", source, printable(list.name))));
        return result;
    }
    return std::nullopt;
}

std::optional<ClassCounts> storedCounts(const ArrayCatalogue& catalogue)
{
    if (!catalogue.checkpoint)
        return {};
    for (std::size_t i = 0; i < catalogue.keys.size(); ++i)
        if (isCountsName(catalogue.keys[i]))
            return fromArray(catalogue.read(i), "counts stored in the checkpoint");
    return fromLists(*catalogue.checkpoint, catalogue.name);
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
    if (!findLabels(catalogue))
        throw Error(message("{}: neither labels (labels, targets or y) nor stored counts "
                            "(class_counts, cls_num_list or img_num_per_cls) are in it; {}",
                            catalogue.name, whatIsThere(catalogue)));
    ClassCounts result = countLabels(readLabels(catalogue), query, catalogue.name);
    result.kind = "labels of " + catalogue.form;
    result.warnings.insert(result.warnings.end(), catalogue.warnings.begin(),
                           catalogue.warnings.end());
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
