// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace monotail {

enum class Overwrite { Refuse, Replace };
/// Where the bytes wait for commit(). Named is what Unnamed falls back to on file systems without
/// O_TMPFILE.
enum class Staging { Unnamed, Named };

/// A new file that appears whole or not at all. The bytes go to an unnamed file in the target's
/// folder (O_TMPFILE; where that is missing, a locked name that a later run removes); commit()
/// flushes it and puts it in place. Destroyed without commit(), nothing is left behind.
///
/// Killed at any instant, the target is absent, whole and old, or whole and new. A new target
/// leaves nothing else behind. An existing one is replaced by rename, which needs a second name:
/// a kill between the two system calls leaves the old target and a hidden
/// ".monotail-<16 digits>.part", which the next AtomicFile in that folder removes. Unlinking the
/// target first would leave no such name, but could lose the old file as well as the new one.
///
/// A symbolic link as target is followed: what it points to is written, the link stays. A replaced
/// file hands its permissions on.
class AtomicFile
{
public:
    /// Throws Error if the folder cannot be written, or the target exists and may not be replaced.
    AtomicFile(std::filesystem::path target, Overwrite overwrite,
               Staging staging = Staging::Unnamed);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Appends. Throws Error with the path and the system's reason (disk full, say).
    void append(std::span<const std::byte> bytes);
    void append(std::string_view text);
    void writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Reads back what was written, to verify it before commit().
    void readAt(std::uint64_t offset, std::span<std::byte> into) const;
    /// Flushes, puts in place, flushes the folder. Throws Error, with no new target left behind;
    /// only "the disk did not confirm it" comes after the target is in place. It ends the file's
    /// use.
    void commit();

private:
    [[noreturn]] void fail(int error) const;
    void openUnnamed();
    void openNamed();
    void nameUnnamed();
    void putInPlace();

    std::filesystem::path m_target;    // as the caller names it
    std::filesystem::path m_place;     // absolute, symbolic links at its end followed
    std::filesystem::path m_temporary; // empty while the file has no name
    Overwrite m_overwrite;
    int m_descriptor = -1;
    std::uint64_t m_end = 0;
};

/// A small text file, written whole or not at all.
void writeTextFile(const std::filesystem::path& target, std::string_view text, Overwrite overwrite);

} // namespace monotail
