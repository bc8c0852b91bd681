// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/numpy_objects.h"
#include "dataset/numbers.h"

namespace monotail {

/// The type of a NumPy array's elements, from "<f4" as .npy headers and pickles write it. Throws
/// Error, naming the array, for big-endian, structured and object arrays, texts, dates, ...
NumberType numpyType(const std::string& descr, const std::string& name);

/// Strides in elements of an array without gaps. All 0 where there are no elements, so that no
/// size overflows.
std::vector<std::int64_t> numpyStride(const std::vector<std::int64_t>& shape, ArrayOrder order);

} // namespace monotail
