// SPDX-License-Identifier: GPL-3.0-or-later
#include "torch/backbone/image_tensor.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "base/text.h"

namespace monotail {

namespace {

void check(const ImageBatch& batch)
{
    if (batch.images <= 0 || batch.height <= 0 || batch.width <= 0 || batch.channels <= 0)
        throw Error(message("a batch of {} images of {} x {} with {} channels is empty",
                            batch.images, batch.height, batch.width, batch.channels));
    const auto values =
        static_cast<std::size_t>(batch.images * batch.height * batch.width * batch.channels);
    if (batch.pixels.size() != values ||
        batch.normalisation.size() != static_cast<std::size_t>(batch.channels))
        throw Error(message("a batch of {} images of {} x {} with {} channels has {} values and {} "
                            "tables",
                            batch.images, batch.height, batch.width, batch.channels,
                            batch.pixels.size(), batch.normalisation.size()));
}

/// One row of an image; `out` runs forwards, `in` backwards if mirrored.
void normaliseRow(const ImageBatch& batch, const std::uint8_t* in, float* out)
{
    const std::int64_t channels = batch.channels;
    const std::int64_t step = batch.mirrored ? -channels : channels;
    if (batch.mirrored)
        in += (batch.width - 1) * channels;
    for (std::int64_t x = 0; x < batch.width; ++x, in += step, out += channels)
        for (std::int64_t c = 0; c < channels; ++c)
            out[c] = batch.normalisation[static_cast<std::size_t>(c)][in[c]];
}

at::Tensor onProcessor(const ImageBatch& batch)
{
    at::Tensor out =
        at::empty({batch.images, batch.height, batch.width, batch.channels}, at::kFloat);
    float* values = out.data_ptr<float>();
    const std::int64_t stride = batch.width * batch.channels;
    at::parallel_for(0, batch.images * batch.height, 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            normaliseRow(batch, batch.pixels.data() + row * stride, values + row * stride);
    });
    return out;
}

at::Tensor onDevice(const ImageBatch& batch, at::Device device)
{
    // from_blob takes a pointer to non-const; nothing here writes through it.
    const at::Tensor bytes =
        at::from_blob(const_cast<std::uint8_t*>(batch.pixels.data()),
                      {batch.images, batch.height, batch.width, batch.channels}, at::kByte);
    const at::Tensor tables = at::from_blob(const_cast<float*>(batch.normalisation.front().data()),
                                            {batch.channels, 256}, at::kFloat);
    const at::Tensor firsts =
        at::arange(batch.channels, at::TensorOptions(at::kLong).device(device)).mul_(256);
    const at::Tensor at = bytes.to(device).to(at::kLong).add_(firsts);
    const at::Tensor out = at::take(tables.to(device), at);
    return batch.mirrored ? out.flip(2) : out;
}

} // namespace

at::Tensor imageTensor(const ImageBatch& batch, at::Device device, at::ScalarType type)
{
    check(batch);
    const at::Tensor rows = device.is_cpu() ? onProcessor(batch) : onDevice(batch, device);
    return rows.permute({0, 3, 1, 2}).to(type);
}

} // namespace monotail
