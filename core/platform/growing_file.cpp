// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/growing_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

GrowingFile::GrowingFile(std::filesystem::path path) : m_path(std::move(path))
{
    // Whoever removed the file between our open() and flock() holds another one: try again.
    for (int attempt = 0; attempt < 10; ++attempt) {
        m_descriptor = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (m_descriptor < 0)
            fail(errno);
        if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
            ::close(m_descriptor);
            throw Error(message("{}: another run of the program is at work on this file; try again "
                                "when it is done",
                                printable(m_path.string(), 400)));
        }
        struct stat named
        {};
        struct stat held
        {};
        ::fstat(m_descriptor, &held);
        if (::stat(m_path.c_str(), &named) == 0 && named.st_ino == held.st_ino) {
            m_size = static_cast<std::uint64_t>(held.st_size);
            return;
        }
        ::close(m_descriptor);
        m_descriptor = -1;
    }
    fail(EAGAIN);
}

GrowingFile::~GrowingFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void GrowingFile::fail(int error) const
{
    throw Error(message("{}: {}", printable(m_path.string(), 400), std::strerror(error)));
}

void GrowingFile::append(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(m_size));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            fail(written < 0 ? errno : ENOSPC);
        m_size += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void GrowingFile::readAt(std::uint64_t offset, std::span<std::byte> into) const
{
    while (!into.empty()) {
        const ssize_t got =
            ::pread(m_descriptor, into.data(), into.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            fail(got < 0 ? errno : EIO);
        offset += static_cast<std::uint64_t>(got);
        into = into.subspan(static_cast<std::size_t>(got));
    }
}

void GrowingFile::truncate(std::uint64_t size)
{
    if (::ftruncate(m_descriptor, static_cast<off_t>(size)) != 0)
        fail(errno);
    m_size = size;
}

void GrowingFile::remove()
{
    ::unlink(m_path.c_str());
}

void touch(const std::filesystem::path& file)
{
    ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);
}

FileStamp stampOf(const std::filesystem::path& file)
{
    struct stat stat
    {};
    if (::stat(file.c_str(), &stat) != 0)
        return {};
    return {static_cast<std::uint64_t>(stat.st_size),
            static_cast<std::int64_t>(stat.st_mtim.tv_sec) * 1'000'000'000 + stat.st_mtim.tv_nsec};
}

} // namespace monotail
