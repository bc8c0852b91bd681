// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "backbone/backbone.h"
#include "base/text.h"

namespace monotail::test {

/// The catalogue of a made-up checkpoint: names and shapes, no numbers.
class NamedNetwork
{
public:
    explicit NamedNetwork(std::string prefix = "") : m_prefix(std::move(prefix))
    {
        m_checkpoint.path = "made/up.pth";
        m_checkpoint.format = "zip";
    }

    NamedNetwork& tensor(const std::string& name, std::vector<std::int64_t> shape,
                         DType type = DType::Float32)
    {
        Tensor tensor;
        tensor.name = m_prefix + name;
        tensor.dtype = type;
        tensor.shape = std::move(shape);
        m_checkpoint.tensors.push_back(tensor);
        return *this;
    }
    NamedNetwork& convolution(const std::string& name, std::int64_t outputs, std::int64_t inputs,
                              std::int64_t kernel)
    {
        return tensor(name + ".weight", {outputs, inputs, kernel, kernel});
    }
    NamedNetwork& norm(const std::string& name, std::int64_t channels)
    {
        for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"})
            tensor(name + part, {channels});
        return tensor(name + ".num_batches_tracked", {}, DType::Int64);
    }
    NamedNetwork& linear(const std::string& name, std::int64_t outputs, std::int64_t inputs)
    {
        return tensor(name + ".weight", {outputs, inputs}).tensor(name + ".bias", {outputs});
    }
    NamedNetwork& stem(std::int64_t outputs, std::int64_t kernel, std::int64_t inputs = 3)
    {
        m_channels = outputs;
        return convolution("conv1", outputs, inputs, kernel).norm("bn1", outputs);
    }

    /// Of basic blocks; `shortcut` empty: without parameters.
    NamedNetwork& basicStage(int stage, int blocks, std::int64_t width,
                             const std::string& shortcut = "downsample")
    {
        for (int b = 0; b < blocks; ++b) {
            const std::string block = "layer" + std::to_string(stage) + "." + std::to_string(b);
            convolution(block + ".conv1", width, m_channels, 3).norm(block + ".bn1", width);
            convolution(block + ".conv2", width, width, 3).norm(block + ".bn2", width);
            if (width != m_channels && !shortcut.empty())
                convolution(block + "." + shortcut + ".0", width, m_channels, 1)
                    .norm(block + "." + shortcut + ".1", width);
            m_channels = width;
        }
        return *this;
    }

    struct Bottleneck
    {
        std::int64_t middle = 0;
        std::int64_t outputs = 0;
        std::int64_t groups = 1;
    };
    NamedNetwork& bottleneckStage(int stage, int blocks, const Bottleneck& sizes)
    {
        for (int b = 0; b < blocks; ++b) {
            const std::string block = "layer" + std::to_string(stage) + "." + std::to_string(b);
            const std::int64_t middle = sizes.middle;
            convolution(block + ".conv1", middle, m_channels, 1).norm(block + ".bn1", middle);
            convolution(block + ".conv2", middle, middle / sizes.groups, 3)
                .norm(block + ".bn2", middle);
            convolution(block + ".conv3", sizes.outputs, middle, 1)
                .norm(block + ".bn3", sizes.outputs);
            if (b == 0)
                convolution(block + ".downsample.0", sizes.outputs, m_channels, 1)
                    .norm(block + ".downsample.1", sizes.outputs);
            m_channels = sizes.outputs;
        }
        return *this;
    }

    NamedNetwork& prefix(std::string text)
    {
        m_prefix = std::move(text);
        return *this;
    }
    NamedNetwork& without(const std::string& part)
    {
        std::erase_if(m_checkpoint.tensors, [&](const Tensor& tensor) {
            return tensor.name.find(part) != std::string::npos;
        });
        return *this;
    }
    NamedNetwork& reshaped(const std::string& name, std::vector<std::int64_t> shape)
    {
        for (Tensor& tensor : m_checkpoint.tensors)
            if (tensor.name == name)
                tensor.shape = shape;
        return *this;
    }
    /// Of each name, the first part behind the prefix that is in `from`: both lists by commas.
    NamedNetwork& renamed(const std::string& from, const std::string& to)
    {
        const auto old = split(from, ',');
        const auto now = split(to, ',');
        for (Tensor& tensor : m_checkpoint.tensors)
            for (std::size_t i = 0; i < old.size(); ++i) {
                const bool isInside = isdigit(old[i][0]) != 0;
                const std::size_t at = tensor.name.find(old[i], m_prefix.size());
                if (at == std::string::npos || (!isInside && at != m_prefix.size()))
                    continue;
                tensor.name.replace(at, old[i].size(), now[i]);
            }
        return *this;
    }
    NamedNetwork& typed(DType type)
    {
        for (Tensor& tensor : m_checkpoint.tensors)
            if (isFloating(tensor.dtype))
                tensor.dtype = type;
        return *this;
    }

    const Checkpoint& checkpoint() const { return m_checkpoint; }
    /// The linear layer added last whose name ends so, as a head.
    HeadCandidate head(const std::string& suffix = ".weight") const
    {
        HeadCandidate head;
        for (const Tensor& tensor : m_checkpoint.tensors)
            if (tensor.shape.size() == 2 && endsWith(tensor.name, suffix)) {
                head.weight = tensor.name;
                head.bias = tensor.name.substr(0, tensor.name.size() - 6) + "bias";
                head.classes = tensor.shape[0];
                head.features = tensor.shape[1];
            }
        return head;
    }
    BackbonePlan plan(const std::string& options = "", const std::string& name = ".weight") const
    {
        return planBackbone(m_checkpoint, head(name), parseBackboneOptions(options));
    }

private:
    std::string m_prefix;
    std::int64_t m_channels = 0;
    Checkpoint m_checkpoint;
};

/// torchvision's names, narrow: D = 32.
inline NamedNetwork resnet10(const std::string& prefix = "")
{
    NamedNetwork net(prefix);
    net.stem(4, 7).basicStage(1, 1, 4).basicStage(2, 1, 8).basicStage(3, 1, 16).basicStage(4, 1,
                                                                                           32);
    return net;
}

/// With shortcuts that have no parameters: D = 64.
inline NamedNetwork cifarResnet(int blocks, const std::string& shortcut = "",
                                const std::string& prefix = "")
{
    NamedNetwork net(prefix);
    net.stem(16, 3).basicStage(1, blocks, 16).basicStage(2, blocks, 32, shortcut);
    net.basicStage(3, blocks, 64, shortcut);
    return net;
}

/// "max-pool=yes strides=1-2-2-2 ..." as planned.
inline std::string assumed(const BackbonePlan& plan)
{
    std::string out;
    for (const BackboneAssumption& entry : plan.assumptions)
        out += (out.empty() ? "" : " ") + entry.key + "=" + entry.value;
    return out;
}

} // namespace monotail::test
