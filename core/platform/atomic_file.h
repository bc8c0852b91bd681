// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace monotail {

enum class Overwrite { Refuse, Replace };

/// A new file that appears whole or not at all. The bytes go to an unnamed file in the target's
/// folder (O_TMPFILE; where that is missing, a locked name that a later run removes); commit()
/// flushes it and puts it in place. Destroyed without commit(), nothing is left behind.
class AtomicFile
{
public:
    /// Throws Error if the folder cannot be written, or the target exists and may not be replaced.
    AtomicFile(std::filesystem::path target, Overwrite overwrite);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Appends. Throws Error with the path and the system's reason (disk full, say).
    void append(std::span<const std::byte> bytes);
    void append(std::string_view text);
    void writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Reads back what was written, to verify it before commit().
    void readAt(std::uint64_t offset, std::span<std::byte> into) const;
    void commit();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_temporary; // empty while the file has no name
    Overwrite m_overwrite;
    int m_descriptor = -1;
    bool m_committed = false;
};

/// A small text file, written whole or not at all.
void writeTextFile(const std::filesystem::path& target, std::string_view text, Overwrite overwrite);

} // namespace monotail
