// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "base/error.h"
#include "checkpoint/byte_edits.h"
#include "checkpoint/zip.h"
#include "platform/mapped_file.h"

namespace monotail {

/// The members whose data `edits` change. Throws Error for a compressed one.
std::vector<ZipMember> editedMembers(const MappedFile& file, const std::vector<ByteEdits>& edits);

struct ChecksumEdits
{
    ByteEdits edits;
    Warnings warnings; ///< members whose CRC did not match their data before
};

/// The CRC fields of `members` as they must be after `edits`. A field that was 0 ("not computed")
/// or disagreed with the data before is left alone. `advance` is told the bytes read.
ChecksumEdits checksumEdits(const MappedFile& file, const std::vector<ZipMember>& members,
                            const std::vector<ByteEdits>& edits,
                            const std::function<void(std::uint64_t)>& advance);

} // namespace monotail
