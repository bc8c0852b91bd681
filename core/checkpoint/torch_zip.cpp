// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>

#include "base/text.h"
#include "checkpoint/catalogue.h"
#include "checkpoint/torch_container.h"
#include "checkpoint/zip.h"

namespace monotail {

namespace {

using Members = std::unordered_map<std::string, ZipMember>;

bool holds(const Members& members, const std::string& name)
{
    return members.find(name) != members.end();
}

/// A checkpoint by its name, packed into an archive of its own.
bool isNamedCheckpoint(const std::string& name)
{
    constexpr std::array<std::string_view, 7> endings{".pth",  ".pt",  ".tar",        ".bin",
                                                      ".ckpt", ".pkl", ".safetensors"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return endsWith(name, ending); });
}

std::size_t countOf(const std::vector<ZipMember>& members,
                    const std::function<bool(const std::string&)>& isWanted)
{
    return static_cast<std::size_t>(
        std::count_if(members.begin(), members.end(),
                      [&](const ZipMember& member) { return isWanted(member.name); }));
}

[[noreturn]] void failForeign(const MappedFile& file, const std::vector<ZipMember>& members)
{
    const auto isArray = [](const std::string& name) { return endsWith(name, ".npy"); };
    if (!members.empty() && countOf(members, isArray) == members.size())
        throw Error(message("{}: a NumPy archive (.npz) of {} arrays, not a checkpoint; features "
                            "are given with --data",
                            file.path().string(), members.size()));
    if (const std::size_t packed = countOf(members, isNamedCheckpoint); packed > 0)
        throw Error(message("{}: a zip archive that holds {}; unpack it and open {}",
                            file.path().string(),
                            packed == 1 ? "a checkpoint" : message("{} checkpoints", packed),
                            packed == 1 ? "that" : "one of them"));
    std::vector<std::string> names;
    for (const ZipMember& member : members) {
        if (endsWith(member.name, "model.json"))
            throw Error(message("{}: a TorchScript file of PyTorch before 1.4; load and save it "
                                "again with a newer PyTorch",
                                file.path().string()));
        if (names.size() < 3)
            names.push_back(printable(member.name, 60));
    }
    throw Error(message("{}: a zip archive, but not a PyTorch checkpoint: it has no data.pkl; it "
                        "holds {} members ({}...)",
                        file.path().string(), members.size(), joined(names, ", ")));
}

/// The folder of the one data.pkl: the name the file had when it was saved, and a slash.
std::string findPrefix(const MappedFile& file, const std::vector<ZipMember>& members)
{
    std::vector<std::string> prefixes;
    for (const ZipMember& member : members)
        if (member.name == "data.pkl" || endsWith(member.name, "/data.pkl"))
            prefixes.push_back(member.name.substr(0, member.name.size() - 8));
    if (prefixes.empty())
        failForeign(file, members);
    if (prefixes.size() > 1)
        throw Error(message("{}: a zip archive with {} files named data.pkl; a PyTorch checkpoint "
                            "has one: unpack it and open the checkpoints inside",
                            file.path().string(), prefixes.size()));
    return prefixes.front();
}

std::span<const std::byte> payload(const MappedFile& file, const ZipMember& member)
{
    if (member.method != 0)
        throw Error(message("{}: member '{}' is compressed; PyTorch stores them as they are: this "
                            "archive was packed by another program, pack it without compression",
                            file.path().string(), printable(member.name)));
    return file.at(member.dataOffset, member.size);
}

void checkByteOrder(const MappedFile& file, const Members& members, const std::string& prefix)
{
    const auto order = members.find(prefix + "byteorder");
    if (order == members.end())
        return;
    const auto bytes = payload(file, order->second);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text == "big")
        throw Error(message("{}: saved on a big-endian machine, which is not supported; load and "
                            "save it again on a little-endian one",
                            file.path().string()));
}

void placeStorages(const PickleGraph& graph, const Members& members, const std::string& prefix,
                   Checkpoint& checkpoint)
{
    for (const auto& [key, reference] : mentionedStorages(graph)) {
        const auto member = members.find(prefix + "data/" + key);
        if (member == members.end())
            throw Error(message("{}: the storage 'data/{}' is missing; the file is damaged",
                                checkpoint.path.string(), printable(key)));
        const auto bytes = payload(*checkpoint.file, member->second);
        if (bytes.size() / sizeOf(reference.dtype) < static_cast<std::uint64_t>(reference.elements))
            throw Error(message("{}: the storage 'data/{}' should have {} elements of type {} but "
                                "has {} bytes; the file is damaged",
                                checkpoint.path.string(), printable(key), reference.elements,
                                nameOf(reference.dtype), bytes.size()));
        checkpoint.storages[key] = {key, reference.dtype, member->second.dataOffset, bytes.size()};
    }
}

} // namespace

Checkpoint readTorchZip(std::shared_ptr<const MappedFile> file)
{
    Checkpoint checkpoint;
    checkpoint.path = file->path();
    checkpoint.file = std::move(file);
    const MappedFile& bytes = *checkpoint.file;
    const std::vector<ZipMember> list = readZipDirectory(bytes);
    const std::string prefix = findPrefix(bytes, list);
    Members members;
    for (const ZipMember& member : list)
        members.emplace(member.name, member);
    checkByteOrder(bytes, members, prefix);
    const bool isScript = holds(members, prefix + "constants.pkl");
    checkpoint.format = isScript ? "torchscript" : "zip";
    const PickleGraph graph =
        readPickle(payload(bytes, members.at(prefix + "data.pkl")), checkpoint.path.string());
    placeStorages(graph, members, prefix, checkpoint);
    catalogue(graph, checkpoint);
    return checkpoint;
}

} // namespace monotail
