// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/zip_writer.h"

#include <utility>
#include <zlib.h>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_order.h"

// Layout: APPNOTE.TXT of PKWARE, 4.3; values of the fields: what torch.save writes.
namespace monotail {

namespace {

constexpr std::uint64_t alignment = 64;
constexpr std::uint64_t localHeaderBytes = 30;
constexpr std::uint16_t hasDescriptor = 8; // CRC and sizes follow the payload
constexpr std::uint16_t namesAreUtf8 = 0x800;

template <typename Integer>
std::string little(Integer value)
{
    std::string bytes(sizeof(Integer), '\0');
    storeLittle(reinterpret_cast<std::byte*>(bytes.data()), value);
    return bytes;
}

std::string extraField(std::uint16_t id, const std::string& content)
{
    return little(id) + little(static_cast<std::uint16_t>(content.size())) + content;
}

/// PyTorch leaves out the descriptor of an empty member.
std::uint16_t flagsFor(std::uint64_t size)
{
    return size == 0 ? namesAreUtf8 : namesAreUtf8 | hasDescriptor;
}

/// Flags, method "stored", no time and date.
std::string startOfHeader(std::uint64_t size)
{
    return little(flagsFor(size)) + std::string(6, '\0');
}

} // namespace

ZipWriter::ZipWriter(ByteSink sink, ZipLimits limits) : m_sink(std::move(sink)), m_limits(limits) {}

void ZipWriter::put(std::span<const std::byte> bytes)
{
    m_sink(bytes);
    m_at += bytes.size();
}

void ZipWriter::put(const std::string& bytes)
{
    put(std::as_bytes(std::span(bytes)));
}

std::uint32_t ZipWriter::narrow(std::uint64_t value) const
{
    return isWide(value) ? 0xffffffff : static_cast<std::uint32_t>(value);
}

void ZipWriter::addLocalHeader(const std::string& name, const Member& member)
{
    const bool wide = isWide(member.size);
    const std::string sizes =
        wide ? extraField(1, little(member.size) + little(member.size)) : std::string();
    const std::uint64_t payload = m_at + localHeaderBytes + name.size() + sizes.size() + 4;
    const std::uint64_t padding = (alignment - payload % alignment) % alignment;
    const std::string extra = sizes + extraField(0x4246, std::string(padding, 'Z')); // "FB"
    const std::uint32_t shown = wide ? 0xffffffff : 0;
    put("PK\x03\x04" + little(std::uint16_t(0)) + startOfHeader(member.size) + little(0u) +
        little(shown) + little(shown) + little(static_cast<std::uint16_t>(name.size())) +
        little(static_cast<std::uint16_t>(extra.size())) + name + extra);
}

void ZipWriter::add(const std::string& name, std::uint64_t size,
                    const std::function<void(const ByteSink&)>& write)
{
    Member member{m_at, size};
    addLocalHeader(name, member);
    const std::uint64_t end = m_at + size;
    write([&](std::span<const std::byte> bytes) {
        member.crc = static_cast<std::uint32_t>(
            crc32_z(member.crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
        put(bytes);
    });
    if (m_at != end)
        throw Error(message("{}: {} bytes were announced for this member, {} came", name, size,
                            m_at - (end - size)));
    if (size > 0)
        put("PK\x07\x08" + little(member.crc) +
            (isWide(size) ? little(size) + little(size)
                          : little(narrow(size)) + little(narrow(size))));
    addCentral(name, member);
}

void ZipWriter::add(const std::string& name, std::string_view bytes)
{
    add(name, bytes.size(),
        [&](const ByteSink& sink) { sink(std::as_bytes(std::span(bytes.data(), bytes.size()))); });
}

void ZipWriter::addCentral(const std::string& name, const Member& member)
{
    std::string wide; // what did not fit, in APPNOTE's order: size, stored size, offset
    if (isWide(member.size))
        wide += little(member.size) + little(member.size);
    if (isWide(member.offset))
        wide += little(member.offset);
    const std::string extra = wide.empty() ? wide : extraField(1, wide);
    m_central += "PK\x01\x02" + little(0u) + startOfHeader(member.size) + little(member.crc) +
                 little(narrow(member.size)) + little(narrow(member.size)) +
                 little(static_cast<std::uint16_t>(name.size())) +
                 little(static_cast<std::uint16_t>(extra.size())) + std::string(10, '\0') +
                 little(narrow(member.offset)) + name + extra;
    ++m_members;
}

void ZipWriter::finish()
{
    const std::uint64_t directory = m_at;
    const std::uint64_t size = m_central.size();
    put(m_central);
    const std::uint64_t end64 = m_at;
    // PyTorch writes the zip64 records whether they are needed or not: version 4.5 and what follows
    // the length is 44 bytes long.
    put("PK\x06\x06" + little(std::uint64_t{44}) + little(std::uint16_t{0x31e}) +
        little(std::uint16_t{0x2d}) + little(std::uint64_t{0}) + little(m_members) +
        little(m_members) + little(size) + little(directory));
    put("PK\x06\x07" + little(0u) + little(end64) + little(1u));
    const auto count =
        static_cast<std::uint16_t>(m_members >= m_limits.members ? 0xffff : m_members);
    put("PK\x05\x06" + little(0u) + little(count) + little(count) + little(narrow(size)) +
        little(narrow(directory)) + little(std::uint16_t{0}));
}

} // namespace monotail
