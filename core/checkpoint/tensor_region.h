// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// One dimension of a tensor. Strides are never negative in PyTorch.
struct Axis
{
    std::uint64_t size = 1;
    std::uint64_t stride = 0; ///< in bytes of the file
    std::uint64_t step = 1;   ///< in elements of the row-major order
};

/// Where a tensor's elements lie in the file of its storage: between `begin` and `end`, not always
/// all of it.
struct TensorRegion
{
    std::uint64_t begin = 0;
    std::uint64_t end = 0;     ///< == begin if there are no elements
    std::uint64_t element = 1; ///< bytes of one
    std::vector<Axis> axes;    ///< of more than one element, ascending in stride
};

/// Throws Error if the tensor reaches outside its storage or the storage outside the file.
TensorRegion regionOf(const Checkpoint& checkpoint, const Tensor& tensor);

/// Whether no two elements share bytes. Strides so irregular that it is hard to tell count as
/// sharing.
bool isDistinct(const TensorRegion& region);

/// Calls `visit` with each element's offset in the file and its row-major index; in ascending
/// order of the offsets if the region is distinct.
void forEachElement(const TensorRegion& region,
                    const std::function<void(std::uint64_t offset, std::uint64_t index)>& visit);

/// Whether `test` is true of one of the region's blocks of bytes [begin, end); stops at the first.
/// The blocks are as few as the strides allow. Regions whose elements overlap in an irregular way
/// are given as one block.
bool anyBlock(const TensorRegion& region,
              const std::function<bool(std::uint64_t begin, std::uint64_t end)>& test);

} // namespace monotail
