// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/image_folder.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void failReading(const fs::path& folder, const std::error_code& error)
{
    throw Error(
        message("{}: cannot read the folder: {}", printable(folder.string()), error.message()));
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

} // namespace

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

void refuseSplits(const fs::path& folder, const std::vector<std::string>& names)
{
    const auto isSplit = [](const std::string& name) {
        for (const char* split : {"train", "val", "test", "valid", "validation", "training"})
            if (lowered(name) == split)
                return true;
        return false;
    };
    if (!names.empty() && std::all_of(names.begin(), names.end(), isSplit))
        throw Error(message("{}: its folders are splits ({}), not classes; give the folder of one "
                            "split",
                            printable(folder.string()), joined(names, ", ")));
}

std::vector<std::string> imagesBelow(const fs::path& folder)
{
    std::vector<std::string> images;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        std::error_code unknown;
        if (isImageName(at->path()) && at->is_regular_file(unknown))
            images.push_back(at->path().lexically_relative(folder).string());
    }
    if (error)
        failReading(folder, error);
    std::sort(images.begin(), images.end());
    return images;
}

} // namespace monotail
