// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/document.h"

#include <set>

#include "base/text.h"
#include "checkpoint/shard_index.h"

namespace monotail {

namespace {

/// The files beside an index of shards that it names, whether they are there or not.
std::vector<std::string> shardsNamedBy(const std::string& index)
{
    std::set<std::string> files;
    try {
        if (const auto shards = readShardIndex(*MappedFile::open(index)))
            for (const auto& [tensor, file] : shards->fileOfTensor)
                files.insert((std::filesystem::path(index).parent_path() / file).string());
    } catch (const Error&) { // not there, or damaged: then it names none that could be opened
    }
    return {files.begin(), files.end()};
}

std::vector<std::string> withoutShards(const Inputs& inputs)
{
    std::vector<std::string> files{inputs.checkpoint, inputs.counts, inputs.data,
                                   inputs.naming.classes.string(), inputs.naming.classMap.string()};
    for (const std::string_view part : split(inputs.data, ',')) // "features.npy,labels.npy"
        files.emplace_back(part);
    return files;
}

} // namespace

std::vector<std::string> filesOf(const Inputs& inputs)
{
    std::vector<std::string> files = withoutShards(inputs);
    for (const std::string& shard : shardsNamedBy(inputs.checkpoint))
        files.push_back(shard);
    return files;
}

std::vector<std::string> filesOf(const Document& document)
{
    std::vector<std::string> files = withoutShards(document.inputs);
    for (const auto& shard : document.checkpoint->shards)
        files.push_back(shard->path.string());
    return files;
}

} // namespace monotail
