// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// Text without a locale: "0.5" reads and prints the same under every language setting.
namespace monotail {

/// Shortest text that reads back to the same number; "nan", "inf", "-inf" for the rest.
std::string toText(double value);
/// With a fixed number of decimals, for people: toText(68.314, 1) is "68.3".
std::string toText(double value, int decimals);
std::string toText(std::int64_t value);
/// With thousands separators, for people: "10,000".
std::string toGroupedText(std::int64_t value);

/// The whole of `text` as a number, blanks around it ignored; nothing if it is not one.
std::optional<double> parseDouble(std::string_view text);
std::optional<std::int64_t> parseInteger(std::string_view text);

std::string_view trimmed(std::string_view text);
std::string lowered(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> splitBlanks(std::string_view text);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
bool endsWith(std::string_view text, std::string_view suffix);

/// Bytes that came from a file, made safe to print: control and invalid UTF-8 bytes escaped, and
/// cut to `limit` characters.
std::string printable(std::string_view text, std::size_t limit = 120);

namespace detail {
inline std::string asText(const std::string& value)
{
    return value;
}
inline std::string asText(std::string_view value)
{
    return std::string(value);
}
inline std::string asText(const char* value)
{
    return value;
}
inline std::string asText(double value)
{
    return toText(value);
}
template <typename Integer>
requires std::is_integral_v<Integer> std::string asText(Integer value)
{
    return std::to_string(value);
}
std::string fill(std::string_view pattern, const std::vector<std::string>& values);
} // namespace detail

/// `pattern` with each {} replaced in order: message("{}: {} rows", path, 10).
template <typename... Values>
std::string message(std::string_view pattern, const Values&... values)
{
    return detail::fill(pattern, {detail::asText(values)...});
}

} // namespace monotail
