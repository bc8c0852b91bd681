// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"

/// Small files written by hand, so that tests can have every kind of damage.
namespace monotail::test {

template <typename Integer>
std::string little(Integer value)
{
    std::string out;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
    return out;
}

inline std::shared_ptr<const MappedFile> fileOf(const std::string& bytes,
                                                const std::string& path = "test.pth")
{
    const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
    return MappedFile::fromBytes(path, std::vector<std::byte>(first, first + bytes.size()));
}

enum class Descriptor { None, Signed32, Plain32, Signed64 };

struct MemberOptions
{
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::uint32_t crc = 0;
    Descriptor descriptor = Descriptor::None;
    bool wide = false;                  ///< sizes and offset in a zip64 extra field
    std::string localExtra;             ///< padding that only the local header has
    std::int64_t centralSizeChange = 0; ///< damage
};

/// A zip archive, member by member.
class ZipBuilder
{
public:
    void add(const std::string& name, const std::string& data, const MemberOptions& options = {})
    {
        const std::uint64_t local = m_bytes.size();
        const bool hasDescriptor = options.descriptor != Descriptor::None;
        const auto flags = static_cast<std::uint16_t>(options.flags | (hasDescriptor ? 8 : 0));
        const std::uint32_t size = static_cast<std::uint32_t>(data.size());
        const std::uint32_t shown = hasDescriptor ? 0 : size;
        m_bytes += "PK\x03\x04" + little<std::uint16_t>(20) + little(flags) +
                   little(options.method) + std::string(4, '\0') +
                   little(hasDescriptor ? 0u : options.crc) + little(shown) + little(shown) +
                   little(static_cast<std::uint16_t>(name.size())) +
                   little(static_cast<std::uint16_t>(options.localExtra.size())) + name +
                   options.localExtra + data;
        if (options.descriptor == Descriptor::Signed32 ||
            options.descriptor == Descriptor::Signed64)
            m_bytes += "PK\x07\x08";
        if (options.descriptor == Descriptor::Signed64)
            m_bytes +=
                little(options.crc) + little<std::uint64_t>(size) + little<std::uint64_t>(size);
        else if (hasDescriptor)
            m_bytes += little(options.crc) + little(size) + little(size);
        addCentral(name, options, flags, local, data.size());
    }

    std::string finish(bool wide = false) const
    {
        const std::uint64_t offset = m_bytes.size();
        const std::uint64_t size = m_central.size();
        std::string out = m_bytes + m_central;
        if (wide)
            out += "PK\x06\x06" + little<std::uint64_t>(44) + little<std::uint32_t>(0) +
                   std::string(8, '\0') + little(m_count) + little(m_count) + little(size) +
                   little(offset) + "PK\x06\x07" + std::string(4, '\0') + little(offset + size) +
                   little<std::uint32_t>(1);
        const auto count = static_cast<std::uint16_t>(wide ? 0xffff : m_count);
        return out + "PK\x05\x06" + std::string(4, '\0') + little(count) + little(count) +
               little(static_cast<std::uint32_t>(wide ? 0xffffffff : size)) +
               little(static_cast<std::uint32_t>(wide ? 0xffffffff : offset)) +
               little<std::uint16_t>(0);
    }

private:
    void addCentral(const std::string& name, const MemberOptions& options, std::uint16_t flags,
                    std::uint64_t local, std::uint64_t size)
    {
        size =
            static_cast<std::uint64_t>(static_cast<std::int64_t>(size) + options.centralSizeChange);
        const std::uint32_t shown = options.wide ? 0xffffffff : static_cast<std::uint32_t>(size);
        const std::uint32_t shownLocal =
            options.wide ? 0xffffffff : static_cast<std::uint32_t>(local);
        const std::string extra = options.wide
                                      ? little<std::uint16_t>(1) + little<std::uint16_t>(24) +
                                            little(size) + little(size) + little(local)
                                      : std::string();
        m_central += "PK\x01\x02" + little<std::uint32_t>(0x140014) + little(flags) +
                     little(options.method) + std::string(4, '\0') + little(options.crc) +
                     little(shown) + little(shown) +
                     little(static_cast<std::uint16_t>(name.size())) +
                     little(static_cast<std::uint16_t>(extra.size())) + std::string(10, '\0') +
                     little(shownLocal) + name + extra;
        ++m_count;
    }

