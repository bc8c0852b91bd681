// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/json_lists.h"

#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

using Json = nlohmann::json;

Json parsed(const TextSource& source)
{
    // Nothing that is read here lies deep; deeper values are dropped, not kept.
    const auto isShallow = [](int depth, Json::parse_event_t, Json&) { return depth < 8; };
    Json json = Json::parse(source.text, isShallow, false);
    if (json.is_discarded())
        throw Error(message("{}: this is not valid JSON", source.name));
    return json;
}

const Json* findList(const Json& json, std::initializer_list<const char*> names)
{
    for (const char* name : names) {
        const auto found = json.find(name);
        if (found != json.end() && found->is_array())
            return &*found;
    }
    return nullptr;
}

const Json* findNames(const Json& json)
{
    return findList(json, {"names", "classes", "class_names", "wnids", "synsets"});
}

std::string shown(const Json& value)
{
    return printable(value.dump(-1, ' ', false, Json::error_handler_t::replace), 40);
}

std::int64_t wholeNumber(const Json& value, std::size_t position, const TextSource& source)
{
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
        throw Error(
            message("{}: entry {} is {}, which is too large", source.name, position, shown(value)));
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    const auto whole = value.is_number() ? parseWhole(toText(value.get<double>())) : std::nullopt;
    if (!whole)
        throw Error(
            message("{}: entry {} is {}, not a whole number", source.name, position, shown(value)));
    return *whole;
}

std::vector<std::string> texts(const Json& list, const TextSource& source)
{
    std::vector<std::string> names;
    for (const Json& value : list) {
        if (!value.is_string())
            throw Error(message("{}: entry {} of the names is {}, not a text", source.name,
                                names.size(), shown(value)));
        names.push_back(value.get<std::string>());
    }
    return names;
}

} // namespace

std::vector<std::pair<std::string, std::int64_t>> readJsonNames(const TextSource& source)
{
    const Json json = parsed(source);
    const Json* list = json.is_array() ? &json : json.is_object() ? findNames(json) : nullptr;
    std::vector<std::pair<std::string, std::int64_t>> names;
    if (list) {
        for (std::string& name : texts(*list, source))
            names.emplace_back(std::move(name), static_cast<std::int64_t>(names.size()));
        return names;
    }
    if (!json.is_object())
        throw Error(message("{}: a JSON list of class names is expected", source.name));
    for (const auto& [name, index] : json.items())
        names.emplace_back(name, wholeNumber(index, names.size(), source));
    return names;
}

JsonCounts readJsonCounts(const TextSource& source)
{
    const Json json = parsed(source);
    const Json* list = json.is_array() ? &json
                       : json.is_object()
                           ? findList(json, {"counts", "class_counts", "cls_num_list",
                                             "img_num_per_cls", "train_counts", "count"})
                           : nullptr;
    if (!list)
        throw Error(message("{}: a JSON list of counts is expected, or an object that holds one "
                            "as \"counts\"",
                            source.name));
    JsonCounts result;
    for (const Json& value : *list)
        result.counts.push_back(wholeNumber(value, result.counts.size(), source));
    const Json* names = json.is_object() ? findNames(json) : nullptr;
    if (names)
        result.names = texts(*names, source);
    if (names && result.names.size() != result.counts.size())
        throw Error(message("{}: {} counts, but {} names", source.name, result.counts.size(),
                            result.names.size()));
    return result;
}

std::vector<std::string> jsonTexts(const std::string& text)
{
    const Json json = Json::parse(text, nullptr, false);
    std::vector<std::string> result;
    if (!json.is_array())
        return result;
    for (const Json& value : json) {
        if (!value.is_string())
            return {};
        result.push_back(value.get<std::string>());
    }
    return result;
}

} // namespace monotail
