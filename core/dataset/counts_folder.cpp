// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <system_error>

#include "base/text.h"
#include "dataset/counts.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

std::string shown(const fs::path& path)
{
    return printable(path.string());
}

[[noreturn]] void failReading(const fs::path& folder, const std::error_code& error)
{
    throw Error(message("{}: cannot read the folder: {}", shown(folder), error.message()));
}

/// The names of the folders in a folder, sorted by bytes: the order of torchvision's ImageFolder.
std::vector<std::string> classFolders(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        std::error_code unknown;
        if (name.front() != '.' && at->is_directory(unknown))
            names.push_back(name);
    }
    if (error)
        failReading(folder, error);
    std::sort(names.begin(), names.end());
    return names;
}

bool isImageName(const fs::path& path)
{
    const std::string extension = lowered(path.extension().string());
    for (const char* known :
         {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"})
        if (extension == known)
            return true;
    return false;
}

/// Images at any depth (Tiny-ImageNet keeps them in CLASS/images). Links to folders are not
/// followed: they may lead in circles.
std::int64_t countImages(const fs::path& folder)
{
    std::int64_t images = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        std::error_code unknown;
        if (isImageName(at->path()) && at->is_regular_file(unknown))
            ++images;
    }
    if (error)
        failReading(folder, error);
    return images;
}

/// A data set's root instead of its training folder would be read as classes "train" and "val".
void refuseSplits(const fs::path& folder, const std::vector<std::string>& names)
{
    const auto isSplit = [](const std::string& name) {
        for (const char* split : {"train", "val", "test", "valid", "validation", "training"})
            if (lowered(name) == split)
                return true;
        return false;
    };
    if (std::all_of(names.begin(), names.end(), isSplit))
        throw Error(message("{}: its folders are splits ({}), not classes; give the training "
                            "split's folder",
                            shown(folder), joined(names, ", ")));
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
