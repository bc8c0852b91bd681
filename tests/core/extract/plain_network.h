// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "extract/network.h"

namespace monotail::test {

/// A network simple enough to check by hand: its features are the mean of the normalised pixels,
/// and that of the left column alone (which tells mirrored images apart).
class PlainNetwork : public FeatureNetwork
{
public:
    std::int64_t inputChannels() const override { return channels; }
    std::int64_t width() const override { return 2; }
    std::string device() const override { return "by hand"; }

    NetworkOutput run(const ImageBatch& batch) const override
    {
        if (batch.images > largestBatch)
            throw OutOfDeviceMemory("no room");
        if (pause.count() > 0)
            std::this_thread::sleep_for(pause);
        batches.push_back(batch.images);
        NetworkOutput out;
        out.features = RowMatrix::Zero(batch.images, 2);
        const std::int64_t pixels = batch.height * batch.width;
        for (std::int64_t n = 0; n < batch.images; ++n)
            for (std::int64_t i = 0; i < pixels; ++i)
                for (std::int64_t c = 0; c < batch.channels; ++c) {
                    const auto at = static_cast<std::size_t>((n * pixels + i) * batch.channels + c);
                    const float value =
                        batch.normalisation[static_cast<std::size_t>(c)][batch.pixels[at]];
                    out.features(n, 0) += value / static_cast<float>(pixels * batch.channels);
                    const std::int64_t left = batch.mirrored ? batch.width - 1 : 0;
                    if (i % batch.width == left)
                        out.features(n, 1) +=
                            value / static_cast<float>(batch.height * batch.channels);
                }
        if (logits)
            out.logits = out.features * 10;
        return out;
    }

    std::int64_t channels = 1;
    std::int64_t largestBatch = 1000;
    bool logits = false;
    std::chrono::milliseconds pause{0};
    mutable std::vector<std::int64_t> batches;
};

} // namespace monotail::test
