// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace monotail::test {

inline std::uint32_t little(const std::string& bytes, std::size_t at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

inline std::string littleBytes(std::uint64_t value, std::size_t size)
{
    std::string bytes;
    for (; bytes.size() < size; value >>= 8)
        bytes += static_cast<char>(value);
    return bytes;
}

/// CRC-32 by its definition, bit by bit: nothing in common with the library that the program uses.
inline std::uint32_t slowCrc(const std::string& bytes)
{
    std::uint32_t crc = 0xffffffff;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0u);
    }
    return ~crc;
}

struct WalkedMember
{
    std::string name;
    std::size_t data = 0;
    std::size_t size = 0;
    std::vector<std::size_t> crcFields; ///< in the order central, local or descriptor
};

/// The end record, whose comment reaches the end of the file.
inline std::size_t endOfZip(const std::string& file)
{
    std::size_t end = file.size() - 22;
    while (file.compare(end, 4, "PK\x05\x06") != 0 ||
           end + 22 + little(file, end + 20, 2) != file.size())
        --end;
    return end;
}

/// A second reader of zip archives, for archives of stored members under 4 GiB. Numbers that a wide
/// directory keeps in its extra field come in the order size, stored size, offset.
inline std::vector<WalkedMember> walkZip(const std::string& file)
{
    std::vector<WalkedMember> members;
    const std::size_t end = endOfZip(file);
    std::size_t at = little(file, end + 16, 4);
    for (std::uint32_t left = little(file, end + 10, 2); left > 0; --left) {
        const std::size_t nameLength = little(file, at + 28, 2);
        std::size_t extra = at + 46 + nameLength + 4;
        const auto number = [&](std::size_t field) -> std::size_t {
            const std::uint32_t narrow = little(file, at + field, 4);
            if (narrow != 0xffffffff)
                return narrow;
            extra += 8;
            return little(file, extra - 8, 4);
        };
        WalkedMember member;
        member.name = file.substr(at + 46, nameLength);
        member.size = number(24);
        number(20);
        const std::size_t local = number(42);
        member.data = local + 30 + little(file, local + 26, 2) + little(file, local + 28, 2);
        const bool hasDescriptor = little(file, at + 8, 2) & 8;
        member.crcFields = {at + 16, hasDescriptor ? member.data + member.size + 4 : local + 14};
        members.push_back(member);
        at += 46 + nameLength + little(file, at + 30, 2) + little(file, at + 32, 2);
    }
    return members;
}

enum class CrcPlace { LocalHeader, Descriptor };

struct PackedMember
{
    std::string name;
    std::string data;
    CrcPlace place = CrcPlace::Descriptor;
    std::uint16_t method = 0;
    std::optional<std::uint32_t> crc = {}; ///< in place of the true one
};

/// A small archive, its payloads where walkZip() says.
inline std::string packZip(const std::vector<PackedMember>& members)
{
    std::string file;
    std::string directory;
    for (const PackedMember& member : members) {
        const bool isLocal = member.place == CrcPlace::LocalHeader;
        const std::string crc = littleBytes(member.crc.value_or(slowCrc(member.data)), 4);
        const std::string sizes =
            littleBytes(member.data.size(), 4) + littleBytes(member.data.size(), 4);
        const std::string start = littleBytes(20, 2) + littleBytes(isLocal ? 0 : 8, 2) +
                                  littleBytes(member.method, 2) + littleBytes(0, 4);
        const std::string nameLength = littleBytes(member.name.size(), 2);
        directory += "PK\x01\x02" + littleBytes(20, 2) + start + crc + sizes + nameLength +
                     littleBytes(0, 12) + littleBytes(file.size(), 4) + member.name;
        file += "PK\x03\x04" + start + (isLocal ? crc + sizes : std::string(12, '\0')) +
                nameLength + littleBytes(3, 2) + member.name + "pad" + member.data;
        if (!isLocal)
            file += "PK\x07\x08" + crc + sizes;
    }
    const std::string count = littleBytes(members.size(), 2);
    return file + directory + "PK\x05\x06" + littleBytes(0, 4) + count + count +
           littleBytes(directory.size(), 4) + littleBytes(file.size(), 4) + littleBytes(0, 2);
}

} // namespace monotail::test
