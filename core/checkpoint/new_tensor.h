// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "checkpoint/new_file.h"

namespace monotail {

/// Takes bytes piece by piece.
using ByteSink = std::function<void(std::span<const std::byte>)>;
/// Hands a tensor's bytes to a sink.
using TensorWriter = std::function<void(const FileTensor& tensor, const ByteSink& sink)>;

/// Throws Error, naming the tensor, if its shape, source and values do not agree or its type cannot
/// hold a value. Gives the largest rounding error of its values.
double checkTensor(const Checkpoint& source, const FileTensor& tensor);

/// Of a checked tensor, contiguous.
std::uint64_t byteCount(const FileTensor& tensor);
/// The bytes of a checked tensor, contiguous in row-major order, in pieces of a megabyte at most.
void writeTensor(const Checkpoint& source, const FileTensor& tensor, const ByteSink& sink);

} // namespace monotail
