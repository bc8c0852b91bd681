// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "checkpoint/shard_index.h"

namespace monotail {

/// The catalogue of the files beside the index that it names: of each the tensors that the index
/// puts there. Throws Error, naming it, for a file that is missing or itself an index, for a tensor
/// that its file lacks, and for one that two files hold.
Checkpoint readShards(std::shared_ptr<const MappedFile> file, const ShardIndex& index);

/// The one file that holds all these tensors; the checkpoint itself if it has no shards. Throws
/// Error if they lie in several files or one is not there.
const Checkpoint& fileHolding(const Checkpoint& checkpoint,
                              const std::vector<std::string>& tensors);

} // namespace monotail
