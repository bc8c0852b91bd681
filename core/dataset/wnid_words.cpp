// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/wnid_words.h"

#include <algorithm>
#include <system_error>
#include <unordered_map>

#include "base/text.h"
#include "dataset/text_source.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

constexpr int foldersUp = 2;

bool isWnid(std::string_view name)
{
    return name.size() == 9 && name.front() == 'n' &&
           name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

fs::path findWords(const fs::path& near)
{
    std::error_code unknown;
    fs::path folder = fs::absolute(near, unknown);
    for (int up = 0; up <= foldersUp; ++up) {
        if (fs::is_regular_file(folder / "words.txt", unknown))
            return folder / "words.txt";
        folder = folder.parent_path();
    }
    return {};
}

/// The first synonym of every id that is asked for.
std::unordered_map<std::string, std::string> readWords(const fs::path& path)
{
    std::unordered_map<std::string, std::string> words;
    const TextSource source = readText(path);
    TextLines lines(source.text);
    while (const auto line = lines.next()) {
        const std::size_t gap = line->text.find_first_of("\t ");
        if (gap == std::string_view::npos || !isWnid(line->text.substr(0, gap)))
            continue;
        const std::string_view all = trimmed(line->text.substr(gap));
        words.emplace(line->text.substr(0, gap), printable(trimmed(all.substr(0, all.find(',')))));
    }
    return words;
}

} // namespace

void addWords(ClassSet& classes, const fs::path& near)
{
    if (!classes.ids.empty() || !std::any_of(classes.names.begin(), classes.names.end(), isWnid))
        return;
    const fs::path path = findWords(near);
    if (path.empty())
        return;
    std::unordered_map<std::string, std::string> words;
    try {
        words = readWords(path);
    } catch (const Error&) { // without words the ids serve
        return;
    }
    std::unordered_map<std::string, int> uses;
    for (const std::string& name : classes.names)
        if (const auto found = words.find(name); found != words.end())
            ++uses[found->second];
    if (uses.empty())
        return;
    classes.ids = classes.names;
    for (std::string& name : classes.names)
        if (const auto found = words.find(name); found != words.end())
            name =
                uses[found->second] > 1 ? message("{} ({})", found->second, name) : found->second;
    classes.namesSource = printable(path.string());
}

} // namespace monotail
