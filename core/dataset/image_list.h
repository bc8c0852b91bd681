// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/class_set.h"
#include "dataset/numbers.h"

namespace monotail {

/// One image of a data set and its class.
struct ImageSample
{
    std::string id; ///< the path as the list or folder has it; arrays: "test_batch.bin#17"
    std::int64_t label = 0;
    std::int64_t position = -1; ///< arrays: which image of all arrays together; -1: as the sample

    bool operator==(const ImageSample&) const = default;
};

/// Raw pixels of a batch file (CIFAR, IDX): `count` x channels x H x W in 8 bits.
struct PixelArray
{
    NumberArray images; ///< UInt8, `count` rows; each row is contiguous, rows may have a gap
    std::int64_t channels = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t count = 0;
    std::string name{}; ///< the file's name, without its folder

    /// channels * H * W bytes of image `i`.
    const std::byte* image(std::int64_t i) const { return images.data + i * images.stride[0]; }
};

/// The images of a split in the order of their source, not read yet.
struct ImageList
{
    std::string source;               ///< as the user gave it
    std::string kind;                 ///< "label list", "image folder", "CIFAR-10", "IDX"
    std::filesystem::path root;       ///< ids of files are below it; unused for arrays
    std::vector<ImageSample> samples; ///< N
    std::vector<PixelArray> arrays;   ///< raw pixels, one after the other; empty: image files
    std::string split;                ///< if the source says: "test"
    std::vector<std::string> classes; ///< class names in index order, if the source has them
    Warnings warnings;

    std::int64_t size() const { return static_cast<std::int64_t>(samples.size()); }
    bool isFiles() const { return arrays.empty(); }
    std::filesystem::path path(std::int64_t sample) const;
};

/// Whether the source is images rather than features: an image folder, a label list, CIFAR-10/100
/// in binary or python form (files, or the folder: its test split), IDX images (.gz too; labels
/// are found beside, or given as "images,labels"). Several files of one form are joined by commas.
/// The lines of a label list name image files, or images of such arrays: "test_batch.bin#17 3".
bool isImageSource(const std::string& source);

/// Whether it is a text whose first line reads "path label", and no CSV or JSON by its name.
bool isLabelListFile(const std::filesystem::path& path);
/// Whether it is a folder with one folder per class.
bool isImageFolder(const std::filesystem::path& folder);

struct ImageQuery
{
    std::string source;
    std::optional<std::filesystem::path> root; ///< of a label list; else its own folder
    std::optional<std::int64_t> classes;       ///< the head's
    /// Folder names resolve against these (names or ids), never by position: a missing folder
    /// shifts nothing. Null: only where --class-map or --classes name them.
    const ClassSet* classSet = nullptr;
    ClassNaming naming;
};

/// Throws Error for labels outside the classes (naming the line), folders that are no class, and
/// sources without images.
ImageList readImageList(const ImageQuery& query);

/// Adds the images of a folder with one folder per class; part of readImageList().
void addFolderImages(const ImageQuery& query, ImageList& list);

} // namespace monotail
