// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace monotail::test {

/// Float tensors and int64 labels to write as a safetensors file: a head or features made by hand.
struct SafetensorsFile
{
    struct Entry
    {
        std::string name;
        std::vector<std::int64_t> shape;
        std::string dtype;
        std::string bytes;
    };
    std::vector<Entry> entries;
    std::map<std::string, std::string> metadata;

    SafetensorsFile& add(const std::string& name, std::vector<std::int64_t> shape,
                         const std::vector<float>& values)
    {
        entries.push_back({name, std::move(shape), "F32", bytesOf(values)});
        return *this;
    }
    SafetensorsFile& addLabels(const std::string& name, const std::vector<std::int64_t>& values)
    {
        entries.push_back(
            {name, {static_cast<std::int64_t>(values.size())}, "I64", bytesOf(values)});
        return *this;
    }
    std::string write(const std::filesystem::path& path) const
    {
        nlohmann::ordered_json header;
        if (!metadata.empty())
            header["__metadata__"] = metadata;
        std::string data;
        for (const Entry& entry : entries) {
            header[entry.name] = {
                {"dtype", entry.dtype},
                {"shape", entry.shape},
                {"data_offsets", {data.size(), data.size() + entry.bytes.size()}}};
            data += entry.bytes;
        }
        const std::string text = header.dump();
        const std::uint64_t length = text.size();
        std::ofstream out(path, std::ios::binary);
        out.write(reinterpret_cast<const char*>(&length), 8);
        out << text << data;
        return path.string();
    }

private:
    template <typename T>
    static std::string bytesOf(const std::vector<T>& values)
    {
        return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
    }
};

} // namespace monotail::test
