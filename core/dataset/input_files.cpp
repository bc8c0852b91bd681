// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/input_files.h"

#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/shard_index.h"
#include "dataset/image_arrays.h"
#include "dataset/image_list.h"
#include "dataset/label_list.h"
#include "platform/mapped_file.h"

namespace monotail {

namespace {

/// The files beside an index of shards that it names, whether they are there or not.
std::set<std::string> shardsNamedBy(const std::string& index)
{
    std::set<std::string> files;
    try {
        if (const auto shards = readShardIndex(*MappedFile::open(index)))
            for (const auto& [tensor, file] : shards->fileOfTensor)
                files.insert((std::filesystem::path(index).parent_path() / file).string());
    } catch (const Error&) { // not there, or damaged: then it names none that could be opened
    }
    return files;
}

std::string beside(const std::string& file, const char* name)
{
    return (std::filesystem::path(file).parent_path() / name).string();
}

} // namespace

std::vector<std::string> filesBehind(const std::string& checkpoint, const std::string& counts,
                                     const std::string& data)
{
    std::vector<std::string> files{checkpoint, counts, data, beside(checkpoint, "config.json")};
    for (const std::string& shard : shardsNamedBy(checkpoint))
        files.push_back(shard);
    for (const std::string_view part : split(data, ','))
        files.emplace_back(part);
    for (const char* names : {"batches.meta", "meta"})
        files.push_back(beside(counts, names));
    for (const std::string_view part : split(data, ','))
        if (const auto labels = idxLabelsBeside(std::string(part)))
            files.push_back(labels->string());
    return files;
}

std::vector<std::string> listedImages(const std::vector<std::string>& lists,
                                      const std::string& root,
                                      const std::vector<std::string>& outputs)
{
    std::set<std::string> names;
    std::error_code unknown;
    for (const std::string& output : outputs)
        if (!output.empty() && std::filesystem::exists(output, unknown))
            names.insert(std::filesystem::path(output).filename().string());
    std::vector<std::string> images;
    if (names.empty())
        return images;
    for (const std::string& list : lists) {
        try {
            if (!isLabelListFile(list))
                continue;
            const TextSource source = readText(list);
            const std::filesystem::path folder = root.empty()
                                                     ? std::filesystem::path(list).parent_path()
                                                     : std::filesystem::path(root);
            for (const LabelledPath& entry : readLabelList(source)) {
                const std::filesystem::path path = entry.path.substr(0, entry.path.rfind('#'));
                if (names.contains(path.filename().string()))
                    images.push_back((folder / path).string());
                if (names.contains(std::filesystem::path(entry.path).filename().string()))
                    images.push_back((folder / entry.path).string());
            }
        } catch (const Error&) { // whoever reads it will say why it cannot be
        }
    }
    return images;
}

} // namespace monotail
