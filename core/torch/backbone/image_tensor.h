// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "extract/network.h"

namespace monotail {

/// The batch as N x C x H x W, channels last in memory. A GPU gets the bytes and looks the values
/// up there. Throws Error if the batch does not hold what it says, or images of no size.
at::Tensor imageTensor(const ImageBatch& batch, at::Device device, at::ScalarType type);

} // namespace monotail
