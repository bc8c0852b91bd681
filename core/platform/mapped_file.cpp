// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

struct Descriptor
{
    int value = -1;

    explicit Descriptor(int descriptor) : value(descriptor) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (value >= 0)
            ::close(value);
    }
};

[[noreturn]] void fail(const std::filesystem::path& path, const char* what)
{
    const std::string reason = std::strerror(errno);
    throw Error(message("{}: cannot {}: {}", path.string(), what, reason));
}

int openDescriptor(const std::filesystem::path& path)
{
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        fail(path, "open the file");
    return descriptor;
}

/// Throws Error unless it is a regular file.
std::size_t sizeOf(const Descriptor& file, const std::filesystem::path& path)
{
    struct stat info
    {};
    if (::fstat(file.value, &info) != 0)
        fail(path, "read the file's size");
    if (S_ISDIR(info.st_mode))
        throw Error(message("{}: this is a folder, not a file", path.string()));
    if (!S_ISREG(info.st_mode))
        throw Error(message("{}: this is not a regular file", path.string()));
    return static_cast<std::size_t>(info.st_size);
}

} // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path)
{
    const Descriptor file(openDescriptor(path));
    const std::size_t size = sizeOf(file, path);
    if (size == 0)
        return std::shared_ptr<const MappedFile>(new MappedFile(path, {}));
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.value, 0);
    if (address == MAP_FAILED)
        fail(path, "map the file");
    return std::shared_ptr<const MappedFile>(
        new MappedFile(path, {static_cast<const std::byte*>(address), size}));
}

std::shared_ptr<const MappedFile> MappedFile::read(const std::filesystem::path& path)
{
    constexpr std::size_t mostCopied = std::size_t{64} << 20;
    const Descriptor file(openDescriptor(path));
    const std::size_t size = sizeOf(file, path);
    if (size > mostCopied)
        return open(path);
    std::vector<std::byte> bytes(size);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::read(file.value, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail(path, "read the file");
        if (count == 0) // shortened meanwhile
            break;
        done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return fromBytes(path, std::move(bytes));
}

std::shared_ptr<const MappedFile> MappedFile::fromBytes(const std::filesystem::path& path,
                                                        std::vector<std::byte> bytes)
{
    std::shared_ptr<MappedFile> file(new MappedFile(path, {}));
    file->m_owned = std::move(bytes);
    file->m_bytes = file->m_owned;
    return file;
}

MappedFile::MappedFile(std::filesystem::path path, std::span<const std::byte> bytes)
    : m_path(std::move(path)), m_bytes(bytes)
{}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty() && m_owned.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

std::span<const std::byte> MappedFile::at(std::uint64_t offset, std::uint64_t size) const
{
    if (offset > m_bytes.size() || size > m_bytes.size() - offset)
        throw Error(message("{}: the file ends too early: {} bytes expected at offset {}, the file "
                            "has {} bytes; it is truncated or still being written",
                            m_path.string(), size, offset, m_bytes.size()));
    return m_bytes.subspan(offset, size);
}

} // namespace monotail
