// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>

#include "base/text.h"
#include "torch/backbone/image_tensor.h"
#include "torch/backbone/torch_networks.h"
#include "torch/device.h"

namespace monotail {

namespace {

/// A convolution with the batch norm behind it folded in.
struct Convolution
{
    at::Tensor weight;
    at::Tensor bias;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    std::int64_t groups = 1;

    at::Tensor operator()(const at::Tensor& x) const
    {
        return at::conv2d(x, weight, bias, stride, padding, 1, groups);
    }
};

at::Tensor numbersOf(const Checkpoint& checkpoint, const std::string& name)
{
    const Tensor* tensor = checkpoint.find(name);
    if (!tensor)
        throw Error(message("{}: {} is missing", checkpoint.path.string(), printable(name)));
    // A view may repeat a few numbers for ever, which no layer that was trained does.
    const auto storage = checkpoint.storages.find(tensor->storage);
    if (storage == checkpoint.storages.end() || static_cast<std::uint64_t>(tensor->elements()) >
                                                    storage->second.bytes / sizeOf(tensor->dtype))
        throw Error(message("{}: {} has more numbers than are stored for it; the file is damaged",
                            checkpoint.path.string(), printable(name)));
    const std::vector<double> values = readTensor(checkpoint, *tensor);
    at::Tensor out = at::empty(tensor->shape, at::kDouble);
    std::copy(values.begin(), values.end(), out.data_ptr<double>());
    return out;
}

void checkFinite(const Checkpoint& checkpoint, const ConvolutionPlan& plan,
                 const Convolution& layer)
{
    if (!at::isfinite(layer.weight).all().item<bool>() ||
        !at::isfinite(layer.bias).all().item<bool>())
        throw Error(message("{}: {} and its batch norm give numbers that are not finite{}",
                            checkpoint.path.string(), printable(plan.weight),
                            layer.weight.scalar_type() == at::kHalf
                                ? " in fp16; bf16 and fp32 reach further"
                                : "; the file is damaged, or training has diverged"));
}

/// In float64, rounded once: y = (conv(x) + b - mean) * scale / sqrt(variance + eps) + shift.
Convolution folded(const Checkpoint& checkpoint, const ConvolutionPlan& plan, double eps,
                   const Placement& placement)
{
    at::Tensor weight = numbersOf(checkpoint, plan.weight);
    at::Tensor bias = plan.bias.empty() ? at::zeros({weight.size(0)}, at::kDouble)
                                        : numbersOf(checkpoint, plan.bias);
    if (!plan.mean.empty()) {
        at::Tensor factor = at::rsqrt(numbersOf(checkpoint, plan.variance) + eps);
        if (!plan.scale.empty())
            factor = factor * numbersOf(checkpoint, plan.scale);
        bias = (bias - numbersOf(checkpoint, plan.mean)) * factor;
        if (!plan.shift.empty())
            bias = bias + numbersOf(checkpoint, plan.shift);
        weight = weight * factor.view({-1, 1, 1, 1});
    }
    const Convolution layer{weight.to(placement.type).contiguous(at::MemoryFormat::ChannelsLast),
                            bias.to(placement.type), plan.stride, plan.padding, plan.groups};
    checkFinite(checkpoint, plan, layer);
    return {layer.weight.to(placement.device), layer.bias.to(placement.device), layer.stride,
            layer.padding, layer.groups};
}

struct Block
{
    ResidualBlockPlan plan;
    std::vector<Convolution> convolutions;
    std::optional<Convolution> projection;
};

/// Adds the block's input without its odd pixels, from channel `first` on.
void addPadded(at::Tensor& y, const at::Tensor& x, std::int64_t stride, std::int64_t first)
{
    y.narrow(1, first, x.size(1))
        .add_(x.slice(2, 0, x.size(2), stride).slice(3, 0, x.size(3), stride));
}

void addShortcut(const Block& block, at::Tensor& y, const at::Tensor& x)
{
    const ResidualBlockPlan& plan = block.plan;
    switch (plan.shortcut) {
    case Shortcut::Convolution:
        y.add_((*block.projection)(x));
        return;
    case Shortcut::PadChannels:
        return addPadded(y, x, plan.stride, (plan.outputs - plan.inputs) / 2);
    case Shortcut::PadChannelsAtEnd:
        return addPadded(y, x, plan.stride, 0);
    default:
        y.add_(x);
    }
}

at::Tensor forward(const Block& block, const at::Tensor& x)
{
    at::Tensor y = x;
    for (std::size_t i = 0; i + 1 < block.convolutions.size(); ++i)
        y = block.convolutions[i](y).relu_();
    y = block.convolutions.back()(y);
    addShortcut(block, y, x);
    return y.relu_();
}

class ResidualNetwork : public FeatureNetwork
{
public:
    ResidualNetwork(const Checkpoint& checkpoint, const BackbonePlan& plan,
                    const Placement& placement)
        : m_placement(placement), m_maxPool(plan.maxPool), m_inputs(plan.inputChannels),
          m_features(plan.features)
    {
        const c10::InferenceMode guard;
        const auto fold = [&](const ConvolutionPlan& convolution) {
            return folded(checkpoint, convolution, plan.eps, placement);
        };
        m_stem = fold(plan.stem);
        for (const ResidualBlockPlan& blockPlan : plan.blocks) {
            Block block{blockPlan, {}, {}};
            for (const ConvolutionPlan& convolution : blockPlan.convolutions)
                block.convolutions.push_back(fold(convolution));
            if (blockPlan.shortcut == Shortcut::Convolution)
                block.projection = fold(blockPlan.projection);
            m_blocks.push_back(std::move(block));
        }
    }

