// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "backbone/assumptions.h"
#include "base/text.h"

namespace monotail {

namespace {

struct OptionKey
{
    std::string_view key;
    std::string_view values; ///< for people
    /// The value as it is kept, so that "1e-3" and "0.001" are one; empty if it is none.
    std::string (*read)(const std::string& text);
};

template <std::size_t N>
std::string oneOf(const std::string& text, const std::array<std::string_view, N>& values)
{
    return std::find(values.begin(), values.end(), text) == values.end() ? std::string() : text;
}

std::string readStemStride(const std::string& text)
{
    return oneOf<3>(text, {"1", "2", "4"});
}

std::string readYesNo(const std::string& text)
{
    return oneOf<2>(text, {"yes", "no"});
}

std::string readStrides(const std::string& text)
{
    const auto parts = split(text, '-');
    const bool areStrides = std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.size() == 1 && part[0] >= '1' && part[0] <= '8';
    });
    return areStrides ? text : std::string();
}

std::string readBottleneckStride(const std::string& text)
{
    return oneOf<2>(text, {"first", "second"});
}

std::string readShortcut(const std::string& text)
{
    return oneOf<2>(text, {"pad-both", "pad-end"});
}

std::string readEps(const std::string& text)
{
    const auto value = parseDouble(text);
    return value && *value > 0 && *value < 1 ? toText(*value) : std::string();
}

constexpr std::array<OptionKey, 6> keys{{
    {"stem-stride", "1, 2 or 4", readStemStride},
    {"max-pool", "yes or no", readYesNo},
    {"strides", "one number from 1 to 8 for each stage, as in 1-2-2-2", readStrides},
    {"bottleneck-stride", "first or second", readBottleneckStride},
    {"shortcut", "pad-both or pad-end", readShortcut},
    {"eps", "a number between 0 and 1", readEps},
}};

std::string everyKey()
{
    std::vector<std::string> all;
    for (const OptionKey& key : keys)
        all.push_back(message("{} ({})", key.key, key.values));
    return joined(all, ", ");
}

} // namespace

std::vector<std::int64_t> parseStrides(const std::string& text)
{
    std::vector<std::int64_t> out;
    for (const std::string_view part : split(text, '-'))
        out.push_back(parseInteger(part).value_or(1));
    return out;
}

BackboneOptions parseBackboneOptions(const std::string& text)
{
    BackboneOptions options;
    if (trimmed(text).empty())
        return options;
    for (const std::string_view part : split(text, ',')) {
        const std::size_t equal = part.find('=');
        const std::string name(trimmed(part.substr(0, equal)));
        const auto key = std::find_if(keys.begin(), keys.end(),
                                      [&](const OptionKey& known) { return known.key == name; });
        if (equal == std::string_view::npos || key == keys.end())
            throw Error(message("'{}': expected KEY=VALUE with one of the keys {}", printable(part),
                                everyKey()));
        const std::string value(trimmed(part.substr(equal + 1)));
        const std::string read = key->read(value);
        if (read.empty())
            throw Error(message("{}={}: expected {}", name, printable(value), key->values));
        if (!options.emplace(name, read).second)
            throw Error(message("{} is given twice", name));
    }
    return options;
}

} // namespace monotail
