// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backbone/backbone.h"
#include "backbone/backbone_tensors.h"

namespace monotail {

/// A convolution as its tensors describe it; its stride and groups are for others to decide.
struct ConvolutionLayer
{
    ConvolutionPlan plan;
    std::int64_t inputs = 0; ///< of each group
    std::int64_t outputs = 0;
    std::int64_t kernel = 0;
};

enum class BatchNorm { Required, Optional };

/// By the names of the two modules: "conv1", "bn1". Throws Error for what is missing or does not
/// fit together.
ConvolutionLayer readConvolution(const BackboneTensors& tensors, const std::string& convolution,
                                 const std::string& norm, BatchNorm need);

} // namespace monotail
