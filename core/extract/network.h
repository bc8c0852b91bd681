// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"

namespace monotail {

enum class Precision { Float32, BFloat16, Float16 };
std::string_view nameOf(Precision precision); ///< "fp32", "bf16", "fp16"
Precision parsePrecision(std::string_view name);

/// `device` as in TorchEngine::makeScorer.
struct NetworkOptions
{
    std::string device = "auto";
    Precision precision = Precision::Float32;
};

/// Images of one size as decoded, N x H x W x channels in 8 bits, and what their values become.
struct ImageBatch
{
    std::int64_t images = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t channels = 0;
    std::span<const std::uint8_t> pixels;
    std::span<const std::array<float, 256>> normalisation; ///< channels of them
    bool mirrored = false;                                 ///< left and right exchanged
};

struct NetworkOutput
{
    RowMatrix features; ///< N x D, float32
    RowMatrix logits;   ///< N x C, the model's own; 0 x 0 if the network ends at the features
};

/// The batch does not fit into the device's memory; a smaller one may.
class OutOfDeviceMemory : public Error
{
    using Error::Error;
};

/// A network in evaluation mode up to the input of the classifier head, on a device.
class FeatureNetwork
{
public:
    virtual ~FeatureNetwork() = default;
    virtual std::int64_t inputChannels() const = 0;
    virtual std::int64_t width() const = 0; ///< D; 0 = known after the first batch
    virtual std::string device() const = 0;
    /// Throws OutOfDeviceMemory, or Error if the images are too small or the device fails.
    virtual NetworkOutput run(const ImageBatch& batch) const = 0;
};

} // namespace monotail
