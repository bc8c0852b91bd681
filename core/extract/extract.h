// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/progress.h"
#include "extract/decode_queue.h"
#include "extract/feature_part.h"

namespace monotail {

struct ExtractOptions
{
    int threads = 0;        ///< that decode; 0 = one per processor
    std::int64_t batch = 0; ///< images at once on the device, at most; 0 = as suits it
};

/// What a run did, beside what stands in the part.
struct ExtractRun
{
    std::int64_t images = 0; ///< done in this run, the unreadable ones too
    double seconds = 0;
    std::int64_t batch = 0;    ///< the largest that was used
    std::int64_t enlarged = 0; ///< images that were resized to more pixels than they have
    std::int64_t sizes = 0;    ///< how many different sizes the network was given
    /// Images that are read but unusual, by what they are ("CMYK"), and the first of each kind.
    struct Conversion
    {
        std::int64_t images = 0;
        std::int64_t first = 0; ///< a sample of the list
    };
    std::map<std::string, Conversion> conversions;
};

/// Runs the images [range.begin, range.end) of the list through the network and appends to the
/// part, going on behind what it holds already. Decoding threads work ahead; the batch grows while
/// the device answers quickly, so that a cancel is obeyed within a second, and halves where it does
/// not fit into the device's memory. Progress counts samples of the range. What is done stays in
/// the part when this ends early, by Cancelled or Error.
ExtractRun extractFeatures(const ImageList& images, DecodeQueue::Range range,
                           const FeatureNetwork& network, const Preprocessing& preprocessing,
                           FeaturePart& part, const ExtractOptions& options,
                           const Progress& progress = {});

} // namespace monotail