    std::int64_t inputChannels() const override { return m_inputs; }
    std::int64_t width() const override { return m_features; }
    std::string device() const override { return deviceName(m_placement.device); }

    NetworkOutput run(const ImageBatch& batch) const override
    {
        if (batch.channels != m_inputs)
            throw Error(message("the network takes images of {} channels, not of {}", m_inputs,
                                batch.channels));
        return runTranslated(device(), batch, [&] {
            return NetworkOutput{matrixOf(features(batch)), {}};
        });
    }

private:
    at::Tensor features(const ImageBatch& batch) const
    {
        at::Tensor x = imageTensor(batch, m_placement.device, m_placement.type);
        x = m_stem(x).relu_();
        if (m_maxPool)
            x = at::max_pool2d(x, 3, 2, 1);
        for (const Block& block : m_blocks)
            x = forward(block, x);
        return at::mean(x, at::IntArrayRef{2, 3}, false, at::kFloat);
    }

    Placement m_placement;
    bool m_maxPool = false;
    std::int64_t m_inputs = 0;
    std::int64_t m_features = 0;
    Convolution m_stem;
    std::vector<Block> m_blocks;
};

at::ScalarType typeOf(Precision precision)
{
    switch (precision) {
    case Precision::BFloat16:
        return at::kBFloat16;
    case Precision::Float16:
        return at::kHalf;
    default:
        return at::kFloat;
    }
}

} // namespace

Placement placementOf(const NetworkOptions& options)
{
    const Placement placement{deviceOf(options.device), typeOf(options.precision)};
    if (placement.device.is_cpu() && placement.type == at::kHalf)
        throw Error("fp16 needs a CUDA device: on a CPU, use bf16 or fp32");
    return placement;
}

RowMatrix matrixOf(const at::Tensor& rows)
{
    RowMatrix out(rows.size(0), rows.size(1));
    at::from_blob(out.data(), {out.rows(), out.cols()}, at::kFloat).copy_(rows);
    if (!out.allFinite())
        throw Error("the network gives features that are not finite; if it computes in fp16, bf16 "
                    "and fp32 reach further");
    return out;
}

NetworkOutput runTranslated(const std::string& device, const ImageBatch& batch,
                            const std::function<NetworkOutput()>& work)
{
    const c10::InferenceMode guard;
    at::globalContext().setAllowTF32CuBLAS(false);
    at::globalContext().setAllowTF32CuDNN(false);
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        const std::string images =
            message("{} images of {} x {}", batch.images, batch.height, batch.width);
        if (isOutOfMemory(error))
            throw OutOfDeviceMemory(
                message("{} has not the memory for {} at once", device, images));
        throw Error(message("the network cannot be run on {} with {}: {}", device, images,
                            firstLine(error)));
    }
}

std::unique_ptr<FeatureNetwork> makeResidualNetwork(const Checkpoint& checkpoint,
                                                    const BackbonePlan& plan,
                                                    const NetworkOptions& options)
{
    const Placement placement = placementOf(options);
    try {
        return std::make_unique<ResidualNetwork>(checkpoint, plan, placement);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(message("{}: the network cannot be put onto {}: {}", checkpoint.path.string(),
                            deviceName(placement.device), firstLine(error)));
    }
}

} // namespace monotail
