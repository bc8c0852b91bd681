// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "backbone/convolution_layer.h"

namespace monotail {

/// A residual block as its tensors describe it, without strides.
struct BlockLayers
{
    std::string name; ///< "layer1.0"
    std::vector<ConvolutionLayer> convolutions;
    std::optional<ConvolutionLayer> projection;
    std::int64_t inputs = 0; ///< channels
    std::int64_t outputs = 0;
};
using Stage = std::vector<BlockLayers>;

/// The stages layer1, layer2, ... behind a stem with so many outputs. Throws Error if a block holds
/// what residual blocks do not, or its layers do not fit together.
std::vector<Stage> readStages(const BackboneTensors& tensors, const ConvolutionLayer& stem);

/// The stage and the block that a tensor's name begins with: "layer2.0.conv1.weight" -> 2, 0.
struct BlockNumber
{
    std::int64_t stage = 0;
    std::int64_t block = 0;

    auto operator<=>(const BlockNumber&) const = default;
};
std::optional<BlockNumber> blockNumberOf(std::string_view name);

} // namespace monotail
