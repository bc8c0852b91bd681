// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/mapped_file.h"

namespace monotail {

/// One member, with the places in the file that a patch has to touch.
struct ZipMember
{
    std::string name;
    std::uint16_t method = 0;           ///< 0 = stored
    std::uint16_t flags = 0;            ///< bit 3: sizes and CRC follow the data in a descriptor
    std::uint32_t crc = 0;              ///< of the central directory; 0 may mean "not computed"
    std::uint64_t size = 0;             ///< unpacked
    std::uint64_t storedSize = 0;       ///< as it lies in the file
    std::uint64_t dataOffset = 0;       ///< of the payload, from the local header
    std::uint64_t centralCrcOffset = 0; ///< of the CRC field in the central directory
    std::uint64_t localCrcOffset = 0;   ///< of the CRC field in the local header
    std::optional<std::uint64_t> descriptorCrcOffset; ///< of the CRC field after the data, if any
};

/// The members in central-directory order; zip64 and 64-bit data descriptors included. Throws Error
/// for a broken, truncated or encrypted archive, and for duplicate or overlapping members.
std::vector<ZipMember> readZipDirectory(const MappedFile& file);

} // namespace monotail
