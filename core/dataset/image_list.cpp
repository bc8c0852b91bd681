// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/image_list.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <system_error>

#include "base/text.h"
#include "dataset/array_catalogue.h"
#include "dataset/class_names.h"
#include "dataset/idx.h"
#include "dataset/image_arrays.h"
#include "dataset/image_folder.h"
#include "dataset/label_list.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t probedImages = 16;

bool isFolder(const fs::path& path)
{
    std::error_code unknown;
    return fs::is_directory(path, unknown);
}

bool isThere(const fs::path& path)
{
    std::error_code unknown;
    return fs::exists(path, unknown);
}

/// Never empty, so that it can be made absolute.
fs::path folderOf(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

std::vector<fs::path> partsOf(const std::string& source)
{
    if (isThere(source))
        return {source};
    std::vector<fs::path> parts;
    for (const std::string_view part : split(source, ','))
        parts.emplace_back(std::string(trimmed(part)));
    return parts;
}

/// "test_batch.bin#17" names an image of an array file.
struct ArrayPlace
{
    std::string file;
    std::int64_t image = 0;
};

std::optional<ArrayPlace> arrayPlace(const std::string& id)
{
    const std::size_t at = id.rfind('#');
    if (at == std::string::npos || at == 0)
        return {};
    const auto image = parseInteger(std::string_view(id).substr(at + 1));
    if (!image || *image < 0)
        return {};
    return ArrayPlace{id.substr(0, at), *image};
}

/// Appends a file's images to the arrays and gives the position of its first.
std::int64_t addArray(ImageList& list, PixelArray pixels)
{
    std::int64_t first = 0;
    for (const PixelArray& array : list.arrays)
        first += array.count;
    const PixelArray& other = list.arrays.empty() ? pixels : list.arrays.front();
    if (pixels.channels != other.channels)
        throw Error(message("{}: its images have {} channels, those before {}; give files of one "
                            "form",
                            pixels.images.name, pixels.channels, other.channels));
    list.arrays.push_back(std::move(pixels));
    return first;
}

void readArrays(const std::vector<fs::path>& parts, const ImageQuery& query, ImageList& list)
{
    const bool isPair = parts.size() == 2 && imageFileForm(parts[0]) == ImageFileForm::Idx &&
                        imageFileForm(parts[1]) == ImageFileForm::None;
    for (std::size_t i = 0; i < (isPair ? 1 : parts.size()); ++i) {
        ImageBatchFile batch = readImageBatch(parts[i], isPair ? parts[1] : fs::path());
        list.split = i == 0 || list.split == batch.split ? batch.split : "";
        list.kind = batch.kind;
        list.classes = batch.classes;
        const std::string name = batch.pixels.name;
        const std::int64_t first = addArray(list, std::move(batch.pixels));
        for (std::size_t k = 0; k < batch.labels.size(); ++k) {
            const auto image = static_cast<std::int64_t>(k);
            const std::string id = message("{}#{}", name, image);
            list.samples.push_back(
                {id,
                 checkedClass(batch.labels[k], query.classes,
                              message("{}, image {}", printable(parts[i].string()), image)),
                 first + image});
        }
    }
    list.root = folderOf(parts.front());
}

void readCifarFolder(const ImageQuery& query, ImageList& list)
{
    const auto files = cifarTestFiles(query.source);
    readArrays(files, query, list);
    list.root = query.source;
    list.warnings.push_back(message("{}: of its files the test split was taken ({}); name others, "
                                    "joined by commas, for another split",
                                    printable(query.source),
                                    printable(files.front().filename().string())));
}

/// Lists of "FILE#17 label": what is left of the arrays' images.
void placeInArrays(const TextSource& source, ImageList& list)
{
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> files; // first position, count
    for (ImageSample& sample : list.samples) {
        const auto place = arrayPlace(sample.id);
        if (!place)
            throw Error(message("{}: {} names no image of an array, as \"{}\" does; a list has one "
                                "or the other",
                                source.name, inQuotes(sample.id),
                                printable(list.samples.front().id)));
        auto found = files.find(place->file);
        if (found == files.end()) {
            ImageBatchFile batch = readPixels(list.root / place->file);
            list.kind = batch.kind;
            PixelArray pixels = std::move(batch.pixels);
            const std::int64_t count = pixels.count;
            const std::int64_t first = addArray(list, std::move(pixels));
            found = files.emplace(place->file, std::pair(first, count)).first;
        }
        if (place->image >= found->second.second)
            throw Error(message("{}: {} is not there: {} holds {} images (0 to {})", source.name,
                                inQuotes(sample.id), printable(place->file), found->second.second,
                                found->second.second - 1));
        sample.position = found->second.first + place->image;
    }
}

/// A root that is wrong makes every image unreadable; better said once and at once.
void checkRoot(const TextSource& source, const ImageList& list)
{
    const std::size_t probed = std::min(probedImages, list.samples.size());
    for (std::size_t i = 0; i < probed; ++i)
        if (isThere(list.path(static_cast<std::int64_t>(i))))
            return;
    throw Error(message("{}: none of its first {} images is there (first: {}); --root names the "
                        "folder that its paths begin in",
                        source.name, probed, printable(list.path(0).string(), 400)));
}

void readList(const ImageQuery& query, ImageList& list)
{
    const TextSource source = readText(query.source);
    for (const LabelledPath& entry : readLabelList(source))
        list.samples.push_back(
            {std::string(entry.path),
             checkedClass(entry.label, query.classes, placeOf(source, entry.line))});
    if (list.samples.empty())
        throw Error(message("{}: no images are in this list", source.name));
    list.kind = "label list";
    list.root = query.root ? *query.root : folderOf(query.source);
    if (arrayPlace(list.samples.front().id) && !isThere(list.path(0)))
        placeInArrays(source, list);
    else
        checkRoot(source, list);
}

} // namespace

