// SPDX-License-Identifier: GPL-3.0-or-later
#include <zlib.h>

#include <algorithm>

#include "base/text.h"
#include "checkpoint/zip.h"
#include "dataset/inflate.h"
#include "dataset/npy.h"

namespace monotail {

namespace {

std::uint32_t crcOf(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string nameOf(const MappedFile& file, const std::string& key)
{
    return message("{}: {}", printable(file.path().string()), printable(key, 60));
}

} // namespace

std::vector<std::string> npzKeys(const MappedFile& file)
{
    std::vector<std::string> keys;
    for (const ZipMember& member : readZipDirectory(file))
        if (endsWith(member.name, ".npy"))
            keys.push_back(member.name.substr(0, member.name.size() - 4));
    return keys;
}

NumberArray readNpzArray(std::shared_ptr<const MappedFile> file, const std::string& key)
{
    const std::string name = nameOf(*file, key);
    const auto members = readZipDirectory(*file);
    const auto member = std::find_if(members.begin(), members.end(), [&](const ZipMember& entry) {
        return entry.name == key + ".npy";
    });
    if (member == members.end())
        throw Error(message("{} is not in the archive", name));
    if (member->method == 0) {
        const auto bytes = file->at(member->dataOffset, member->size);
        return readNpy(bytes, std::move(file), name);
    }
    if (member->method != 8)
        throw Error(message("{} is compressed in a way (method {}) that is not read; use "
                            "numpy.savez",
                            name, member->method));
    const auto bytes = inflated(file->at(member->dataOffset, member->storedSize), Packing::Deflate,
                                member->size, name, "save it with numpy.savez, uncompressed");
    if (crcOf(*bytes) != member->crc)
        throw Error(
            message("{} does not inflate to what the archive says; the file is damaged", name));
    return readNpy(*bytes, bytes, name);
}

bool looksLikeNpz(const MappedFile& file)
{
    const auto members = readZipDirectory(file);
    const auto has = [&](std::string_view suffix) {
        return std::any_of(members.begin(), members.end(),
                           [&](const ZipMember& member) { return endsWith(member.name, suffix); });
    };
    return has(".npy") && !has("data.pkl");
}

} // namespace monotail
