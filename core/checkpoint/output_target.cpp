// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/output_target.h"

#include <system_error>

#include "base/text.h"

namespace monotail {

void checkTarget(const Checkpoint& source, const std::filesystem::path& target)
{
    std::error_code none; // "does not exist" is no match
    for (const auto& shard : source.shards)
        checkTarget(*shard, target);
    if (std::filesystem::equivalent(source.path, target, none))
        throw Error(message("{}: this is the checkpoint itself, which is never written over; "
                            "choose another name",
                            target.string()));
}

void failDifferent(const std::filesystem::path& source, const std::filesystem::path& target,
                   std::uint64_t offset)
{
    throw Error(message("{}: what was written reads back differently near byte {}; the source {} "
                        "may be changing, or the disk may be failing; no file was kept",
                        target.string(), offset, source.string()));
}

} // namespace monotail
