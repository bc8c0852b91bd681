// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "platform/file_size_signal.h"
#include "platform/owned_name.h"

namespace monotail {

namespace {

constexpr int attempts = 40; // of symbolic links followed, and of owned names tried

[[noreturn]] void refuse(const std::filesystem::path& target, std::string_view reason)
{
    throw Error(message("{}: cannot write: {}", target.string(), reason));
}

[[noreturn]] void refuseExisting(const std::filesystem::path& target)
{
    throw Error(message("{} exists already; use --force to replace it", target.string()));
}

std::filesystem::path followed(const std::filesystem::path& target)
{
    std::error_code error;
    std::filesystem::path place = std::filesystem::absolute(target, error);
    if (error)
        refuse(target, error.message());
    for (int i = 0; i < attempts; ++i) {
        const std::filesystem::path next = std::filesystem::read_symlink(place, error);
        if (error) // no link: this is the place, whether there is a file or not
            return place;
        place = place.parent_path() / next; // an absolute `next` replaces the folder
    }
    refuse(target, std::strerror(ELOOP));
}

/// The permissions of the file to be replaced; nothing if there is none.
std::optional<mode_t> replacedMode(const std::filesystem::path& target, Overwrite overwrite)
{
    struct stat info
    {};
    if (::stat(target.c_str(), &info) != 0) {
        if (!target.has_filename())
            refuse(target, "this names no file");
        return std::nullopt; // every other reason comes back when the folder is opened
    }
    if (S_ISDIR(info.st_mode))
        refuse(target, "this is a folder, not a file");
    if (!S_ISREG(info.st_mode))
        refuse(target, "this is not a regular file");
    if (overwrite == Overwrite::Refuse)
        refuseExisting(target);
    return info.st_mode & 0777;
}

int flush(int descriptor)
{
    int result = 0;
    do {
        result = ::fsync(descriptor);
    } while (result != 0 && errno == EINTR);
    return result;
}

/// A new name is only on the disk once its folder is. Some file systems cannot flush a folder, and
/// one that may be written but not read cannot be opened: neither is the file's fault.
int flushFolder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    const int result = flush(descriptor);
    const int error = errno;
    ::close(descriptor);
    errno = error;
    return result != 0 && error == EIO ? -1 : 0;
}

/// link(2) or rename(2) without replacing, for a file that has a name already.
int moveWithoutReplacing(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    // The file system knows no such rename. Two names for an instant, both of a whole file.
    if (::link(from.c_str(), to.c_str()) != 0)
        return -1;
    ::unlink(from.c_str());
    return 0;
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path target, Overwrite overwrite, Staging staging)
    : m_target(std::move(target)), m_place(followed(m_target)), m_overwrite(overwrite)
{
    const std::optional<mode_t> mode = replacedMode(m_target, overwrite);
    removeStaleNames(m_place.parent_path());
    if (staging == Staging::Unnamed)
        openUnnamed();
    if (m_descriptor < 0)
        openNamed();
    if (mode)
        ::fchmod(m_descriptor, *mode);
}

AtomicFile::~AtomicFile()
{
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void AtomicFile::fail(int error) const
{
    const std::filesystem::path folder = m_place.parent_path();
    std::error_code ignored;
    if (error == ENOENT && !std::filesystem::exists(folder, ignored))
        refuse(m_target, message("the folder {} does not exist", folder.string()));
    if (error == EEXIST)
        refuseExisting(m_target);
    refuse(m_target, std::strerror(error));
}

void AtomicFile::openUnnamed()
{
    // The way from a descriptor to a name leads through /proc.
    if (::access("/proc/self/fd", X_OK) != 0)
        return;
    do {
        m_descriptor = ::open(m_place.parent_path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    } while (m_descriptor < 0 && errno == EINTR);
    // What kernels and file systems that do not know the flag answer; named files are for these.
    const bool unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL;
    if (m_descriptor < 0 && !unknown)
        fail(errno);
}

void AtomicFile::openNamed()
{
    for (int i = 0; i < attempts; ++i) {
        const std::filesystem::path name = ownedName(m_place.parent_path());
        const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file < 0 && (errno == EEXIST || errno == EINTR))
            continue;
        if (file < 0)
            fail(errno);
        try {
            // A sweep may have removed the name before it was locked; then take another.
            if (lockOwned(file, name)) {
                m_temporary = name;
                m_descriptor = file;
                return;
            }
        } catch (const std::system_error& error) {
            ::unlink(name.c_str());
            ::close(file);
            fail(error.code().value());
        }
        ::close(file);
    }
    refuse(m_target, "no free name in the folder");
}

void AtomicFile::append(std::span<const std::byte> bytes)
{
    writeAt(m_end, bytes);
}

void AtomicFile::append(std::string_view text)
{
    append(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes)
{
    const FileSizeSignalBlock noSignal;
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail(errno);
        if (written == 0)
            fail(EIO);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
        m_end = std::max(m_end, offset);
    }
}

void AtomicFile::readAt(std::uint64_t offset, std::span<std::byte> into) const
{
    while (!into.empty()) {
        const ssize_t got =
            ::pread(m_descriptor, into.data(), into.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            throw Error(message("{}: cannot read back what was written: {}", m_target.string(),
                                got < 0 ? std::strerror(errno) : "the file is shorter"));
        into = into.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
}

void AtomicFile::commit()
{
    if (flush(m_descriptor) != 0)
        fail(errno);
    putInPlace();
    m_temporary.clear();
    ::close(std::exchange(m_descriptor, -1));
    if (flushFolder(m_place.parent_path()) != 0)
        throw Error(message("{}: written, but the disk did not confirm it: {}", m_target.string(),
                            std::strerror(errno)));
}

void AtomicFile::putInPlace()
{
    if (m_temporary.empty()) {
        const std::string unnamed = message("/proc/self/fd/{}", m_descriptor);
        if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, m_place.c_str(), AT_SYMLINK_FOLLOW) == 0)
            return;
        if (errno != EEXIST || m_overwrite == Overwrite::Refuse)
            fail(errno);
        nameUnnamed();
    }
    const int moved = m_overwrite == Overwrite::Replace
                          ? ::rename(m_temporary.c_str(), m_place.c_str())
                          : moveWithoutReplacing(m_temporary, m_place);
    if (moved != 0)
        fail(errno);
}

void AtomicFile::nameUnnamed()
{
    const std::string unnamed = message("/proc/self/fd/{}", m_descriptor);
    // Locked before it has the name, so that no sweep takes it for stale.
    ::flock(m_descriptor, LOCK_EX | LOCK_NB);
    for (int i = 0; i < attempts; ++i) {
        const std::filesystem::path name = ownedName(m_place.parent_path());
        if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
            m_temporary = name;
            return;
        }
        if (errno != EEXIST)
            fail(errno);
    }
    refuse(m_target, "no free name in the folder");
}

void writeTextFile(const std::filesystem::path& target, std::string_view text, Overwrite overwrite)
{
    AtomicFile file(target, overwrite);
    file.append(text);
    file.commit();
}

} // namespace monotail
