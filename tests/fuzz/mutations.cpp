// SPDX-License-Identifier: GPL-3.0-or-later
#include "mutations.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "checkpoint/byte_order.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/pickle.h"
#include "checkpoint/zip.h"

namespace monotail::fuzz {

namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t header = 64; ///< about what lies before a member's data

void addRegion(Specimen& specimen, std::uint64_t begin, std::uint64_t end)
{
    const std::uint64_t last = std::min<std::uint64_t>(end, specimen.bytes.size());
    if (begin < last)
        specimen.structure.push_back({begin, last - begin});
}

void findZipStructure(Specimen& specimen, const MappedFile& file)
{
    std::uint64_t directory = specimen.bytes.size();
    for (const ZipMember& member : readZipDirectory(file)) {
        const bool isData = member.name.find("/data/") != std::string::npos;
        const std::uint64_t start =
            member.dataOffset - std::min<std::uint64_t>(header, member.dataOffset);
        addRegion(specimen, start, isData ? member.dataOffset : member.dataOffset + member.size);
        directory = std::min(directory, member.centralCrcOffset);
    }
    addRegion(specimen, directory - std::min<std::uint64_t>(16, directory), specimen.bytes.size());
}

void findLegacyStructure(Specimen& specimen, const MappedFile& file)
{
    std::size_t at = 0;
    for (int part = 0; part < 5; ++part)
        at += readPickle(file.bytes().subspan(at), specimen.name).size;
    addRegion(specimen, 0, at + 8);
}

/// Where `size` bytes can be changed, mostly in the structure.
std::size_t place(const Specimen& specimen, std::size_t length, std::size_t size, Random& random)
{
    const std::size_t last = length > size ? length - size : 0;
    if (random.below(5) == 0)
        return random.below(last + 1);
    const Region& region = specimen.structure[random.below(specimen.structure.size())];
    return std::min(region.begin + random.below(region.size), last);
}

void flipBits(Bytes& bytes, const Specimen& specimen, Random& random)
{
    for (std::uint64_t flips = 1 + random.below(8); flips > 0; --flips)
        bytes[place(specimen, bytes.size(), 1, random)] ^= std::byte(1u << random.below(8));
}

void overwriteRun(Bytes& bytes, const Specimen& specimen, Random& random)
{
    const std::size_t size = std::min<std::size_t>(1 + random.below(64), bytes.size());
    const std::size_t at = place(specimen, bytes.size(), size, random);
    const std::uint64_t kind = random.below(3);
    for (std::size_t i = at; i < at + size; ++i)
        bytes[i] = kind == 0   ? std::byte{0}
                   : kind == 1 ? std::byte{0xff}
                               : static_cast<std::byte>(random.next());
}

void truncate(Bytes& bytes, const Specimen& specimen, Random& random)
{
    bytes.resize(1 + place(specimen, bytes.size(), 1, random));
}

/// Sizes and offsets that programs get wrong.
std::uint64_t awkward(std::uint64_t was, std::uint64_t fileSize, Random& random)
{
    const std::array<std::uint64_t, 16> values{
        0,
        1,
        was + 1,
        was - 1,
        was * 2,
        0 - was,
        0x7f,
        0xff,
        0x7fff,
        0xffff,
        0x7fffffff,
        0xffffffff,
        fileSize,
        fileSize - 1,
        std::uint64_t{1} << 62,
        std::uint64_t{1} << 63,
    };
    const std::uint64_t choice = random.below(values.size() + 2);
    return choice < values.size() ? values[choice] : random.next();
}

void overwriteField(Bytes& bytes, std::size_t at, std::size_t size, Random& random)
{
    std::uint64_t was = 0;
    for (std::size_t i = size; i-- > 0;)
        was = was << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    const std::uint64_t now = awkward(was, bytes.size(), random);
    for (std::size_t i = 0; i < size; ++i)
        bytes[at + i] = static_cast<std::byte>(now >> (8 * i));
}

/// The argument of an opcode of pickle that has one, 0 if the byte is none.
std::size_t argumentSize(std::byte opcode)
{
    constexpr std::string_view one = "KUCqh\x8a\x8c", two = "M", four = "XTBJrj\x8b",
                               eight = "G\x8d\x8e\x96\x95";
    const char c = static_cast<char>(opcode);
    if (one.find(c) != std::string_view::npos)
        return 1;
    if (two.find(c) != std::string_view::npos)
        return 2;
    if (four.find(c) != std::string_view::npos)
        return 4;
    return eight.find(c) != std::string_view::npos ? 8 : 0;
}

bool isAt(const Bytes& bytes, std::size_t at, std::string_view text)
{
    return std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

bool isDigit(std::byte byte)
{
    return byte >= std::byte{'0'} && byte <= std::byte{'9'};
}

/// The field behind a zip signature, behind an opcode or a number of JSON, the next one after a
/// random place; the first eight bytes of the file every now and then.
void changeField(Bytes& bytes, const Specimen& specimen, Random& random)
{
    constexpr std::size_t window = 4096, margin = 64;
    if (bytes.size() < 2 * margin)
        return;
    if (random.below(16) == 0)
        return overwriteField(bytes, 0, 8, random);
    const std::size_t start = place(specimen, bytes.size(), margin, random);
    const std::size_t end = std::min(start + window, bytes.size() - margin);
    const bool wantsZip = random.below(3) == 0;
    for (std::size_t at = start; at < end; ++at) {
        if (isAt(bytes, at, "PK")) {
            const std::size_t size = std::size_t{2} << random.below(3);
            return overwriteField(bytes, at + 4 + random.below(44), size, random);
        }
        if (wantsZip)
            continue;
        if (const std::size_t size = argumentSize(bytes[at]))
            return overwriteField(bytes, at + 1, size, random);
        if (isDigit(bytes[at])) {
            for (; isDigit(bytes[at]) && at < end; ++at)
                bytes[at] = std::byte(static_cast<unsigned char>('0' + random.below(10)));
            return;
        }
    }
}

/// Takes a part out, or puts it there twice.
void shift(Bytes& bytes, const Specimen& specimen, Random& random)
{
    const std::size_t size = std::min<std::size_t>(1 + random.below(200), bytes.size() - 1);
    const auto at =
        bytes.begin() + static_cast<std::ptrdiff_t>(place(specimen, bytes.size(), size, random));
    const auto end = at + static_cast<std::ptrdiff_t>(size);
    if (random.below(2) == 0) {
        bytes.erase(at, end);
    } else {
        const Bytes part(at, end);
        bytes.insert(at, part.begin(), part.end());
    }
}

/// Lays a part of the other file over this one, or follows it with the other file's end.
void splice(Bytes& bytes, const Specimen& specimen, const Specimen& other, Random& random)
{
    const std::size_t size =
        std::min<std::size_t>({1 + random.below(2000), bytes.size(), other.bytes.size()});
    const std::size_t from = place(other, other.bytes.size(), size, random);
    const std::size_t to = place(specimen, bytes.size(), size, random);
    const auto first = other.bytes.begin() + static_cast<std::ptrdiff_t>(from);
    if (random.below(8) == 0) {
        bytes.resize(to);
        bytes.insert(bytes.end(), first, other.bytes.end());
        return;
    }
    std::copy_n(first, size, bytes.begin() + static_cast<std::ptrdiff_t>(to));
}

} // namespace

Specimen readSpecimen(const std::string& path)
{
    const auto file = MappedFile::open(path);
    const std::string format = openCheckpoint(file)->format;
    Specimen specimen{path, {file->bytes().begin(), file->bytes().end()}, {}};
    if (format == "legacy")
        findLegacyStructure(specimen, *file);
    else if (format == "safetensors")
        addRegion(specimen, 0, 8 + loadLittle<std::uint64_t>(file->at(0, 8).data()));
    else
        findZipStructure(specimen, *file);
    return specimen;
}

void mutate(Bytes& bytes, const Specimen& specimen, const Specimen& other, Random& random)
{
    // One change reaches deeper than three.
    const std::uint64_t most = random.below(2) == 0 ? 1 : 3;
    for (std::uint64_t left = 1 + random.below(most); left > 0 && bytes.size() > 1; --left) {
        const std::uint64_t kind = random.below(16);
        if (kind < 4)
            flipBits(bytes, specimen, random);
        else if (kind < 7)
            overwriteRun(bytes, specimen, random);
        else if (kind < 8)
            truncate(bytes, specimen, random);
        else if (kind < 13)
            changeField(bytes, specimen, random);
        else if (kind < 14)
            shift(bytes, specimen, random);
        else
            splice(bytes, specimen, other, random);
    }
}

} // namespace monotail::fuzz
