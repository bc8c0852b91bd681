// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/dropped.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "dataset/image_arrays.h"

namespace monotail {

namespace {

bool opens(const std::string& path, void (*open)(const std::string&))
{
    try {
        open(path);
    } catch (const Error&) {
        return false;
    }
    return true;
}

/// What no reader accepts is named by its ending, so that the right reader says what is wrong.
FileRole roleByName(const std::string& path)
{
    const std::string name = lowered(path);
    const auto ends = [&](const char* ending) { return endsWith(name, ending); };
    for (const char* ending : {".txt", ".csv", ".json", ".npy", ".list", ".tsv"})
        if (ends(ending))
            return FileRole::Counts;
    return ends(".npz") ? FileRole::Data : FileRole::Checkpoint;
}

bool isShardIndex(const std::string& path)
{
    return endsWith(lowered(path), ".index.json");
}

} // namespace

FileRole roleOf(const std::string& path)
{
    if (isImageSource(path)) {
        std::error_code none;
        const bool isArray = imageFileForm(path) != ImageFileForm::None ||
                             (std::filesystem::is_directory(path, none) && !isImageFolder(path));
        return isArray ? FileRole::Data : FileRole::Labelled;
    }
    if (opens(path, [](const std::string& source) { openFeatures(source); }))
        return FileRole::Data;
    std::error_code none;
    if (std::filesystem::is_directory(path, none))
        return FileRole::Counts;
    if (opens(path, [](const std::string& source) { openCheckpoint(source); }))
        return FileRole::Checkpoint;
    return roleByName(path);
}

Inputs withFiles(const Inputs& open, const std::vector<std::string>& paths)
{
    std::vector<FileRole> roles;
    roles.reserve(paths.size());
    for (const std::string& path : paths)
        roles.push_back(roleOf(path));
    const bool anew = std::find(roles.begin(), roles.end(), FileRole::Checkpoint) != roles.end();
    Inputs inputs = anew ? Inputs{} : open;
    bool hasCounts = !inputs.counts.empty() ||
                     std::find(roles.begin(), roles.end(), FileRole::Counts) != roles.end();
    for (std::size_t i = 0; i < paths.size(); ++i) {
        if (roles[i] == FileRole::Checkpoint && isShardIndex(inputs.checkpoint))
            continue; // a shard that came with it
        if (roles[i] == FileRole::Checkpoint)
            inputs.checkpoint = paths[i];
        else if (roles[i] == FileRole::Counts || (roles[i] == FileRole::Labelled && !hasCounts)) {
            inputs.counts = paths[i];
            hasCounts = true;
        } else
            inputs.data = paths[i];
    }
    return inputs;
}

} // namespace monotail
