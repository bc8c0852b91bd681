// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/paths.h"

#include <cstdlib>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

std::filesystem::path executableFolder()
{
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::filesystem::path resourceFolder()
{
    const std::filesystem::path folder = executableFolder();
    const std::filesystem::path places[] = {folder / "../share/monotail",
                                            folder / "../../resources"};
    for (const auto& place : places)
        if (std::filesystem::is_directory(place / "demo"))
            return place.lexically_normal();
    throw Error(message("the program's resources are missing: looked for {} and {}",
                        places[0].lexically_normal().string(),
                        places[1].lexically_normal().string()));
}

namespace {

/// A folder that nobody else can write to: what lies in a folder for all could be anybody's.
std::filesystem::path privateTemporaryFolder()
{
    std::error_code failed;
    const auto all = std::filesystem::temp_directory_path(failed);
    if (failed)
        throw Error(message("there is no folder for temporary files: {}", failed.message()));
    const auto folder = all / message("monotail-{}", ::getuid());
    ::mkdir(folder.c_str(), 0700);
    struct stat found
    {};
    const bool isOurs = ::lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
                        found.st_uid == ::getuid() && (found.st_mode & 077) == 0;
    if (!isOurs)
        throw Error(message("{}: this folder should be ours alone and is not; set XDG_CACHE_HOME "
                            "to a folder that can be written",
                            folder.string()));
    return folder;
}

} // namespace

std::filesystem::path cacheFolder()
{
    const char* named = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path folder;
    if (named && std::filesystem::path(named).is_absolute())
        folder = std::filesystem::path(named) / "monotail";
    else if (home && std::filesystem::path(home).is_absolute())
        folder = std::filesystem::path(home) / ".cache" / "monotail";
    std::error_code failed;
    if (!folder.empty())
        std::filesystem::create_directories(folder, failed);
    if (!folder.empty() && !failed && ::access(folder.c_str(), W_OK) == 0)
        return folder;
    return privateTemporaryFolder();
}

} // namespace monotail