    std::string m_bytes;
    std::string m_central;
    std::uint64_t m_count = 0;
};

// Pickle opcodes of protocol 2, as torch.save writes them.
inline std::string text(const std::string& value)
{
    return "X" + little(static_cast<std::uint32_t>(value.size())) + value;
}
inline std::string integer(std::int64_t value)
{
    return "\x8a\x08" + little(value);
}
inline std::string tuple(const std::vector<std::int64_t>& values)
{
    std::string out = "(";
    for (const std::int64_t value : values)
        out += integer(value);
    return out + "t";
}
inline std::string global(const std::string& module, const std::string& name)
{
    return "c" + module + "\n" + name + "\n";
}

struct TensorPickle
{
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> stride;
    std::string key = "0";
    std::int64_t numel = 0;
    std::int64_t offset = 0;
    std::string storage = "FloatStorage";
};
inline std::string tensor(const TensorPickle& t)
{
    return global("torch._utils", "_rebuild_tensor_v2") + "((" + text("storage") +
           global("torch", t.storage) + text(t.key) + text("cpu") + integer(t.numel) + "tQ" +
           integer(t.offset) + tuple(t.shape) + tuple(t.stride) + "\x89" +
           global("collections", "OrderedDict") + ")RtR";
}
/// {key: value, ...} from pickled values.
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& entries)
{
    std::string out = "}(";
    for (const auto& [key, value] : entries)
        out += text(key) + value;
    return out + "u";
}
inline std::string pickle(const std::string& value)
{
    return "\x80\x02" + value + ".";
}
inline std::string floats(const std::vector<float>& values)
{
    std::string out;
    for (const float value : values)
        out += little(std::bit_cast<std::uint32_t>(value));
    return out;
}

/// A checkpoint as torch.save writes it, from the pickled value and the storages "0", "1", ...
inline std::string torchZip(const std::string& value, const std::vector<std::string>& storages)
{
    ZipBuilder zip;
    zip.add("archive/data.pkl", pickle(value));
    for (std::size_t i = 0; i < storages.size(); ++i)
        zip.add("archive/data/" + std::to_string(i), storages[i]);
    zip.add("archive/version", "3\n");
    return zip.finish();
}
inline std::shared_ptr<const Checkpoint> openBytes(const std::string& bytes)
{
    return openCheckpoint(fileOf(bytes));
}

/// A checkpoint of contiguous float32 tensors whose numbers count up from 1.
struct NamedShape
{
    std::string name;
    std::vector<std::int64_t> shape;
};
inline std::string stateDict(const std::vector<NamedShape>& tensors,
                             std::vector<std::string>& storages)
{
    std::vector<std::pair<std::string, std::string>> entries;
    for (const NamedShape& entry : tensors) {
        TensorPickle pickled;
        pickled.shape = entry.shape;
        pickled.stride.assign(entry.shape.size(), 1);
        for (std::size_t i = entry.shape.size(); i-- > 1;)
            pickled.stride[i - 1] = pickled.stride[i] * entry.shape[i];
        pickled.numel = 1;
        for (const std::int64_t size : entry.shape)
            pickled.numel *= size;
        pickled.key = std::to_string(storages.size());
        std::vector<float> values;
        for (std::int64_t i = 0; i < pickled.numel; ++i)
            values.push_back(static_cast<float>(i + 1));
        storages.push_back(floats(values));
        entries.emplace_back(entry.name, tensor(pickled));
    }
    return dict(entries);
}
inline std::shared_ptr<const Checkpoint> checkpointOf(const std::vector<NamedShape>& tensors)
{
    std::vector<std::string> storages;
    const std::string value = stateDict(tensors, storages);
    return openBytes(torchZip(value, storages));
}

} // namespace monotail::test
