// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/input_files.h"

#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/shard_index.h"
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
    return files;
}

} // namespace monotail
