// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/tensor_region.h"

#include <algorithm>

#include "base/text.h"

namespace monotail {

namespace {

[[noreturn]] void failOutside(const Checkpoint& checkpoint, const Tensor& tensor)
{
    throw Error(message("{}: tensor {} reaches outside its storage; the file is damaged",
                        checkpoint.path.string(), printable(tensor.name)));
}

/// a + b * c, or nothing if that does not fit.
std::optional<std::uint64_t> multiplyAdd(std::uint64_t a, std::uint64_t b, std::uint64_t c)
{
    std::uint64_t product = 0;
    std::uint64_t sum = 0;
    if (__builtin_mul_overflow(b, c, &product) || __builtin_add_overflow(a, product, &sum))
        return std::nullopt;
    return sum;
}

bool isSound(const Tensor& tensor)
{
    const auto isNegative = [](std::int64_t value) { return value < 0; };
    return tensor.shape.size() == tensor.stride.size() && tensor.offset >= 0 &&
           std::none_of(tensor.shape.begin(), tensor.shape.end(), isNegative) &&
           std::none_of(tensor.stride.begin(), tensor.stride.end(), isNegative);
}

/// Axes before `first` are not walked. The smallest stride moves fastest, so offsets ascend where
/// elements do not share bytes. Stops at the first visit that is true, and says whether one was.
bool walk(const std::vector<Axis>& axes, std::size_t first, std::uint64_t offset,
          std::uint64_t index,
          const std::function<bool(std::uint64_t offset, std::uint64_t index)>& visit)
{
    if (axes.size() == first)
        return visit(offset, index);
    std::vector<std::uint64_t> at(axes.size(), 0);
    for (;;) {
        if (visit(offset, index))
            return true;
        std::size_t axis = first;
        while (axis < axes.size() && ++at[axis] == axes[axis].size) {
            offset -= (axes[axis].size - 1) * axes[axis].stride;
            index -= (axes[axis].size - 1) * axes[axis].step;
            at[axis++] = 0;
        }
        if (axis == axes.size())
            return false;
        offset += axes[axis].stride;
        index += axes[axis].step;
    }
}

} // namespace

TensorRegion regionOf(const Checkpoint& checkpoint, const Tensor& tensor)
{
    const auto storage = checkpoint.storages.find(tensor.storage);
    if (storage == checkpoint.storages.end() || !isSound(tensor))
        failOutside(checkpoint, tensor);
    TensorRegion region;
    region.element = sizeOf(tensor.dtype);
    std::uint64_t step = 1;
    // In elements, from the start of the storage.
    auto last = std::optional(static_cast<std::uint64_t>(tensor.offset));
    for (std::size_t i = tensor.shape.size(); i-- > 0;) {
        const auto size = static_cast<std::uint64_t>(tensor.shape[i]);
        const auto stride = static_cast<std::uint64_t>(tensor.stride[i]);
        if (size == 0)
            return {};
        last = multiplyAdd(*last, size - 1, stride);
        if (!last)
            failOutside(checkpoint, tensor);
        if (size > 1)
            region.axes.push_back({size, stride, step});
        step *= size; // wraps only for regions that share bytes, where no one asks for it
    }
    const auto end = multiplyAdd(region.element, *last, region.element);
    const std::uint64_t fileSize = storageFile(checkpoint, storage->second)->bytes().size();
    if (!end || *end > storage->second.bytes || storage->second.offset > fileSize ||
        storage->second.bytes > fileSize - storage->second.offset)
        failOutside(checkpoint, tensor);
    for (Axis& axis : region.axes)
        axis.stride *= region.element;
    std::sort(region.axes.begin(), region.axes.end(),
              [](const Axis& a, const Axis& b) { return a.stride < b.stride; });
    region.begin =
        storage->second.offset + static_cast<std::uint64_t>(tensor.offset) * region.element;
    region.end = storage->second.offset + *end;
    return region;
}

bool isDistinct(const TensorRegion& region)
{
    std::uint64_t reach = region.element;
    for (const Axis& axis : region.axes) {
        if (axis.stride < reach)
            return false;
        reach += (axis.size - 1) * axis.stride;
    }
    return true;
}

void forEachElement(const TensorRegion& region,
                    const std::function<void(std::uint64_t, std::uint64_t)>& visit)
{
    if (region.begin != region.end)
        walk(region.axes, 0, region.begin, 0, [&](std::uint64_t offset, std::uint64_t index) {
            visit(offset, index);
            return false;
        });
}

bool anyBlock(const TensorRegion& region,
              const std::function<bool(std::uint64_t, std::uint64_t)>& test)
{
    if (region.begin == region.end)
        return false;
    // Axes whose copies of the block touch or overlap only make it longer.
    std::uint64_t length = region.element;
    std::size_t first = 0;
    for (; first < region.axes.size() && region.axes[first].stride <= length; ++first)
        length += (region.axes[first].size - 1) * region.axes[first].stride;
    // More blocks than bytes: they overlap, and walking them could take for ever.
    auto blocks = std::optional<std::uint64_t>(1);
    for (std::size_t i = first; i < region.axes.size() && blocks; ++i)
        blocks = multiplyAdd(0, *blocks, region.axes[i].size);
    if (!blocks || *blocks > region.end - region.begin)
        return test(region.begin, region.end);
    return walk(region.axes, first, region.begin, 0,
                [&](std::uint64_t offset, std::uint64_t) { return test(offset, offset + length); });
}

} // namespace monotail
