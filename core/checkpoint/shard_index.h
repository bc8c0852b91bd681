// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

#include "platform/mapped_file.h"

namespace monotail {

/// What *.index.json says: the file that holds each tensor.
struct ShardIndex
{
    std::map<std::string, std::string> fileOfTensor;
};

/// The index; nothing if the file is no JSON object with a "weight_map". Throws Error for one that
/// is damaged, and for files that are not plain names in the same folder. Opens no other file.
std::optional<ShardIndex> readShardIndex(const MappedFile& file);

} // namespace monotail
