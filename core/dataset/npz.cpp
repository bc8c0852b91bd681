// SPDX-License-Identifier: GPL-3.0-or-later
#include <zlib.h>

#include <algorithm>

#include "base/text.h"
#include "checkpoint/zip.h"
#include "dataset/npy.h"

namespace monotail {

namespace {

/// Inflated arrays lie in memory; larger ones are better stored, and then mapped.
constexpr std::uint64_t inflateLimit = std::uint64_t{1} << 30;

/// The same for arrays that shrink a hundredfold: no features do, only files that are built to
/// hurt.
constexpr std::uint64_t emptyLimit = std::uint64_t{64} << 20;
constexpr std::uint64_t emptyRatio = 100;

/// Deflate cannot shrink more than this, so that a few bytes cannot claim gigabytes.
constexpr std::uint64_t maxDeflateRatio = 1032;

class Inflater
{
public:
    explicit Inflater(std::span<const std::byte> input) : m_input(input)
    {
        m_isOpen = inflateInit2(&m_stream, -MAX_WBITS) == Z_OK;
    }
    ~Inflater()
    {
        if (m_isOpen)
            inflateEnd(&m_stream);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Whether the input inflates to exactly `output`. zlib counts in 32 bits: piece by piece.
    bool fill(std::span<std::byte> output)
    {
        std::size_t read = 0, written = 0;
        int status = m_isOpen ? Z_OK : Z_MEM_ERROR;
        while (status == Z_OK) {
            const auto in = static_cast<uInt>(std::min(m_input.size() - read, piece));
            const auto out = static_cast<uInt>(std::min(output.size() - written, piece));
            m_stream.next_in =
                const_cast<Bytef*>(reinterpret_cast<const Bytef*>(m_input.data() + read));
            m_stream.avail_in = in;
            m_stream.next_out = reinterpret_cast<Bytef*>(output.data() + written);
            m_stream.avail_out = out;
            status = inflate(&m_stream, Z_NO_FLUSH);
            read += in - m_stream.avail_in;
            written += out - m_stream.avail_out;
        }
        return status == Z_STREAM_END && written == output.size();
    }

private:
    static constexpr std::size_t piece = std::size_t{1} << 30;
    std::span<const std::byte> m_input;
    z_stream m_stream{};
    bool m_isOpen = false;
};

std::uint32_t crcOf(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string nameOf(const MappedFile& file, const std::string& key)
{
    return message("{}: {}", printable(file.path().string()), printable(key, 60));
}

std::shared_ptr<std::vector<std::byte>> inflated(const MappedFile& file, const ZipMember& member,
                                                 const std::string& name)
{
    if (member.size / maxDeflateRatio > member.storedSize)
        throw Error(message("{} claims {} bytes from {}; the file is damaged", name, member.size,
                            member.storedSize));
    if (member.size > inflateLimit ||
        (member.size > emptyLimit && member.size / emptyRatio > member.storedSize))
        throw Error(message("{} is too large to be inflated into memory ({} bytes); save it with "
                            "numpy.savez, without compression",
                            name, toGroupedText(static_cast<std::int64_t>(member.size))));
    auto bytes = std::make_shared<std::vector<std::byte>>(member.size);
    if (!Inflater(file.at(member.dataOffset, member.storedSize)).fill(*bytes) ||
        crcOf(*bytes) != member.crc)
        throw Error(
            message("{} does not inflate to what the archive says; the file is damaged", name));
    return bytes;
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
    const auto bytes = inflated(*file, *member, name);
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
