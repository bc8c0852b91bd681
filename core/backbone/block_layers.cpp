// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/block_layers.h"

#include <array>
#include <set>

#include "backbone/other_networks.h"
#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

constexpr std::array<std::string_view, 2> shortcutNames{"downsample", "shortcut"};

bool isBlockModule(std::string_view module)
{
    for (const std::string_view name : {"conv1", "bn1", "conv2", "bn2", "conv3", "bn3"})
        if (module == name)
            return true;
    for (const std::string_view name : shortcutNames)
        if (module == std::string(name) + ".0" || module == std::string(name) + ".1")
            return true;
    return false;
}

bool isLayerTensor(std::string_view last)
{
    for (const std::string_view name :
         {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})
        if (last == name)
            return true;
    return false;
}

/// Which blocks there are; refuses tensors that are in none, or that are no part of one.
std::set<BlockNumber> blockNumbers(const BackboneTensors& tensors)
{
    std::set<BlockNumber> numbers;
    for (const auto& [name, tensor] : tensors.byName) {
        if (name.compare(0, 5, "layer") != 0 || !isNumber(split(name, '.').front().substr(5)))
            continue;
        const auto number = blockNumberOf(name);
        const std::size_t second = name.find('.', name.find('.') + 1);
        const std::string rest =
            number && second != std::string::npos ? name.substr(second + 1) : std::string();
        if (!isBlockModule(parentOf(rest)) || !isLayerTensor(lastNameOf(rest)))
            refuse(tensors.file, strangeBlock(tensor->name));
        numbers.insert(*number);
    }
    return numbers;
}

/// "layer1.0.conv1.weight (64 x 64 x 3 x 3)".
std::string described(const BackboneTensors& tensors, const std::string& convolution)
{
    const Tensor* weight = tensors.find(convolution + ".weight");
    return message("{} ({})", printable(weight->name), shapeText(*weight));
}

/// The inputs of a convolution must be the outputs before it, in equal groups where it may have
/// them.
void join(const BackboneTensors& tensors, ConvolutionLayer& layer, const std::string& name,
          std::int64_t before, const std::string& beforeName, bool mayBeGrouped)
{
    const bool isGrouped =
        mayBeGrouped && before % layer.inputs == 0 && layer.outputs % (before / layer.inputs) == 0;
    if (layer.inputs != before && !isGrouped)
        refuse(tensors.file,
               message("looks like a ResNet, but {} does not take the {} outputs of {}",
                       described(tensors, name), before, printable(tensors.prefix + beforeName)));
    layer.plan.groups = before / layer.inputs;
}

/// Basic blocks have 3 x 3 twice, bottlenecks 1 x 1, 3 x 3, 1 x 1.
void checkKernels(const BackboneTensors& tensors, const BlockLayers& block)
{
    const bool isBasic = block.convolutions.size() == 2;
    for (std::size_t i = 0; i < block.convolutions.size(); ++i) {
        const std::int64_t expected = isBasic || i == 1 ? 3 : 1;
        if (block.convolutions[i].kernel != expected)
            refuse(tensors.file,
                   message("looks like a ResNet, but {} is no {} x {} convolution as in a {} block",
                           described(tensors, block.name + ".conv" + std::to_string(i + 1)),
                           expected, expected, isBasic ? "basic" : "bottleneck"));
    }
}

std::optional<ConvolutionLayer> readProjection(const BackboneTensors& tensors,
                                               const BlockLayers& block,
                                               const std::string& inputName)
{
    for (const std::string_view shortcut : shortcutNames) {
        const std::string module = message("{}.{}", block.name, shortcut);
        if (!tensors.has(module))
            continue;
        ConvolutionLayer layer =
            readConvolution(tensors, module + ".0", module + ".1", BatchNorm::Optional);
        join(tensors, layer, module + ".0", block.inputs, inputName, false);
        if (layer.outputs != block.outputs || layer.kernel != 1)
            refuse(tensors.file,
                   message("looks like a ResNet, but {} is no 1 x 1 convolution to the {} channels "
                           "of its block",
                           described(tensors, module + ".0"), block.outputs));
        return layer;
    }
    if (block.inputs > block.outputs)
        refuse(
            tensors.file,
            message("looks like a ResNet, but {} has {} channels where the one before it has {}, "
                    "and no convolution in its shortcut",
                    printable(tensors.prefix + block.name), block.outputs, block.inputs));
    return {};
}

BlockLayers readBlock(const BackboneTensors& tensors, const std::string& name, std::int64_t inputs,
                      const std::string& inputName)
{
    BlockLayers block{name, {}, {}, inputs, inputs};
    const int count = tensors.has(name + ".conv3") || tensors.has(name + ".bn3") ? 3 : 2;
    std::string before = inputName;
    for (int i = 1; i <= count; ++i) {
        const std::string convolution = name + ".conv" + std::to_string(i);
        ConvolutionLayer layer = readConvolution(
            tensors, convolution, name + ".bn" + std::to_string(i), BatchNorm::Required);
        join(tensors, layer, convolution, block.outputs, before, count == 3 && i == 2);
        block.outputs = layer.outputs;
        block.convolutions.push_back(std::move(layer));
        before = convolution;
    }
    checkKernels(tensors, block);
    block.projection = readProjection(tensors, block, inputName);
    return block;
}

} // namespace

std::optional<BlockNumber> blockNumberOf(std::string_view name)
{
    const auto parts = split(name, '.');
    if (parts.size() < 3 || parts[0].substr(0, 5) != "layer" || !isNumber(parts[1]))
        return {};
    const auto stage = parseInteger(parts[0].substr(5));
    const auto block = parseInteger(parts[1]);
    if (!isNumber(parts[0].substr(5)) || !stage || !block)
        return {};
    return BlockNumber{*stage, *block};
}

std::vector<Stage> readStages(const BackboneTensors& tensors, const ConvolutionLayer& stem)
{
    std::vector<Stage> stages;
    std::int64_t channels = stem.outputs;
    std::string before = "conv1";
    for (const BlockNumber& at : blockNumbers(tensors)) {
        const auto count = static_cast<std::int64_t>(stages.size());
        const bool isNewStage = at.stage == count + 1 && at.block == 0;
        const bool isNext = count > 0 && at.stage == count &&
                            at.block == static_cast<std::int64_t>(stages.back().size());
        if (!isNewStage && !isNext)
            refuse(tensors.file,
                   message("looks like a ResNet with blocks left out: there is {}layer{}.{}, but "
                           "none before it",
                           printable(tensors.prefix), at.stage, at.block));
        if (isNewStage)
            stages.emplace_back();
        const std::string name = message("layer{}.{}", at.stage, at.block);
        stages.back().push_back(readBlock(tensors, name, channels, before));
        channels = stages.back().back().outputs;
        before = message("{}.conv{}", name, stages.back().back().convolutions.size());
    }
    return stages;
}

} // namespace monotail
