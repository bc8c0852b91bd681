// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/family.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace monotail {

namespace {

struct KnownDepth
{
    std::size_t convolutions; ///< of each block
    std::string_view blocks;
    int depth;
};

constexpr std::array<KnownDepth, 7> knownDepths{{
    {2, "1-1-1-1", 10},
    {2, "2-2-2-2", 18},
    {2, "3-4-6-3", 34},
    {3, "2-2-2-2", 26},
    {3, "3-4-6-3", 50},
    {3, "3-4-23-3", 101},
    {3, "3-8-36-3", 152},
}};

std::string blockCounts(const std::vector<Stage>& stages)
{
    std::vector<std::string> counts;
    for (const Stage& stage : stages)
        counts.push_back(std::to_string(stage.size()));
    return joined(counts, "-");
}

/// Layers with weights, the shortcuts not counted: stem, blocks, head. CIFAR's ResNets are named
/// by it; 0 where stages differ in length, which no such name says.
std::size_t cifarDepth(const std::vector<Stage>& stages)
{
    const std::size_t blocks = stages.front().size();
    for (const Stage& stage : stages)
        if (stage.size() != blocks)
            return 0;
    return stages.size() * blocks * stages.front().front().convolutions.size() + 2;
}

std::string depthName(const std::vector<Stage>& stages)
{
    const std::size_t convolutions = stages.front().front().convolutions.size();
    if (stages.size() == 3) {
        const std::size_t depth = cifarDepth(stages);
        return depth == 0 ? "" : "-" + std::to_string(depth);
    }
    const std::string counts = blockCounts(stages);
    for (const KnownDepth& known : knownDepths)
        if (known.convolutions == convolutions && known.blocks == counts)
            return "-" + std::to_string(known.depth);
    return "";
}

/// " 32x4d" for groups, "-2" for middles twice as wide as usual (a quarter of the outputs).
std::string widthName(const BlockLayers& block)
{
    if (block.convolutions.size() != 3)
        return "";
    const ConvolutionLayer& middle = block.convolutions[1];
    if (middle.plan.groups > 1)
        return message(" {}x{}d", middle.plan.groups, middle.inputs);
    const std::int64_t usual = std::max<std::int64_t>(1, block.outputs / 4);
    return middle.outputs > usual && middle.outputs % usual == 0
               ? "-" + std::to_string(middle.outputs / usual)
               : "";
}

} // namespace

std::string familyName(const ConvolutionLayer& stem, const std::vector<Stage>& stages)
{
    const BlockLayers& first = stages.front().front();
    const bool isBasic = first.convolutions.size() == 2;
    const std::string width = widthName(first);
    std::string name = stages.size() == 3 ? "CIFAR ResNet" : "ResNet";
    if (!width.empty())
        name = width[0] == ' ' ? "ResNeXt" : "Wide ResNet";
    std::vector<std::string> channels;
    for (const Stage& stage : stages)
        channels.push_back(std::to_string(stage.back().outputs));
    return message("{}{}{} ({} blocks {}, {} channels, {} x {} stem)", name, depthName(stages),
                   width, isBasic ? "basic" : "bottleneck", blockCounts(stages),
                   joined(channels, "-"), stem.kernel, stem.kernel);
}

} // namespace monotail
