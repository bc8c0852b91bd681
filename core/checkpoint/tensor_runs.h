// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "base/text.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

/// Calls `use(const std::byte* bytes, std::int64_t elements)` for runs of the tensor's elements in
/// row-major order, through its strides and offset. Throws Error for a tensor that reaches outside
/// its storage or repeats it beyond `mostRepeated`.
template <typename Use>
void forEachRun(const Checkpoint& checkpoint, const Tensor& tensor, Use use)
{
    checkLayout(checkpoint, tensor);
    const std::int64_t count = tensor.elements();
    if (count == 0)
        return;
    const Storage& storage = checkpoint.storages.at(tensor.storage);
    const std::byte* base =
        storageFile(checkpoint, storage)->at(storage.offset, storage.bytes).data();
    const std::size_t size = sizeOf(tensor.dtype);
    const auto at = [&](std::int64_t element) {
        return base + static_cast<std::size_t>(element) * size;
    };
    if (tensor.stride == contiguousStride(tensor.shape))
        return use(at(tensor.offset), count);
    if (count > mostRepeated && count > static_cast<std::int64_t>(storage.bytes / size))
        throw Error(message("{}: tensor '{}' repeats {} stored elements to {}; it is not read",
                            checkpoint.path.string(), printable(tensor.name), storage.bytes / size,
                            count));
    std::vector<std::int64_t> index(tensor.shape.size(), 0);
    std::int64_t element = tensor.offset;
    for (std::int64_t i = 0; i < count; ++i) {
        use(at(element), 1);
        for (std::size_t d = index.size(); d-- > 0;) {
            if (++index[d] < tensor.shape[d]) {
                element += tensor.stride[d];
                break;
            }
            element -= tensor.stride[d] * (tensor.shape[d] - 1);
            index[d] = 0;
        }
    }
}

} // namespace monotail
