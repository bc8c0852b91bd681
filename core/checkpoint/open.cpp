// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/shards.h"
#include "checkpoint/torch_container.h"

namespace monotail {

namespace {

std::string_view start(const MappedFile& file, std::size_t size)
{
    const auto bytes = file.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), std::min(size, bytes.size())};
}

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

bool isHtml(const MappedFile& file)
{
    const std::string text = lowered(trimmed(start(file, 512)));
    return startsWith(text, "<!doctype html") || startsWith(text, "<html") ||
           startsWith(text, "<head");
}

bool isText(const MappedFile& file)
{
    const std::string_view text = start(file, 512);
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    });
}

/// What the file is instead of a checkpoint, and what to do.
std::string_view describeForeign(const MappedFile& file)
{
    const std::string_view head = start(file, 512);
    if (startsWith(head, "version https://git-lfs"))
        return "this is a git-lfs pointer, not the checkpoint itself; run 'git lfs pull'";
    if (isHtml(file))
        return "this is an HTML page, not a checkpoint; the download probably failed";
    if (head.size() > 262 && head.substr(257, 5) == "ustar")
        return "this is a tar archive; if PyTorch 0.1 wrote it, load it with torch.load and save "
               "it again with a newer PyTorch, otherwise unpack it";
    if (startsWith(head, "\x1f\x8b"))
        return "this file is compressed with gzip; unpack it first";
    if (startsWith(head, "\x93NUMPY"))
        return "this is a NumPy array, not a checkpoint";
    if (startsWith(head, "\x89HDF"))
        return "this is an HDF5 file (Keras?), not a PyTorch checkpoint";
    if (startsWith(head, "\x80"))
        return "this is a Python pickle, but not one that torch.save wrote; load it in Python and "
               "save it with torch.save";
    if (head.find_first_not_of('\0') == std::string_view::npos)
        return "the file starts with zeros only; it is damaged or still being written";
    if (isText(file))
        return "this is a text file, not a checkpoint";
    return "this is not a PyTorch checkpoint or safetensors file";
}

} // namespace

std::shared_ptr<const Checkpoint> openCheckpoint(const std::filesystem::path& path)
{
    auto file = MappedFile::open(path);
    if (const auto index = readShardIndex(*file))
        return std::make_shared<const Checkpoint>(readShards(std::move(file), *index));
    return openCheckpoint(std::move(file));
}

std::shared_ptr<const Checkpoint> openCheckpoint(std::shared_ptr<const MappedFile> file)
{
    const std::string path = file->path().string();
    if (file->bytes().empty())
        throw Error(message("{}: the file is empty", path));
    // An empty zip archive has nothing but its end record.
    if (startsWith(start(*file, 4), "PK\x03\x04") || startsWith(start(*file, 4), "PK\x05\x06"))
        return std::make_shared<const Checkpoint>(readTorchZip(std::move(file)));
    if (looksLikeSafetensors(*file))
        return std::make_shared<const Checkpoint>(readSafetensors(std::move(file)));
    if (looksLikeLegacy(*file))
        return std::make_shared<const Checkpoint>(readTorchLegacy(std::move(file)));
    if (readShardIndex(*file)) // which folder it lies in is known by its path only
        throw Error(message("{}: this is an index of shards, not a checkpoint itself", path));
    throw Error(message("{}: {}", path, describeForeign(*file)));
}

} // namespace monotail
