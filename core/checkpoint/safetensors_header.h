// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace monotail {

/// What the format allows, in bytes.
constexpr std::uint64_t longestSafetensorsHeader = 100'000'000;

struct SafetensorsEntry
{
    std::string name;
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0; ///< in the data after the header
    std::uint64_t end = 0;
};

struct SafetensorsHeader
{
    std::vector<SafetensorsEntry> entries; ///< in the header's order
    std::map<std::string, std::string> metadata;
};

/// Reads the JSON header as it comes, without building a tree of whatever it nests. Throws Error
/// that starts with `path` for anything but the layout above, and for names that come twice.
SafetensorsHeader parseSafetensorsHeader(std::string_view json, const std::string& path);

} // namespace monotail
