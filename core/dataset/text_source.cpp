// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/text_source.h"

#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

TextSource textOf(std::shared_ptr<const MappedFile> file)
{
    const auto bytes = file->bytes();
    TextSource source{printable(file->path().string()),
                      {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                      std::move(file)};
    const std::string_view start = source.text.substr(0, 4096);
    if (start.substr(0, 2) == "\xff\xfe" || start.substr(0, 2) == "\xfe\xff")
        throw Error(message("{}: this text is UTF-16; save it as UTF-8", source.name));
    if (start.find('\0') != std::string_view::npos)
        throw Error(message("{}: this is a binary file of no kind that is known here; text, CSV, "
                            "JSON, .npy, .npz, .safetensors or .pt is expected",
                            source.name));
    if (start.substr(0, 3) == "\xef\xbb\xbf")
        source.text.remove_prefix(3);
    return source;
}

TextSource readText(const std::filesystem::path& path)
{
    return textOf(MappedFile::open(path));
}

std::optional<TextLine> TextLines::next()
{
    while (!m_rest.empty()) {
        const std::size_t end = m_rest.find('\n');
        const std::string_view line = trimmed(m_rest.substr(0, end));
        m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
        ++m_number;
        if (!line.empty() && line.front() != '#')
            return TextLine{line, m_number};
    }
    return {};
}

std::string placeOf(const TextSource& source, std::int64_t line)
{
    return message("{}, line {}", source.name, line);
}

std::string inQuotes(std::string_view text)
{
    return message("\"{}\"", printable(text, 60));
}

std::optional<std::int64_t> parseWhole(std::string_view text)
{
    if (const auto whole = parseInteger(text))
        return whole;
    constexpr double exactLimit = 9007199254740992.0; // 2^53
    const auto number = parseDouble(text);
    if (!number || !(std::fabs(*number) <= exactLimit) || std::trunc(*number) != *number)
        return {};
    return static_cast<std::int64_t>(*number);
}

} // namespace monotail
