// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/zip.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_order.h"

// Field offsets follow PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.
namespace monotail {

namespace {

constexpr std::uint32_t localSignature = 0x04034b50;
constexpr std::uint32_t centralSignature = 0x02014b50;
constexpr std::uint32_t descriptorSignature = 0x08074b50;
constexpr std::uint32_t endSignature = 0x06054b50;
constexpr std::uint32_t end64Signature = 0x06064b50;
constexpr std::uint32_t locator64Signature = 0x07064b50;
constexpr std::uint32_t in64 = 0xffffffff; ///< "the number stands in the zip64 record"

/// A member and where its local header lies.
struct Entry
{
    ZipMember member;
    std::uint64_t local = 0;
};

struct Directory
{
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t count = 0;
};

template <typename Integer>
Integer number(const MappedFile& file, std::uint64_t offset)
{
    return loadLittle<Integer>(file.at(offset, sizeof(Integer)).data());
}

[[noreturn]] void fail(const MappedFile& file, std::string_view what)
{
    throw Error(message("{}: broken zip archive: {}; the file is damaged, copy or download it "
                        "again",
                        file.path().string(), what));
}

std::string named(const ZipMember& member)
{
    return message("'{}'", printable(member.name));
}

/// The end record, 22 bytes and a comment of up to 65,535, lies at the end of the file.
std::uint64_t findEnd(const MappedFile& file)
{
    const std::uint64_t size = file.bytes().size();
    for (std::uint64_t back = 22; back <= std::min<std::uint64_t>(size, 22 + 65535); ++back) {
        const std::uint64_t at = size - back;
        if (number<std::uint32_t>(file, at) == endSignature &&
            number<std::uint16_t>(file, at + 20) == back - 22)
            return at;
    }
    throw Error(message("{}: the zip archive has no end record: the file is truncated ({} bytes) "
                        "or still being written; copy or download it again",
                        file.path().string(), size));
}

Directory readEnd(const MappedFile& file)
{
    const std::uint64_t end = findEnd(file);
    Directory directory{number<std::uint32_t>(file, end + 16),
                        number<std::uint32_t>(file, end + 12),
                        number<std::uint16_t>(file, end + 10)};
    std::uint64_t limit = end;
    const bool wide =
        directory.offset == in64 || directory.size == in64 || directory.count == 0xffff;
    if (wide && end >= 20 && number<std::uint32_t>(file, end - 20) == locator64Signature) {
        limit = number<std::uint64_t>(file, end - 20 + 8);
        if (limit > end || number<std::uint32_t>(file, limit) != end64Signature)
            fail(file, "the zip64 end record is missing");
        directory = {number<std::uint64_t>(file, limit + 48),
                     number<std::uint64_t>(file, limit + 40),
                     number<std::uint64_t>(file, limit + 32)};
    } else if (number<std::uint16_t>(file, end + 4) != 0) {
        fail(file, "it is one part of several");
    }
    if (directory.offset > limit || directory.size > limit - directory.offset)
        fail(file, "the central directory lies outside the file");
    return directory;
}

/// Takes the numbers that did not fit into 32 bits from the zip64 extra field, in APPNOTE's order.
void widen(const MappedFile& file, Entry& entry, std::uint64_t extra, std::uint64_t extraEnd)
{
    while (extra + 4 <= extraEnd) {
        const auto id = number<std::uint16_t>(file, extra);
        std::uint64_t at = extra + 4;
        const std::uint64_t next = at + number<std::uint16_t>(file, extra + 2);
        if (next > extraEnd)
            fail(file, "an extra field of " + named(entry.member) + " is too long");
        if (id == 1) {
            for (std::uint64_t* value :
                 {&entry.member.size, &entry.member.storedSize, &entry.local}) {
                if (*value != in64 || at + 8 > next)
                    continue;
                *value = number<std::uint64_t>(file, at);
                at += 8;
            }
            return;
        }
        extra = next;
    }
}

/// One central-directory entry at `at`; its length is returned beside it.
Entry readCentral(const MappedFile& file, std::uint64_t at, std::uint64_t end)
{
    if (end - at < 46 || number<std::uint32_t>(file, at) != centralSignature)
        fail(file, "the central directory has fewer entries than it says");
    Entry entry;
    ZipMember& member = entry.member;
    member.flags = number<std::uint16_t>(file, at + 8);
    member.method = number<std::uint16_t>(file, at + 10);
    member.centralCrcOffset = at + 16;
    member.crc = number<std::uint32_t>(file, at + 16);
    member.storedSize = number<std::uint32_t>(file, at + 20);
    member.size = number<std::uint32_t>(file, at + 24);
    entry.local = number<std::uint32_t>(file, at + 42);
    const std::uint64_t nameEnd = at + 46 + number<std::uint16_t>(file, at + 28);
    const std::uint64_t extraEnd = nameEnd + number<std::uint16_t>(file, at + 30);
    if (extraEnd > end)
        fail(file, "a central directory entry is too long");
    const auto name = file.at(at + 46, nameEnd - at - 46);
    member.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
    widen(file, entry, nameEnd, extraEnd);
    if (member.flags & 1)
        throw Error(message("{}: member {} of the zip archive is encrypted; save it without a "
                            "password",
                            file.path().string(), named(member)));
    if (member.method == 0 && member.size != member.storedSize)
        fail(file, "the sizes of " + named(member) + " disagree");
    return entry;
}

std::uint64_t centralLength(const MappedFile& file, std::uint64_t at)
{
    return 46ull + number<std::uint16_t>(file, at + 28) + number<std::uint16_t>(file, at + 30) +
           number<std::uint16_t>(file, at + 32);
}

/// Descriptors come with and without a signature, with sizes of 32 and of 64 bits: the one whose
/// sizes agree with the central directory.
std::optional<std::uint64_t> findDescriptorCrc(const MappedFile& file, const ZipMember& member)
{
    const std::uint64_t end = member.dataOffset + member.storedSize;
    const auto rest = file.bytes().subspan(end);
    const bool isSigned =
        rest.size() >= 4 && loadLittle<std::uint32_t>(rest.data()) == descriptorSignature;
    for (const std::uint64_t crc : {std::uint64_t{isSigned ? 4u : 0u}, std::uint64_t{0}}) {
        if (rest.size() >= crc + 20 &&
            loadLittle<std::uint64_t>(rest.data() + crc + 4) == member.storedSize &&
            loadLittle<std::uint64_t>(rest.data() + crc + 12) == member.size)
            return end + crc;
        if (rest.size() >= crc + 12 &&
            loadLittle<std::uint32_t>(rest.data() + crc + 4) == member.storedSize &&
            loadLittle<std::uint32_t>(rest.data() + crc + 8) == member.size)
            return end + crc;
    }
    return {};
}

void readLocal(const MappedFile& file, Entry& entry, const Directory& directory)
{
    ZipMember& member = entry.member;
    if (entry.local > directory.offset || directory.offset - entry.local < 30)
        fail(file, "member " + named(member) + " lies outside the file");
    if (number<std::uint32_t>(file, entry.local) != localSignature)
        fail(file, "the header of member " + named(member) + " is missing");
    const std::uint64_t nameLength = number<std::uint16_t>(file, entry.local + 26);
    const auto name = file.at(entry.local + 30, nameLength);
    if (std::string_view(reinterpret_cast<const char*>(name.data()), name.size()) != member.name)
        fail(file, "the two names of member " + named(member) + " disagree");
    // The extra field here differs from the central one: PyTorch pads it to align the payload.
    member.dataOffset =
        entry.local + 30 + nameLength + number<std::uint16_t>(file, entry.local + 28);
    member.localCrcOffset = entry.local + 14;
    if (member.dataOffset > directory.offset ||
        member.storedSize > directory.offset - member.dataOffset)
        fail(file, "the data of member " + named(member) + " lies outside the file");
    if (member.flags & 8)
        member.descriptorCrcOffset = findDescriptorCrc(file, member);
}

void checkOverlaps(const MappedFile& file, const std::vector<Entry>& entries)
{
    std::vector<std::size_t> order(entries.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return entries[a].local < entries[b].local; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const ZipMember& before = entries[order[i - 1]].member;
        const Entry& after = entries[order[i]];
        if (before.dataOffset + before.storedSize > after.local)
            fail(file, "members " + named(before) + " and " + named(after.member) + " overlap");
    }
}

} // namespace

std::vector<ZipMember> readZipDirectory(const MappedFile& file)
{
    const Directory directory = readEnd(file);
    const std::uint64_t end = directory.offset + directory.size;
    std::vector<Entry> entries;
    std::unordered_set<std::string> names;
    std::uint64_t at = directory.offset;
    for (std::uint64_t i = 0; i < directory.count; ++i) {
        entries.push_back(readCentral(file, at, end));
        at += centralLength(file, at);
        if (at > end)
            fail(file, "a central directory entry is too long");
        readLocal(file, entries.back(), directory);
        if (!names.insert(entries.back().member.name).second)
            fail(file, "member " + named(entries.back().member) + " is there twice");
    }
    checkOverlaps(file, entries);
    std::vector<ZipMember> members;
    members.reserve(entries.size());
    for (Entry& entry : entries)
        members.push_back(std::move(entry.member));
    return members;
}

} // namespace monotail
