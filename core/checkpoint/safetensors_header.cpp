// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors_header.h"

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

using Json = nlohmann::json;

/// {name: {"dtype": text, "shape": [...], "data_offsets": [begin, end]}, "__metadata__": {...}}
class Handler : public nlohmann::json_sax<Json>
{
public:
    explicit Handler(const std::string& path) : m_path(path) {}

    SafetensorsHeader header;

    bool key(string_t& name) override
    {
        m_field = name;
        if (m_depth == 1) {
            if (!m_names.insert(name).second)
                fail(message("the name '{}' is there twice", printable(name)));
            m_isMetadata = name == "__metadata__";
            if (!m_isMetadata)
                header.entries.push_back({name, {}, {}, 0, 0});
            m_offsets = 0;
            m_fields = 0;
        }
        return true;
    }

    bool start_object(std::size_t) override
    {
        if (m_inArray || ++m_depth > 2)
            fail("it nests too deeply");
        return true;
    }

    bool end_object() override
    {
        if (--m_depth == 1 && !m_isMetadata && (m_fields != 3 || m_offsets != 2))
            fail(message("tensor '{}' lacks its dtype, shape or data_offsets",
                         printable(header.entries.back().name)));
        return true;
    }

    bool start_array(std::size_t) override
    {
        if (m_inArray || m_depth != 2 || m_isMetadata ||
            (m_field != "shape" && m_field != "data_offsets"))
            fail("a list stands where none belongs");
        m_inArray = true;
        ++m_fields;
        return true;
    }

    bool end_array() override
    {
        m_inArray = false;
        return true;
    }

    bool string(string_t& text) override
    {
        if (m_inArray || m_depth != 2)
            fail("a text stands where none belongs");
        if (m_isMetadata) {
            header.metadata[m_field] = text;
        } else if (m_field == "dtype") {
            header.entries.back().dtype = text;
            ++m_fields;
        } else {
            fail(message("'{}' is a text", printable(m_field)));
        }
        return true;
    }

    bool number_unsigned(number_unsigned_t value) override
    {
        if (!m_inArray || value > INT64_MAX)
            fail("a number stands where none belongs");
        SafetensorsEntry& entry = header.entries.back();
        if (m_field == "shape") {
            if (entry.shape.size() == 64)
                fail("a tensor has more than 64 dimensions");
            entry.shape.push_back(static_cast<std::int64_t>(value));
        } else if (m_offsets == 2) {
            fail("data_offsets are more than two numbers");
        } else {
            (m_offsets++ == 0 ? entry.begin : entry.end) = value;
        }
        return true;
    }

    bool number_integer(number_integer_t) override { fail("a number is negative"); }
    bool number_float(number_float_t, const string_t&) override { fail("a number is no integer"); }
    bool null() override { fail("a null stands where none belongs"); }
    bool boolean(bool) override { fail("a truth value stands where none belongs"); }
    bool binary(binary_t&) override { fail("it is binary"); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override
    {
        fail(message("it is no JSON at byte {}", position));
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(message("{}: the safetensors header is damaged: {}", m_path, what));
    }

    const std::string& m_path;
    std::unordered_set<std::string> m_names;
    std::string m_field;
    int m_depth = 0;
    int m_fields = 0;
    int m_offsets = 0;
    bool m_isMetadata = false;
    bool m_inArray = false;
};

} // namespace

SafetensorsHeader parseSafetensorsHeader(std::string_view json, const std::string& path)
{
    Handler handler(path);
    Json::sax_parse(json.begin(), json.end(), &handler);
    return std::move(handler.header);
}

} // namespace monotail
