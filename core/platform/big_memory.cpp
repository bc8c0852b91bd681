// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/big_memory.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace monotail {

namespace {

std::byte* mapped(std::size_t bytes, int flags, int file)
{
    void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
    if (address == MAP_FAILED)
        throw Error(message("{} bytes of memory cannot be had: {}", bytes, std::strerror(errno)));
    return static_cast<std::byte*>(address);
}

/// A file without a name in `folder`.
int openNameless(const std::filesystem::path& folder)
{
    const int nameless = ::open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (nameless >= 0)
        return nameless;
    std::string name = (folder / "monotail-XXXXXX").string();
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0)
        ::unlink(name.c_str());
    return named;
}

struct Descriptor
{
    int value;
    ~Descriptor()
    {
        if (value >= 0)
            ::close(value);
    }
};

} // namespace

std::size_t availableMemory()
{
    std::ifstream info("/proc/meminfo");
    std::string name;
    for (std::size_t kilobytes = 0; info >> name >> kilobytes;
         info.ignore(std::numeric_limits<std::streamsize>::max(), '\n'))
        if (name == "MemAvailable:")
            return kilobytes * 1024;
    return 0;
}

BigMemory BigMemory::inRam(std::size_t bytes)
{
    if (bytes == 0)
        return {};
    BigMemory memory(mapped(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1), bytes);
    ::madvise(memory.m_data, bytes, MADV_HUGEPAGE); // where there are none nothing is lost
    return memory;
}

BigMemory BigMemory::inFile(std::size_t bytes, const std::filesystem::path& folder)
{
    if (bytes == 0)
        return {};
    const Descriptor file{openNameless(folder)};
    const auto fail = [&](int reason) {
        throw Error(message("{}: no room for a scratch file of {} bytes: {}", folder.string(),
                            bytes, std::strerror(reason)));
    };
    if (file.value < 0)
        fail(errno);
    // Reserved now: writing to a mapping of a full disk would end the program.
    if (const int reason = ::posix_fallocate(file.value, 0, static_cast<off_t>(bytes)))
        fail(reason);
    return {mapped(bytes, MAP_SHARED, file.value), bytes};
}

BigMemory::~BigMemory()
{
    if (m_data)
        ::munmap(m_data, m_bytes);
}

} // namespace monotail
