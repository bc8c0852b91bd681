// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/image_list.h"

/// Files that hold the pixels of many images: CIFAR-10 and CIFAR-100 in binary and python form, and
/// IDX.
namespace monotail {

enum class ImageFileForm { None, CifarBinary, CifarPython, Idx };

/// By the file's content, CIFAR's binary form also by its name; None where it cannot be read.
ImageFileForm imageFileForm(const std::filesystem::path& path);

/// One such file.
struct ImageBatchFile
{
    PixelArray pixels;
    std::vector<std::int64_t> labels; ///< as many as images; of CIFAR-100 the fine ones
    std::vector<std::string> classes; ///< names, if the file's folder has them
    std::string split;                ///< "train" or "test", if the file says
    std::string kind;                 ///< "CIFAR-10", "CIFAR-100", "IDX"
};

/// `labels`: of an IDX file, if it is not the one beside it that is named alike. Throws Error where
/// the file is something else, damaged, or its labels are missing.
ImageBatchFile readImageBatch(const std::filesystem::path& path,
                              const std::filesystem::path& labels = {});

/// The same where the labels are known already: an IDX file's are not looked for.
ImageBatchFile readPixels(const std::filesystem::path& path);

/// "train-labels-idx1-ubyte" beside "train-images-idx3-ubyte", packed or not.
std::optional<std::filesystem::path> idxLabelsBeside(const std::filesystem::path& images);

/// The files of the test split in a folder of CIFAR-10 or CIFAR-100; empty if it is none.
std::vector<std::filesystem::path> cifarTestFiles(const std::filesystem::path& folder);

} // namespace monotail
