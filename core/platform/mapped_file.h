// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace monotail {

/// A file's bytes, mapped read-only. The bytes stay valid as long as an owner lives.
class MappedFile
{
public:
    /// Throws Error with the path and the system's reason; also for folders and other non-files.
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
    /// The same by copying, which is faster for small files; those above 64 MiB are mapped.
    static std::shared_ptr<const MappedFile> read(const std::filesystem::path& path);
    /// Bytes that are in memory already, under the name that messages give them.
    static std::shared_ptr<const MappedFile> fromBytes(const std::filesystem::path& path,
                                                       std::vector<std::byte> bytes);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const { return m_bytes; }
    const std::filesystem::path& path() const { return m_path; }

    /// `size` bytes at `offset`; throws Error naming the file if they are not all there.
    std::span<const std::byte> at(std::uint64_t offset, std::uint64_t size) const;

private:
    MappedFile(std::filesystem::path path, std::span<const std::byte> bytes);

    std::filesystem::path m_path;
    std::vector<std::byte> m_owned; // empty for a mapping
    std::span<const std::byte> m_bytes;
};

} // namespace monotail
