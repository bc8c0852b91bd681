// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/zip_checksums.h"

#include <algorithm>
#include <array>
#include <map>
#include <zlib.h>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_order.h"

namespace monotail {

namespace {

constexpr std::uint64_t chunkBytes = 1 << 20;

struct Checksums
{
    std::uint32_t before = 0;
    std::uint32_t after = 0;
};

std::uint32_t extended(std::uint32_t crc, std::span<const std::byte> bytes)
{
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(crc32_z(crc, data, bytes.size()));
}

Checksums checksumsOf(const MappedFile& file, const ZipMember& member,
                      const std::vector<ByteEdits>& edits,
                      const std::function<void(std::uint64_t)>& advance)
{
    Checksums sums;
    std::vector<std::byte> window;
    for (std::uint64_t done = 0; done < member.size; done += window.size()) {
        const std::uint64_t offset = member.dataOffset + done;
        const auto source = file.at(offset, std::min(chunkBytes, member.size - done));
        window.assign(source.begin(), source.end());
        for (const ByteEdits& edit : edits)
            edit.applyTo(offset, window);
        sums.before = extended(sums.before, source);
        sums.after = extended(sums.after, window);
        advance(window.size());
    }
    return sums;
}

/// With bit 3 of the flags the local header holds no CRC; a descriptor after the data does.
std::vector<std::uint64_t> checksumFields(const ZipMember& member)
{
    std::vector<std::uint64_t> fields{member.centralCrcOffset};
    if (!(member.flags & 8))
        fields.push_back(member.localCrcOffset);
    if (member.descriptorCrcOffset)
        fields.push_back(*member.descriptorCrcOffset);
    return fields;
}

} // namespace

std::vector<ZipMember> editedMembers(const MappedFile& file, const std::vector<ByteEdits>& edits)
{
    std::vector<ZipMember> edited;
    for (const ZipMember& member : readZipDirectory(file)) {
        const auto isTouched = [&](const ByteEdits& edit) {
            return edit.touches(member.dataOffset, member.dataOffset + member.storedSize);
        };
        if (std::none_of(edits.begin(), edits.end(), isTouched))
            continue;
        if (member.method != 0)
            throw Error(message("{}: record '{}' is compressed, which PyTorch never does, and "
                                "cannot be patched; save the checkpoint again with torch.save",
                                file.path().string(), printable(member.name)));
        edited.push_back(member);
    }
    return edited;
}

ChecksumEdits checksumEdits(const MappedFile& file, const std::vector<ZipMember>& members,
                            const std::vector<ByteEdits>& edits,
                            const std::function<void(std::uint64_t)>& advance)
{
    ChecksumEdits result;
    std::map<std::uint64_t, std::uint32_t> fields; // by offset
    for (const ZipMember& member : members) {
        const Checksums sums = checksumsOf(file, member, edits, advance);
        bool isWrong = false;
        for (const std::uint64_t field : checksumFields(member)) {
            const auto stored = loadLittle<std::uint32_t>(file.at(field, 4).data());
            if (stored != 0 && stored == sums.before)
                fields[field] = sums.after;
            isWrong = isWrong || (stored != 0 && stored != sums.before);
        }
        if (isWrong)
            result.warnings.push_back(message("the checksum stored for '{}' does not match its "
                                              "data: the source may be damaged",
                                              printable(member.name)));
    }
    for (const auto& [offset, crc] : fields) {
        std::array<std::byte, 4> bytes{};
        storeLittle(bytes.data(), crc);
        result.edits.add(offset, bytes);
    }
    return result;
}

} // namespace monotail
