// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/shards.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"

namespace monotail {

namespace {

/// Puts the tensors of file after file into one catalogue.
class Gatherer
{
public:
    Gatherer(Checkpoint& checkpoint, const ShardIndex& index)
        : m_checkpoint(checkpoint), m_index(index)
    {}

    void add(const std::string& name);
    void finish();

private:
    std::shared_ptr<const Checkpoint> opened(const std::string& name) const;
    void addTensor(const Tensor& tensor, const std::string& name);
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(message("{}: {}", m_checkpoint.path.string(), what));
    }

    Checkpoint& m_checkpoint;
    const ShardIndex& m_index;
    std::unordered_map<std::string, std::string> m_files; ///< by tensor, of all that was seen
    std::vector<std::string> m_unlisted;
};

std::shared_ptr<const Checkpoint> Gatherer::opened(const std::string& name) const
{
    // The index may be a symbolic link; the names beside it count, not those beside what it means.
    const std::filesystem::path path = m_checkpoint.path.parent_path() / name;
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        fail(message("the shard '{}' is missing in the same folder; get all the files that the "
                     "index names",
                     printable(name)));
    auto file = MappedFile::open(path);
    if (readShardIndex(*file))
        fail(message("the shard '{}' is itself an index of shards", printable(name)));
    return openCheckpoint(std::move(file));
}

void Gatherer::addTensor(const Tensor& tensor, const std::string& name)
{
    const auto [place, isNew] = m_files.emplace(tensor.name, name);
    if (!isNew)
        fail(message("tensor '{}' is in two shards, '{}' and '{}'", printable(tensor.name),
                     printable(place->second), printable(name)));
    const auto listed = m_index.fileOfTensor.find(tensor.name);
    if (listed == m_index.fileOfTensor.end()) {
        m_unlisted.push_back(tensor.name);
        return;
    }
    Tensor& added = m_checkpoint.tensors.emplace_back(tensor);
    added.storage = name + ":" + tensor.storage;
}

void Gatherer::add(const std::string& name)
{
    const auto shard = opened(name);
    for (const auto& [key, storage] : shard->storages) {
        Storage& added = m_checkpoint.storages[name + ":" + key] = storage;
        added.key = name + ":" + key;
        added.shard = m_checkpoint.shards.size();
    }
    for (const Tensor& tensor : shard->tensors)
        addTensor(tensor, name);
    for (const std::string& warning : shard->warnings)
        m_checkpoint.warnings.push_back(message("{}: {}", printable(name), warning));
    m_checkpoint.shards.push_back(shard);
}

void Gatherer::finish()
{
    for (const auto& [tensor, file] : m_index.fileOfTensor) {
        const auto seen = m_files.find(tensor);
        if (seen == m_files.end())
            fail(message("the shard '{}' lacks the tensor '{}', which the index puts there",
                         printable(file), printable(tensor)));
        if (seen->second != file)
            fail(message("the index puts the tensor '{}' into the shard '{}', but it is in '{}'",
                         printable(tensor), printable(file), printable(seen->second)));
    }
    if (!m_unlisted.empty())
        m_checkpoint.warnings.push_back(message("{} tensors of the shards are not in the index and "
                                                "are left out ({})",
                                                m_unlisted.size(), printable(m_unlisted.front())));
}

} // namespace

Checkpoint readShards(std::shared_ptr<const MappedFile> file, const ShardIndex& index)
{
    Checkpoint checkpoint;
    checkpoint.path = file->path();
    checkpoint.format = "sharded";
    checkpoint.file = std::move(file);
    std::vector<std::string> names;
    for (const auto& [tensor, name] : index.fileOfTensor)
        names.push_back(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    Gatherer gatherer(checkpoint, index);
    for (const std::string& name : names)
        gatherer.add(name);
    gatherer.finish();
    return checkpoint;
}

const Checkpoint& fileHolding(const Checkpoint& checkpoint, const std::vector<std::string>& tensors)
{
    if (checkpoint.shards.empty())
        return checkpoint;
    const Checkpoint* holder = nullptr;
    for (const std::string& name : tensors) {
        const Tensor* tensor = checkpoint.find(name);
        if (!tensor)
            throw Error(
                message("{}: there is no tensor {}", checkpoint.path.string(), printable(name)));
        const auto& shard = checkpoint.shards.at(checkpoint.storages.at(tensor->storage).shard);
        if (holder && holder != shard.get())
            throw Error(message("{}: {} lies in the shard '{}', {} in '{}', and a patch changes "
                                "one file; write a new file instead (--format state-dict or "
                                "safetensors)",
                                checkpoint.path.string(), printable(tensors.front()),
                                printable(holder->path.filename().string()), printable(name),
                                printable(shard->path.filename().string())));
        holder = shard.get();
    }
    return holder ? *holder : checkpoint;
}

} // namespace monotail
