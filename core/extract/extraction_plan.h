// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "extract/decode_queue.h"
#include "extract/network_choice.h"

namespace monotail {

/// The images of an extraction and everything that decides what becomes of them.
struct ExtractionPlan
{
    ImageList images;
    DecodeQueue::Range range; ///< the shard's
    Preprocessing preprocessing;
    NetworkChoice network;
    std::string device;
    std::vector<std::string> classes; ///< names or ids; empty where nobody names them
    std::string imagesDigest;
    std::string key; ///< of all of it, for the cache
};

/// Throws Error for sources, options and networks that do not go together.
ExtractionPlan planExtraction(const ImageProblem& problem, const TorchEngine& engine);

/// "0/4"; empty for the whole list.
std::string shardText(const ShardChoice& shard);

} // namespace monotail
