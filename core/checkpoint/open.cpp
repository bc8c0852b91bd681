// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

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

/// What files start with that are often met in a checkpoint's place.
struct Foreign
{
    std::string_view start;
    std::string_view sentence;
};
using namespace std::string_view_literals; // starts hold zeros

constexpr std::string_view packedPickle = // as pickle.dump writes it
    "this is a Python pickle, but not one that torch.save wrote; load it in Python and save it "
    "with torch.save";
constexpr std::string_view lua =
    "this is a file of Lua Torch (.t7); convert it to a PyTorch state_dict first";
constexpr std::array<Foreign, 24> foreigners{{
    {"version https://git-lfs",
     "this is a git-lfs pointer, not the checkpoint itself; run 'git lfs pull'"},
    {"\x1f\x8b", "this file is compressed with gzip; unpack it first"},
    {"BZh", "this file is compressed with bzip2; unpack it first"},
    {"\xfd"
     "7zXZ",
     "this file is compressed with xz; unpack it first"},
    {"\x28\xb5\x2f\xfd", "this file is compressed with zstd; unpack it first"},
    {"\x04\x22\x4d\x18", "this file is compressed with lz4; unpack it first"},
    {"7z\xbc\xaf\x27\x1c", "this is a 7z archive; unpack it first"},
    {"Rar!\x1a\x07", "this is a rar archive; unpack it first"},
    {"\x93NUMPY", "this is a NumPy array, not a checkpoint"},
    {"\x89HDF", "this is an HDF5 file (Keras?), not a PyTorch checkpoint"},
    {"GGUF", "this is a GGUF model, not a PyTorch checkpoint"},
    {"model_checkpoint_path:", "this is the index of a TensorFlow checkpoint; convert the weights "
                               "to a PyTorch state_dict first"},
    {"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1"sv, lua},
    {"\x03\0\0\0\x01\0\0\0"sv, lua},
    {"4\n1\n3\nV 1\n", lua},
    {"3\n1\n", lua},
    {"\x80", packedPickle},
    {"(dp", packedPickle}, // protocol 0 is text
    {"(lp", packedPickle},
    {"}q", packedPickle}, // protocol 1
    {"ccollections\n", packedPickle},
    {"ccopy_reg\n", packedPickle},
    {"cnumpy", packedPickle},
    {"ctorch", packedPickle},
}};

/// A protobuf message that begins with a small number (ir_version), then a text (the producer) or,
/// without one, the graph.
bool isOnnx(std::string_view head)
{
    return head.size() > 4 && head[0] == '\x08' && head[1] > 0 && head[1] < 0x20 &&
           (head[2] == '\x12' || head[2] == '\x3a');
}

/// TensorFlow's .index is a LevelDB table, known by its last eight bytes.
bool isTensorFlow(const MappedFile& file)
{
    constexpr std::string_view magic = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
    const auto bytes = file.bytes();
    return bytes.size() > 48 && endsWith(start(file, bytes.size()), magic);
}

/// What the file is instead of a checkpoint, and what to do.
std::string_view describeForeign(const MappedFile& file)
{
    const std::string_view head = start(file, 512);
    for (const Foreign& foreign : foreigners)
        if (startsWith(head, foreign.start))
            return foreign.sentence;
    if (isHtml(file))
        return "this is an HTML page, not a checkpoint; the download probably failed";
    if (head.size() > 262 && head.substr(257, 5) == "ustar")
        return "this is a tar archive; if PyTorch 0.1 wrote it, load it with torch.load and save "
               "it again with a newer PyTorch, otherwise unpack it";
    if (isOnnx(head))
        return "this is an ONNX model; open the PyTorch checkpoint that it was made from";
    if (isTensorFlow(file) ||
        file.path().filename().string().find(".data-0000") != std::string::npos)
        return "this is part of a TensorFlow checkpoint; convert the weights to a PyTorch "
               "state_dict first";
    if (head.size() > 8 && head.substr(4, 4) == "TFL3")
        return "this is a TensorFlow Lite model, not a PyTorch checkpoint";
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
