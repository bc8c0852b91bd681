// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backbone/block_layers.h"

namespace monotail {

/// For people: "ResNeXt-50 32x4d (bottleneck blocks 3-4-6-3, 3 x 3 stem)".
std::string familyName(const ConvolutionLayer& stem, const std::vector<Stage>& stages);

} // namespace monotail
