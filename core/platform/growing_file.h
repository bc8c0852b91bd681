// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace monotail {

/// A file that one program at a time appends to and that a later run goes on with. It stays where
/// it is until remove().
class GrowingFile
{
public:
    /// Opens or makes it. Throws Error if the folder cannot be written, and if another program
    /// holds the file.
    explicit GrowingFile(std::filesystem::path path);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::uint64_t size() const { return m_size; }
    /// Throws Error with the path and the system's reason (disk full, say).
    void append(std::span<const std::byte> bytes);
    void readAt(std::uint64_t offset, std::span<std::byte> into) const;
    /// Cuts off what a killed run left half written.
    void truncate(std::uint64_t size);
    void remove();

private:
    [[noreturn]] void fail(int error) const;

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
};

/// Marks the file as used now, for caches that let go of what was not used longest. Failures are
/// passed over.
void touch(const std::filesystem::path& file);

/// Size and time of last change in nanoseconds: tells whether a file is still the same one.
struct FileStamp
{
    std::uint64_t size = 0;
    std::int64_t changed = 0;
};
/// Zeros for a file that is not there.
FileStamp stampOf(const std::filesystem::path& file);

} // namespace monotail
