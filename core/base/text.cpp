// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace monotail {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

template <typename Number>
std::optional<Number> parseWhole(std::string_view text)
{
    text = trimmed(text);
    if (text.size() > 1 && text.front() == '+' && text[1] != '-')
        text.remove_prefix(1);
    Number value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

/// Length of the well-formed UTF-8 sequence at the start of `text`, or 0.
std::size_t utf8Length(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xed && byte(1) > 0x9f;
    const bool tooLarge = lead == 0xf4 && byte(1) > 0x8f;
    return overlong || surrogate || tooLarge ? 0 : length;
}

std::string escaped(unsigned char c)
{
    constexpr char digits[] = "0123456789abcdef";
    return {'\\', 'x', digits[c >> 4], digits[c & 15]};
}

} // namespace

std::string toText(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    char buffer[32];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
    return std::string(buffer, result.ptr);
}

std::string toText(double value, int decimals)
{
    if (!std::isfinite(value))
        return toText(value);
    char buffer[512];
    const auto result =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
    std::string text(buffer, result.ptr);
    // "-0.0" says nothing that "0.0" does not.
    if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos)
        text.erase(0, 1);
    return text;
}

std::string toText(std::int64_t value)
{
    return std::to_string(value);
}

std::string toGroupedText(std::int64_t value)
{
    std::string text = std::to_string(value);
    const std::ptrdiff_t first = value < 0 ? 1 : 0;
    for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::optional<double> parseDouble(std::string_view text)
{
    return parseWhole<double>(text);
}

std::optional<std::int64_t> parseInteger(std::string_view text)
{
    return parseWhole<std::int64_t>(text);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (std::size_t at = text.find(separator); at != std::string_view::npos;
         at = text.find(separator)) {
        parts.push_back(text.substr(0, at));
        text.remove_prefix(at + 1);
    }
    parts.push_back(text);
    return parts;
}

std::vector<std::string_view> splitBlanks(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        while (at < text.size() && !isBlank(text[at]))
            ++at;
        if (at > begin)
            parts.push_back(text.substr(begin, at - begin));
        ++at;
    }
    return parts;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string out;
    for (const std::string& part : parts) {
        if (!out.empty())
            out += separator;
        out += part;
    }
    return out;
}

bool endsWith(std::string_view text, std::string_view suffix)
{
    return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

namespace {

/// U+202A..U+202E and U+2066..U+2069 reverse what follows them, beyond the name they stand in.
bool turnsText(std::string_view text)
{
    const std::string_view mark = text.substr(0, 3);
    return (mark >= "\xe2\x80\xaa" && mark <= "\xe2\x80\xae") ||
           (mark >= "\xe2\x81\xa6" && mark <= "\xe2\x81\xa9");
}

} // namespace

std::string printable(std::string_view text, std::size_t limit)
{
    std::string out;
    std::size_t characters = 0;
    while (!text.empty()) {
        if (characters++ == limit)
            return out + "...";
        const std::size_t length = utf8Length(text);
        const unsigned char lead = static_cast<unsigned char>(text.front());
        // C1 controls (U+0080..U+009F) drive terminals just as C0 controls do.
        const bool control =
            lead < 0x20 || lead == 0x7f ||
            (lead == 0xc2 && length == 2 && static_cast<unsigned char>(text[1]) < 0xa0) ||
            (length == 3 && turnsText(text));
        if (length == 0 || control)
            out += escaped(lead);
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 || control ? 1 : length);
    }
    return out;
}

std::string detail::fill(std::string_view pattern, const std::vector<std::string>& values)
{
    std::string out;
    std::size_t used = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern.substr(at, 2) == "{}" && used < values.size()) {
            out += values[used++];
            ++at;
        } else {
            out += pattern[at];
        }
    }
    return out;
}

} // namespace monotail
