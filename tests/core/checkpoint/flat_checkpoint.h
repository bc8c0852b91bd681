// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace monotail::test {

inline void writeBytes(const std::filesystem::path& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::set<std::string> namesIn(const std::filesystem::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

inline std::string elementBytes(DType type, const std::vector<double>& values)
{
    std::string bytes(values.size() * sizeOf(type), '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        char* at = bytes.data() + i * sizeOf(type);
        if (isFloating(type))
            writeElement(type, reinterpret_cast<std::byte*>(at), values[i]);
        else
            *at = static_cast<char>(values[i]); // small integers, little-endian
    }
    return bytes;
}

/// A checkpoint of bare storages, one behind the other, with bytes that belong to nobody before and
/// after each: what a patch changes beside its tensor shows.
class FlatCheckpoint
{
public:
    explicit FlatCheckpoint(std::filesystem::path path, std::string format = "safetensors")
    {
        m_checkpoint.path = std::move(path);
        m_checkpoint.format = std::move(format);
    }

    FlatCheckpoint& storage(const std::string& key, DType type, const std::vector<double>& values)
    {
        return rawStorage(key, type, elementBytes(type, values));
    }

    FlatCheckpoint& rawStorage(const std::string& key, DType type, const std::string& data)
    {
        m_bytes += "gap"; // odd, so that elements are not aligned
        m_checkpoint.storages[key] = {key, type, m_bytes.size(), data.size()};
        m_bytes += data + "end";
        return *this;
    }

    FlatCheckpoint& view(const std::string& name, const std::string& storage,
                         std::vector<std::int64_t> shape, std::vector<std::int64_t> stride,
                         std::int64_t offset = 0)
    {
        const DType type = m_checkpoint.storages.at(storage).dtype;
        m_checkpoint.tensors.push_back(
            {name, type, std::move(shape), std::move(stride), offset, storage});
        return *this;
    }

    /// A tensor with a storage of its own, row-major.
    FlatCheckpoint& tensor(const std::string& name, DType type, std::vector<std::int64_t> shape,
                           const std::vector<double>& values)
    {
        std::vector<std::int64_t> stride(shape.size(), 1);
        for (std::size_t i = shape.size(); i-- > 1;)
            stride[i - 1] = stride[i] * shape[i];
        return storage(name, type, values).view(name, name, std::move(shape), std::move(stride));
    }

    /// Writes the file and maps it.
    const Checkpoint& write()
    {
        writeBytes(m_checkpoint.path, m_bytes);
        m_checkpoint.file = MappedFile::open(m_checkpoint.path);
        return m_checkpoint;
    }

    const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
    Checkpoint m_checkpoint;
};

/// 0, 1, 2, ...
inline std::vector<double> counting(std::size_t count)
{
    std::vector<double> values(count);
    std::iota(values.begin(), values.end(), 0.0);
    return values;
}

/// The numbers that stand at the storage's place in `file`.
inline std::vector<double> numbersAt(const std::string& file, const Storage& storage)
{
    std::vector<double> values;
    const auto* data = reinterpret_cast<const std::byte*>(file.data()) + storage.offset;
    for (std::uint64_t at = 0; at < storage.bytes; at += sizeOf(storage.dtype))
        values.push_back(readElement(storage.dtype, data + at));
    return values;
}

} // namespace monotail::test
