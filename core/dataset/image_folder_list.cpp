// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "dataset/class_names.h"
#include "dataset/image_folder.h"
#include "dataset/image_list.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

using ClassOfName = std::unordered_map<std::string, std::int64_t>;

struct FolderNames
{
    ClassOfName classes;
    std::string source; ///< of the names, for messages
};

/// What the user says comes first; else the names and ids of the class set.
FolderNames folderNames(const ImageQuery& query)
{
    const NameTable table = readNameTable(query.naming);
    if (!table.empty())
        return {{table.indices.begin(), table.indices.end()}, table.source};
    FolderNames names;
    if (!query.classSet)
        return names;
    names.source = query.classSet->countsSource;
    for (const auto* known : {&query.classSet->names, &query.classSet->ids})
        for (std::size_t c = 0; c < known->size(); ++c)
            names.classes.try_emplace((*known)[c], static_cast<std::int64_t>(c));
    return names;
}

std::int64_t classOf(const ImageQuery& query, const std::string& folder, const FolderNames& names)
{
    const std::string place =
        message("{}, folder {}", printable(query.source), printable(folder, 60));
    const auto found = names.classes.find(folder);
    if (found != names.classes.end())
        return checkedClass(found->second, query.classes, place);
    throw Error(message("{}: no class is called so{}; give --class-map FILE (lines \"folder "
                        "index\") or --classes FILE (one folder name per line, in class order)",
                        place, names.source.empty() ? "" : message(" by {}", names.source)));
}

void warnOfAbsent(const ImageQuery& query, ImageList& list)
{
    if (!query.classSet)
        return;
    std::vector<bool> seen(static_cast<std::size_t>(query.classSet->size()));
    for (const ImageSample& sample : list.samples)
        if (sample.label < query.classSet->size())
            seen[static_cast<std::size_t>(sample.label)] = true;
    const auto absent = std::count(seen.begin(), seen.end(), false);
    if (absent == 0)
        return;
    const auto first = std::find(seen.begin(), seen.end(), false) - seen.begin();
    list.warnings.push_back(message("{} has no images of {} of {} classes (first: class {}, {})",
                                    printable(query.source), absent, seen.size(), first,
                                    query.classSet->names[static_cast<std::size_t>(first)]));
}

} // namespace

void addFolderImages(const ImageQuery& query, ImageList& list)
{
    const auto folders = classFolders(query.source);
    if (folders.empty())
        throw Error(message("{}: no folders are in it; an image folder has one folder per class",
                            printable(query.source)));
    refuseSplits(query.source, folders);
    const FolderNames names = folderNames(query);
    std::unordered_map<std::int64_t, std::string> folderOf;
    for (const std::string& folder : folders) {
        const std::int64_t label = classOf(query, folder, names);
        const auto [other, isNew] = folderOf.try_emplace(label, folder);
        if (!isNew)
            throw Error(message("{}: the folders \"{}\" and \"{}\" are both class {}",
                                printable(query.source), printable(other->second, 60),
                                printable(folder, 60), label));
        for (const std::string& image : imagesBelow(fs::path(query.source) / folder))
            list.samples.push_back({(fs::path(folder) / image).string(), label});
    }
    if (list.samples.empty())
        throw Error(message("{}: no images are in its {} folders (.jpg, .png, ...)",
                            printable(query.source), folders.size()));
    list.kind = "image folder";
    list.root = query.source;
    warnOfAbsent(query, list);
}

} // namespace monotail
