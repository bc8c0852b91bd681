// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <zlib.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

/// Files as numpy writes them, made by hand.
namespace monotail::test {

template <typename Number>
std::string bytesOf(const std::vector<Number>& numbers)
{
    std::string bytes(numbers.size() * sizeof(Number), '\0');
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

inline std::string npyWithHeader(std::string header, const std::string& data)
{
    header.append(63 - (header.size() + 10) % 64, ' ');
    header += '\n';
    std::string bytes = "\x93NUMPY";
    bytes += {'\x01', '\x00', static_cast<char>(header.size() & 255),
              static_cast<char>(header.size() >> 8)};
    return bytes + header + data;
}

inline std::string npy(const std::string& descr, const std::string& shape, const std::string& data,
                       const std::string& fortranOrder = "False")
{
    return npyWithHeader("{'descr': '" + descr + "', 'fortran_order': " + fortranOrder +
                             ", 'shape': " + shape + ", }",
                         data);
}

inline std::string little(std::uint64_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(i < 8 ? value >> (8 * i) & 255 : 0);
    return text;
}

inline std::string deflated(const std::string& bytes)
{
    std::string out(compressBound(bytes.size()) + 16, '\0');
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// A zip archive of these members, stored or deflated.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& members,
                       bool isDeflated)
{
    std::string archive, directory;
    for (const auto& [name, bytes] : members) {
        const std::string data = isDeflated ? deflated(bytes) : bytes;
        const auto crc =
            crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
        const std::string common = little(20, 2) + little(0, 2) + little(isDeflated ? 8 : 0, 2) +
                                   little(0, 4) + little(crc, 4) + little(data.size(), 4) +
                                   little(bytes.size(), 4) + little(name.size(), 2) + little(0, 2);
        directory += "PK\x01\x02" + little(20, 2) + common + little(0, 10) +
                     little(archive.size(), 4) + name;
        archive += "PK\x03\x04" + common + name + data;
    }
    return archive + directory + "PK\x05\x06" + little(0, 4) + little(members.size(), 2) +
           little(members.size(), 2) + little(directory.size(), 4) + little(archive.size(), 4) +
           little(0, 2);
}

} // namespace monotail::test
