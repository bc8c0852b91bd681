// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/source_json.h"

#include <chrono>

#include "base/text.h"

namespace monotail {

namespace {

namespace fs = std::filesystem;

std::int64_t modified(const fs::path& path)
{
    std::error_code none;
    const auto time = fs::last_write_time(path, none);
    return none ? 0
                : std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

} // namespace

Json sourceJson(const std::string& source, const fs::path& folder)
{
    std::error_code none;
    if (source.empty())
        return nullptr;
    if (!fs::exists(source, none))
        return {{"source", source}};
    const fs::path whole = fs::absolute(source, none);
    const fs::path near = fs::proximate(whole, folder, none);
    const std::string path = near.empty() ? whole.string() : near.generic_string();
    if (fs::is_directory(whole, none))
        return {{"path", path}};
    return {{"path", path},
            {"size", static_cast<std::int64_t>(fs::file_size(whole, none))},
            {"modified", modified(whole)}};
}

SourceFound readSource(const Json& entry, const fs::path& folder)
{
    if (entry.is_null())
        return {};
    if (entry.contains("source"))
        return {entry.at("source"), {}, false};
    const fs::path path = (folder / std::string(entry.at("path"))).lexically_normal();
    std::error_code none;
    if (!fs::exists(path, none))
        return {path.string(), message("{} is not there any more", path.string()), true};
    const bool changed = entry.contains("size") &&
                         (entry.at("size") != static_cast<std::int64_t>(fs::file_size(path, none)) ||
                          entry.at("modified") != modified(path));
    return {path.string(),
            changed ? message("{} has changed since the session was saved", path.string()) : "",
            false};
}

} // namespace monotail