fs::path ImageList::path(std::int64_t sample) const
{
    return root / samples[static_cast<std::size_t>(sample)].id;
}

bool isLabelListFile(const fs::path& path)
{
    try {
        const auto file = MappedFile::open(path);
        if (file->bytes().empty() || fileKind(*file) != FileKind::Text)
            return false;
        const TextSource source = textOf(file);
        const auto first = TextLines(source.text).next();
        const std::string name = lowered(path.string());
        return first && isLabelLine(first->text) && !endsWith(name, ".csv") &&
               !endsWith(name, ".json");
    } catch (const Error&) {
        return false;
    }
}

bool isImageFolder(const fs::path& folder)
{
    if (!isFolder(folder) || !cifarTestFiles(folder).empty())
        return false;
    std::error_code error;
    bool hasFolders = false;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code unknown;
        if (at->path().extension() == ".npy")
            return false;
        hasFolders = hasFolders || at->is_directory(unknown);
    }
    return hasFolders;
}

bool isImageSource(const std::string& source)
{
    if (isFolder(source))
        return !cifarTestFiles(source).empty() || isImageFolder(source);
    const auto parts = partsOf(source);
    return imageFileForm(parts.front()) != ImageFileForm::None ||
           (parts.size() == 1 && isLabelListFile(parts.front()));
}

namespace {

bool isText(const fs::path& path)
{
    auto file = MappedFile::open(path); // says why it cannot be
    try {
        textOf(std::move(file));
    } catch (const Error&) {
        return false;
    }
    return true;
}

[[noreturn]] void refuse(const std::string& source, const fs::path& file)
{
    if (lowered(file.extension().string()) == ".bin")
        readImageBatch(file); // says what is wrong with CIFAR's binary form
    if (looksLikeIdx(*MappedFile::open(file)))
        readPixels(file);
    throw Error(message("{}: no images are in it; an image folder, a label list, CIFAR-10/100 "
                        "(binary or python form) or IDX images are expected",
                        printable(source)));
}

} // namespace

void attachImages(FeatureSet& features)
{
    if (features.ids.empty() || features.origin.imageRoot.empty())
        return;
    ImageList list;
    list.source = features.source;
    list.root = features.origin.imageRoot;
    list.split = features.origin.split;
    for (std::size_t i = 0; i < features.ids.size(); ++i)
        list.samples.push_back({features.ids[i], features.labels[i]});
    const bool isArrays = arrayPlace(features.ids.front()) && !isThere(list.path(0));
    try {
        const TextSource names{features.source, {}, nullptr};
        isArrays ? placeInArrays(names, list) : checkRoot(names, list);
    } catch (const Error&) { // moved or removed since: the features serve without them
        return;
    }
    list.kind = isArrays ? "arrays" : "files";
    features.imageOf.resize(features.ids.size());
    std::iota(features.imageOf.begin(), features.imageOf.end(), std::int64_t{0});
    features.images = std::make_shared<const ImageList>(std::move(list));
}

ImageList readImageList(const ImageQuery& query)
{
    ImageList list;
    list.source = query.source;
    const auto parts = partsOf(query.source);
    if (isFolder(query.source) && !cifarTestFiles(query.source).empty())
        readCifarFolder(query, list);
    else if (isFolder(query.source))
        addFolderImages(query, list);
    else if (imageFileForm(parts.front()) != ImageFileForm::None)
        readArrays(parts, query, list);
    else if (isLabelListFile(parts.front()) || isText(parts.front()))
        readList(query, list);
    else
        refuse(query.source, parts.front());
    if (list.samples.empty())
        throw Error(message("{}: no images are in it", printable(query.source)));
    return list;
}

} // namespace monotail
