// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "checkpoint/byte_order.h"
#include "checkpoint/catalogue.h"
#include "checkpoint/torch_container.h"

// The order of things is that of torch/serialization.py, _legacy_save and _legacy_load.
namespace monotail {

namespace {

constexpr std::string_view magicBytes = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::string_view magicDigits = "119547037146038801333356"; // protocol 0 writes digits
constexpr std::int64_t knownProtocol = 1001;
constexpr PickleLimits smallPickle{1000};

bool isMagic(const PickleNode& node)
{
    return node.kind == PickleKind::BigInteger &&
           (node.text == magicBytes || node.text == magicDigits);
}

/// Pickles one after the other.
struct Reader
{
    const MappedFile& file;
    std::size_t at = 0;

    PickleGraph next(const PickleLimits& limits = {})
    {
        PickleGraph graph = readPickle(file.bytes().subspan(at), file.path().string(), limits);
        at += graph.size;
        return graph;
    }
};

void checkSystem(const PickleGraph& graph, const std::string& path)
{
    const PickleNode& system = graph.at(graph.root);
    for (std::size_t i = 0; i + 1 < system.items.size(); i += 2) {
        const PickleNode& value = graph.at(system.items[i + 1]);
        if (keyText(graph, system.items[i]) == "little_endian" && value.integer == 0)
            throw Error(message("{}: saved on a big-endian machine, which is not supported; load "
                                "and save it again on a little-endian one",
                                path));
    }
}

/// The storages follow in the order of the key list, each with its own element count.
void placeStorages(const PickleGraph& keys, const PickleGraph& graph, std::uint64_t at,
                   Checkpoint& checkpoint)
{
    const std::map<std::string, StorageReference> mentioned = mentionedStorages(graph);
    const std::string path = checkpoint.path.string();
    if (keys.at(keys.root).kind != PickleKind::List)
        throw Error(message("{}: the list of storages is missing; the file is damaged", path));
    for (const PickleId id : keys.at(keys.root).items) {
        const std::string key = keyText(keys, id);
        const auto reference = mentioned.find(key);
        if (reference == mentioned.end())
            throw Error(message("{}: the storage '{}' belongs to no tensor; the file is damaged",
                                path, printable(key)));
        const DType dtype = reference->second.dtype;
        const auto count = loadLittle<std::int64_t>(checkpoint.file->at(at, 8).data());
        const std::uint64_t rest = checkpoint.file->bytes().size() - at - 8;
        if (count < 0 || static_cast<std::uint64_t>(count) > rest / sizeOf(dtype))
            throw Error(message("{}: the storage '{}' should have {} elements of type {}, but "
                                "only {} bytes follow: the file is truncated or still being "
                                "written; copy or download it again",
                                path, printable(key), count, nameOf(dtype), rest));
        const std::uint64_t bytes = static_cast<std::uint64_t>(count) * sizeOf(dtype);
        if (!checkpoint.storages.emplace(key, Storage{key, dtype, at + 8, bytes}).second)
            throw Error(message("{}: the storage '{}' is there twice; the file is damaged", path,
                                printable(key)));
        at += 8 + bytes;
    }
}

} // namespace

bool looksLikeLegacy(const MappedFile& file)
{
    try {
        // 17 bytes, or some 30 with protocol 0.
        const auto start = file.bytes().first(std::min<std::size_t>(64, file.bytes().size()));
        const PickleGraph first = readPickle(start, file.path().string(), smallPickle);
        return isMagic(first.at(first.root));
    } catch (const Error&) {
        return false;
    }
}

Checkpoint readTorchLegacy(std::shared_ptr<const MappedFile> file)
{
    Checkpoint checkpoint;
    checkpoint.path = file->path();
    checkpoint.file = std::move(file);
    checkpoint.format = "legacy";
    Reader reader{*checkpoint.file};
    reader.next(smallPickle); // the magic number
    const PickleGraph protocol = reader.next(smallPickle);
    if (protocol.at(protocol.root).integer != knownProtocol)
        throw Error(message("{}: a PyTorch file of protocol {}; only {} is known",
                            checkpoint.path.string(), protocol.at(protocol.root).integer,
                            knownProtocol));
    checkSystem(reader.next(smallPickle), checkpoint.path.string());
    const PickleGraph graph = reader.next();
    const PickleGraph keys = reader.next();
    placeStorages(keys, graph, reader.at, checkpoint);
    catalogue(graph, checkpoint);
    return checkpoint;
}

} // namespace monotail
