// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "dataset/counts.h"
#include "dataset/image_folder.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

std::int64_t countImages(const fs::path& folder)
{
    return static_cast<std::int64_t>(imagesBelow(folder).size());
}

std::string shown(const fs::path& path)
{
    return printable(path.string());
}

/// Folders "0", "1", "10", "2" come in this order, which may surprise: the first class whose folder
/// has another number, where all are numbers.
std::optional<std::size_t> firstOutOfOrder(const std::vector<std::string>& names)
{
    std::optional<std::size_t> first;
    for (std::size_t c = 0; c < names.size(); ++c) {
        const auto number = parseInteger(names[c]);
        if (!number)
            return {};
        if (!first && *number != static_cast<std::int64_t>(c))
            first = c;
    }
    return first;
}

void checkFolderCount(const fs::path& folder, std::size_t found, const CountsQuery& query)
{
    if (query.classes && found != static_cast<std::size_t>(*query.classes))
        throw Error(message("{}: {} class folders, but there are {} classes; give --class-map FILE "
                            "(lines \"folder index\") or --classes FILE (one folder name per line, "
                            "in class order), so that a missing folder shifts nothing",
                            shown(folder), found, *query.classes));
}

std::int64_t classOfFolder(const fs::path& folder, const std::string& name,
                           const CountsQuery& query)
{
    const auto index = query.names.indexOf(name);
    if (!index)
        throw Error(message("{}: the folder \"{}\" is no class of {}; add it to a --class-map",
                            shown(folder), printable(name, 60), query.names.source));
    return checkedClass(*index, query.classes,
                        message("{}, folder \"{}\"", shown(folder), printable(name, 60)));
}

} // namespace

ClassCounts readCountsFolder(const fs::path& folder, const CountsQuery& query)
{
    const auto folders = classFolders(folder);
    if (folders.empty())
        throw Error(message("{}: no folders are in it; an image folder has one folder per class",
                            shown(folder)));
    refuseSplits(folder, folders);
    ClassCounts result;
    result.kind = "image folder";
    if (query.names.empty()) {
        checkFolderCount(folder, folders.size(), query);
        for (const std::string& name : folders)
            result.counts.push_back(countImages(folder / name));
        result.names = folders;
        if (const auto c = firstOutOfOrder(folders))
            result.warnings.push_back(
                message("{}: the numbered folders were taken in text order, as torchvision does: "
                        "class {} is the folder \"{}\"; --class-map FILE says otherwise",
                        shown(folder), *c, printable(folders[*c], 60)));
        return result;
    }
    result.listing = Listing::Sparse;
    for (const std::string& name : folders) {
        const auto index = static_cast<std::size_t>(classOfFolder(folder, name, query));
        if (result.counts.size() <= index) {
            result.counts.resize(index + 1, absentCount);
            result.names.resize(index + 1);
        }
        if (result.counts[index] != absentCount)
            throw Error(message("{}: the folders \"{}\" and \"{}\" are both class {}",
                                shown(folder), printable(result.names[index], 60),
                                printable(name, 60), index));
        result.counts[index] = countImages(folder / name);
        result.names[index] = name;
    }
    return result;
}

} // namespace monotail
