// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/checkpoint.h"

#include <algorithm>
#include <cstring>

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/tensor_layout.h"
#include "checkpoint/tensor_runs.h"

namespace monotail {

namespace {

std::string quoted(const Tensor& tensor)
{
    return message("'{}'", printable(tensor.name));
}

/// The largest element index that the tensor reaches; nothing on overflow or negative numbers.
std::optional<std::int64_t> lastElement(const Tensor& tensor)
{
    std::int64_t last = tensor.offset;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        std::int64_t reach = 0;
        if (tensor.stride[i] < 0 ||
            __builtin_mul_overflow(tensor.shape[i] - 1, tensor.stride[i], &reach) ||
            __builtin_add_overflow(last, reach, &last))
            return {};
    }
    return last;
}

template <typename Number>
std::vector<Number> readNumbers(const Checkpoint& checkpoint, const Tensor& tensor)
{
    std::vector<Number> numbers;
    const std::size_t size = sizeOf(tensor.dtype);
    forEachRun(checkpoint, tensor, [&](const std::byte* bytes, std::int64_t count) {
        numbers.reserve(std::max(numbers.capacity(), static_cast<std::size_t>(count)));
        for (std::int64_t i = 0; i < count; ++i)
            numbers.push_back(static_cast<Number>(
                readElement(tensor.dtype, bytes + static_cast<std::size_t>(i) * size)));
    });
    return numbers;
}

} // namespace

std::optional<std::int64_t> elementCount(const std::vector<std::int64_t>& shape)
{
    std::int64_t count = 1;
    bool isEmpty = false;
    for (const std::int64_t size : shape) {
        isEmpty = isEmpty || size == 0;
        if (size < 0)
            return {};
    }
    for (const std::int64_t size : shape)
        if (!isEmpty && __builtin_mul_overflow(count, size, &count))
            return {};
    return isEmpty ? 0 : count;
}

std::vector<std::int64_t> contiguousStride(const std::vector<std::int64_t>& shape)
{
    std::vector<std::int64_t> stride(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;)
        if (__builtin_mul_overflow(stride[i], std::max<std::int64_t>(shape[i], 1), &stride[i - 1]))
            stride[i - 1] = 0; // only an empty tensor can be so wide: nothing is read through it
    return stride;
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::vector<std::string> parts;
    parts.reserve(shape.size());
    for (const std::int64_t size : shape)
        parts.push_back(toText(size));
    return parts.empty() ? "scalar" : joined(parts, " x ");
}

void checkLayout(const Checkpoint& checkpoint, const Tensor& tensor)
{
    const auto fail = [&](const std::string& what) {
        throw Error(message("{}: tensor {} ({}) {}; the file is damaged", checkpoint.path.string(),
                            quoted(tensor), shapeText(tensor.shape), what));
    };
    if (tensor.shape.size() != tensor.stride.size())
        fail("has as many strides as " + std::to_string(tensor.stride.size()) + " dimensions");
    const auto count = elementCount(tensor.shape);
    if (!count || tensor.offset < 0)
        fail("has a negative or impossible size");
    const auto found = checkpoint.storages.find(tensor.storage);
    if (found == checkpoint.storages.end())
        fail(message("refers to storage '{}', which the file lacks", printable(tensor.storage)));
    const auto last = lastElement(tensor);
    const std::uint64_t stored = found->second.bytes / sizeOf(tensor.dtype);
    if (*count > 0 && (!last || static_cast<std::uint64_t>(*last) >= stored))
        fail(message("reaches outside its storage of {} elements", stored));
}

std::int64_t Tensor::elements() const
{
    return elementCount(shape).value_or(0);
}

const Tensor* Checkpoint::find(const std::string& name) const
{
    for (const Tensor& tensor : tensors)
        if (tensor.name == name)
            return &tensor;
    return nullptr;
}

const std::shared_ptr<const MappedFile>& storageFile(const Checkpoint& checkpoint,
                                                     const Storage& storage)
{
    return checkpoint.shards.empty() ? checkpoint.file : checkpoint.shards.at(storage.shard)->file;
}

std::uint64_t bytesOnDisk(const Checkpoint& checkpoint)
{
    std::uint64_t bytes = checkpoint.file->bytes().size();
    for (const auto& shard : checkpoint.shards)
        bytes += bytesOnDisk(*shard);
    return bytes;
}

std::vector<double> readTensor(const Checkpoint& checkpoint, const Tensor& tensor)
{
    return readNumbers<double>(checkpoint, tensor);
}

std::vector<float> readTensorAsFloat(const Checkpoint& checkpoint, const Tensor& tensor)
{
    return readNumbers<float>(checkpoint, tensor);
}

std::vector<std::byte> readTensorBytes(const Checkpoint& checkpoint, const Tensor& tensor)
{
    std::vector<std::byte> out;
    const std::size_t size = sizeOf(tensor.dtype);
    forEachRun(checkpoint, tensor, [&](const std::byte* bytes, std::int64_t count) {
        out.insert(out.end(), bytes, bytes + static_cast<std::size_t>(count) * size);
    });
    return out;
}

std::string tensorDigest(const Checkpoint& checkpoint, const Tensor& tensor)
{
    Sha256 digest;
    const std::size_t size = sizeOf(tensor.dtype);
    forEachRun(checkpoint, tensor, [&](const std::byte* bytes, std::int64_t count) {
        digest.add(bytes, static_cast<std::size_t>(count) * size);
    });
    return digest.hex();
}

} // namespace monotail
