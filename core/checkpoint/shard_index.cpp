// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/shard_index.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

constexpr std::size_t longestIndex = 100'000'000; // as the header of a safetensors file

using Json = nlohmann::json;

/// {"metadata": anything, "weight_map": {tensor: file}}. Builds no tree of whatever is nested.
class Handler : public nlohmann::json_sax<Json>
{
public:
    explicit Handler(const std::string& path) : m_path(path) {}

    ShardIndex index;
    bool hasMap = false;

    bool start_object(std::size_t) override
    {
        if (m_depth == 2 && m_isMap)
            fail(message("the file of tensor '{}' is no text", printable(m_tensor)));
        ++m_depth;
        return true;
    }
    bool end_object() override
    {
        --m_depth;
        m_isMap = m_isMap && m_depth > 1;
        return true;
    }
    bool start_array(std::size_t) override { return plain() && start_object(0); }
    bool end_array() override { return end_object(); }
    bool key(string_t& name) override
    {
        if (m_depth == 1 && name == "weight_map") {
            if (hasMap)
                fail("it has two weight_maps");
            hasMap = true;
            m_isMap = true;
        } else if (m_depth == 2 && m_isMap) {
            m_tensor = name;
        }
        return true;
    }
    bool string(string_t& file) override
    {
        if (m_depth != 2 || !m_isMap)
            return plain();
        checkName(file);
        if (!index.fileOfTensor.emplace(m_tensor, file).second)
            fail(message("tensor '{}' is there twice", printable(m_tensor)));
        return true;
    }
    bool null() override { return plain(); }
    bool boolean(bool) override { return plain(); }
    bool number_integer(number_integer_t) override { return plain(); }
    bool number_unsigned(number_unsigned_t) override { return plain(); }
    bool number_float(number_float_t, const string_t&) override { return plain(); }
    bool binary(binary_t&) override { return plain(); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override
    {
        if (hasMap)
            fail(message("it is no JSON at byte {}", position));
        return false;
    }

private:
    /// A value that is not looked at: anything outside the weight_map.
    bool plain() const
    {
        if (m_isMap && m_depth == 1)
            fail("its weight_map is no JSON object");
        if (m_isMap)
            fail(message("the file of tensor '{}' is no text", printable(m_tensor)));
        return true;
    }
    void checkName(const std::string& file) const
    {
        const bool isPlain =
            !file.empty() && file != "." && file != ".." &&
            std::none_of(file.begin(), file.end(), [](char c) {
                return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
            });
        if (!isPlain)
            throw Error(message("{}: the index puts tensor '{}' into the file '{}'; only plain "
                                "names of files in its own folder are opened",
                                m_path, printable(m_tensor), printable(file)));
    }
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(message("{}: the index of the shards is damaged: {}", m_path, what));
    }

    const std::string& m_path;
    std::string m_tensor;
    int m_depth = 0;
    bool m_isMap = false; ///< the key before was weight_map, or this is inside of it
};

} // namespace

std::optional<ShardIndex> readShardIndex(const MappedFile& file)
{
    const auto bytes = file.bytes();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t first = text.substr(0, 64).find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first == std::string_view::npos || text[first] != '{' || text.size() > longestIndex)
        return std::nullopt;
    const std::string path = file.path().string();
    Handler handler(path);
    Json::sax_parse(text.begin(), text.end(), &handler);
    if (!handler.hasMap)
        return std::nullopt;
    if (handler.index.fileOfTensor.empty())
        throw Error(message("{}: the index of the shards names no tensor", path));
    return std::move(handler.index);
}

} // namespace monotail
