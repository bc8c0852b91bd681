// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// A tensor that repeats its storage (stride 0) may have many more elements than bytes; with more
/// than so many it is not read.
constexpr std::int64_t mostRepeated = std::int64_t{1} << 24;

/// The product of the sizes; nothing if one is negative or the product leaves 63 bits.
std::optional<std::int64_t> elementCount(const std::vector<std::int64_t>& shape);
std::vector<std::int64_t> contiguousStride(const std::vector<std::int64_t>& shape);

/// Throws Error, naming the tensor, if its storage is missing or it reaches outside of it.
void checkLayout(const Checkpoint& checkpoint, const Tensor& tensor);

/// "10 x 64", "scalar".
std::string shapeText(const std::vector<std::int64_t>& shape);

} // namespace monotail
