// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/owned_name.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <random>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace monotail {

namespace {

constexpr std::string_view prefix = ".monotail-";
constexpr std::string_view suffix = ".part";
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t digitCount = 16;

bool isOwnedName(std::string_view name)
{
    return name.size() == prefix.size() + digitCount + suffix.size() &&
           name.substr(0, prefix.size()) == prefix &&
           name.substr(prefix.size() + digitCount) == suffix &&
           name.substr(prefix.size(), digitCount).find_first_not_of(digits) ==
               std::string_view::npos;
}

bool namesFile(const std::filesystem::path& name, int descriptor)
{
    struct stat open
    {};
    struct stat named
    {};
    return ::fstat(descriptor, &open) == 0 && ::lstat(name.c_str(), &named) == 0 &&
           S_ISREG(named.st_mode) && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void removeIfStale(const std::filesystem::path& name)
{
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0 && namesFile(name, file))
        ::unlink(name.c_str());
    ::close(file);
}

} // namespace

std::filesystem::path ownedName(const std::filesystem::path& folder)
{
    std::random_device source;
    std::string name(prefix);
    for (std::size_t i = 0; i < digitCount; ++i)
        name += digits[source() % digits.size()];
    return folder / name.append(suffix);
}

bool lockOwned(int descriptor, const std::filesystem::path& name)
{
    // Waits: a sweep of another process may hold the lock for the moment of its look.
    while (::flock(descriptor, LOCK_EX) != 0)
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category());
    return namesFile(name, descriptor);
}

void removeStaleNames(const std::filesystem::path& folder)
{
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (isOwnedName(entry->path().filename().string()))
            removeIfStale(entry->path());
}

} // namespace monotail
