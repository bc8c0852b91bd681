// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "backbone/assumptions.h"
#include "backbone/block_layers.h"
#include "backbone/family.h"
#include "backbone/locate.h"
#include "backbone/other_networks.h"
#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

/// Names of modules that hang beside the classifier and do not change what it sees.
bool isSideHead(std::string_view module)
{
    const std::string name = lowered(module);
    for (const std::string_view part : {"head", "proj", "contrast", "aux", "fc", "linear", "cls",
                                        "classifier", "rot", "jigsaw", "predict", "decoder"})
        if (name.find(part) != std::string::npos)
            return true;
    return false;
}

/// Convolutions and batch norms beside stem and stages belong to another network.
void checkBeside(const BackboneTensors& tensors, std::string_view name, const Tensor& tensor)
{
    const std::string_view module = split(name, '.').front();
    const bool isConvolution = tensor.shape.size() == 4;
    const bool isNorm = endsWith(name, ".running_mean");
    if ((isConvolution || isNorm) && !isSideHead(module))
        refuse(tensors.file,
               message("looks like a ResNet with more than stem and stages, which is not rebuilt: "
                       "{} ({}) would be left out",
                       printable(tensor.name), shapeText(tensor)));
}

/// What is neither stem nor stages.
Warnings ignoredModules(const BackboneTensors& tensors)
{
    std::set<std::string> modules;
    for (const auto& [name, tensor] : tensors.byName) {
        const std::string_view module = split(name, '.').front();
        const bool isStage = module.substr(0, 5) == "layer" && isNumber(module.substr(5));
        if (module == "conv1" || module == "bn1" || isStage)
            continue;
        checkBeside(tensors, name, *tensor);
        modules.insert(printable(tensors.prefix + std::string(module)));
    }
    for (const Tensor* tensor : tensors.beside)
        modules.insert(printable(parentOf(tensor->name)));
    if (modules.empty())
        return {};
    return {message("taken for heads beside the classifier and left out: {}",
                    joined({modules.begin(), modules.end()}, ", "))};
}

bool isBottleneck(const std::vector<Stage>& stages)
{
    return stages.front().front().convolutions.size() == 3;
}

void checkStages(const BackboneTensors& tensors, const std::vector<Stage>& stages)
{
    if (stages.size() != 3 && stages.size() != 4)
        refuse(tensors.file,
               message("looks like a ResNet with {} stages; those with 3 (CIFAR) or 4 are rebuilt",
                       stages.size()));
    for (const Stage& stage : stages)
        for (const BlockLayers& block : stage)
            if (block.convolutions.size() != stages.front().front().convolutions.size())
                refuse(tensors.file,
                       message("looks like a ResNet whose blocks are of two kinds: {} has {} "
                               "convolutions, the first block {}",
                               printable(tensors.prefix + block.name), block.convolutions.size(),
                               stages.front().front().convolutions.size()));
}

std::vector<std::int64_t> decideStrides(Assumptions& assumptions, std::size_t stages)
{
    const std::string text =
        assumptions.decide("strides", stages == 3 ? "1-2-2" : "1-2-2-2",
                           "every stage but the first halves the image, as in all ResNets");
    std::vector<std::int64_t> strides = parseStrides(text);
    if (strides.size() != stages)
        throw Error(message("--backbone strides={}: the network has {} stages, so that {} numbers "
                            "are expected",
                            text, stages, stages));
    return strides;
}

void decideStem(Assumptions& assumptions, const ConvolutionLayer& stem, BackbonePlan& plan)
{
    const bool isLarge = stem.kernel > 3;
    const std::string reason =
        message(isLarge ? "as torchvision's ResNets, which have such a {} x {} stem"
                        : "as ResNets for small images, which have such a {} x {} stem",
                stem.kernel, stem.kernel);
    plan.stem = stem.plan;
    plan.stem.stride =
        parseInteger(assumptions.decide("stem-stride", isLarge ? "2" : "1", reason)).value_or(1);
    plan.maxPool = assumptions.decide("max-pool", isLarge ? "yes" : "no", reason) == "yes";
}

bool needsPadding(const BlockLayers& block, std::int64_t stride)
{
    return !block.projection && (stride != 1 || block.inputs != block.outputs);
}

struct BlockRules
{
    std::vector<std::int64_t> strides; ///< of the stages
    std::size_t strided = 0;           ///< which convolution of a block has the stride
    Shortcut padding = Shortcut::PadChannels;
};

BlockRules decideBlocks(Assumptions& assumptions, const std::vector<Stage>& stages)
{
    BlockRules rules{decideStrides(assumptions, stages.size())};
    if (isBottleneck(stages))
        rules.strided = assumptions.decide("bottleneck-stride", "second",
                                           "on the 3 x 3 convolution, as torchvision has it; the "
                                           "original ResNet had it on the first") == "second";
    bool isPadded = false;
    for (std::size_t s = 0; s < stages.size(); ++s)
        for (const BlockLayers& block : stages[s])
            isPadded |= needsPadding(block, &block == &stages[s].front() ? rules.strides[s] : 1);
    if (isPadded &&
        assumptions.decide("shortcut", "pad-both",
                           "there is no convolution in the shortcut where channels "
                           "grow: new ones are zeros on both sides (option A)") == "pad-end")
        rules.padding = Shortcut::PadChannelsAtEnd;
    return rules;
}

ResidualBlockPlan planBlock(const BlockLayers& block, std::int64_t stride, const BlockRules& rules)
{
    ResidualBlockPlan plan;
    for (const ConvolutionLayer& layer : block.convolutions)
        plan.convolutions.push_back(layer.plan);
    plan.convolutions[rules.strided].stride = stride;
    plan.stride = stride;
    plan.inputs = block.inputs;
    plan.outputs = block.outputs;
    if (block.projection) {
        plan.shortcut = Shortcut::Convolution;
        plan.projection = block.projection->plan;
        plan.projection.stride = stride;
    } else if (needsPadding(block, stride)) {
        plan.shortcut = rules.padding;
    }
    return plan;
}

/// A head that is the last layer of a sequence, fc.2 behind fc.0, sees no features of the backbone.
void checkSequence(const BackboneTensors& tensors, const HeadCandidate& head)
{
    const std::string_view module = parentOf(head.weight);
    const auto position = parseInteger(lastNameOf(module));
    if (!position || parentOf(module).empty())
        return;
    std::vector<const Tensor*> all = tensors.beside;
    for (const auto& [name, tensor] : tensors.byName)
        all.push_back(tensor);
    for (const Tensor* tensor : all) {
        const std::string_view other = parentOf(tensor->name);
        const auto before = parseInteger(lastNameOf(other));
        if (before && *before < *position && parentOf(other) == parentOf(module))
            refuse(tensors.file,
                   message("the head {} is the last of several layers behind the ResNet, which "
                           "are not rebuilt: {} ({}) would be left out",
                           printable(head.weight), printable(tensor->name), shapeText(*tensor)));
    }
}

void checkHead(const BackboneTensors& tensors, const HeadCandidate& head, const BackbonePlan& plan)
{
    checkSequence(tensors, head);
    if (head.features != plan.features)
        refuse(tensors.file,
               message("the head {} takes {} features, but the {} before it ends in {}",
                       printable(head.weight), head.features, plan.family, plan.features));
}

/// A network has one kind of shortcut; where some have convolutions, a block that changes the
/// channels without one has lost its own.
void checkShortcuts(const BackboneTensors& tensors, const std::vector<Stage>& stages)
{
    std::string with, without;
    for (const Stage& stage : stages)
        for (const BlockLayers& block : stage) {
            if (block.projection)
                with = block.name;
            else if (block.inputs != block.outputs)
                without = block.name;
        }
    if (!with.empty() && !without.empty())
        refuse(
            tensors.file,
            message("looks like a ResNet, but {} has a convolution in its shortcut and {}, which "
                    "changes the channels, has none; its tensors are missing or called "
                    "otherwise",
                    printable(tensors.prefix + with), printable(tensors.prefix + without)));
}

BackbonePlan planOf(const BackboneTensors& tensors, const BackboneOptions& options)
{
    if (const std::string strange = strangeStem(tensors); !strange.empty())
        refuse(tensors.file, strange);
    const ConvolutionLayer stem = readConvolution(tensors, "conv1", "bn1", BatchNorm::Required);
    const std::vector<Stage> stages = readStages(tensors, stem);
    checkStages(tensors, stages);
    checkShortcuts(tensors, stages);
    BackbonePlan plan;
    plan.family = familyName(stem, stages);
    plan.prefix = tensors.prefix;
    plan.warnings = ignoredModules(tensors);
    plan.inputChannels = stem.inputs;
    plan.features = stages.back().back().outputs;
    Assumptions assumptions(options);
    decideStem(assumptions, stem, plan);
    const BlockRules rules = decideBlocks(assumptions, stages);
    for (std::size_t s = 0; s < stages.size(); ++s)
        for (const BlockLayers& block : stages[s])
            plan.blocks.push_back(
                planBlock(block, &block == &stages[s].front() ? rules.strides[s] : 1, rules));
    const std::string eps = assumptions.decide("eps", "1e-05", "PyTorch's default for batch norm");
    plan.eps = parseDouble(eps).value_or(1e-5);
    plan.assumptions = assumptions.all();
    return plan;
}

} // namespace

BackbonePlan planBackbone(const Checkpoint& checkpoint, const HeadCandidate& head,
                          const BackboneOptions& options)
{
    const std::string file = checkpoint.path.string();
    if (checkpoint.format == "torchscript") // the names may be anything; the code is there
        throw Error(message("{}: a TorchScript file brings its own code, which extraction runs",
                            printable(file, 400)));
    const auto tensors = locateResNet(checkpoint, head);
    if (!tensors)
        refuse(file, otherNetwork(checkpoint, head));
    if (head.kind == HeadKind::Experts)
        refuse(file, message("the head is the mean of {} experts, each with features of its own, "
                             "which are not rebuilt",
                             head.experts.size()));
    BackbonePlan plan = planOf(*tensors, options);
    checkHead(*tensors, head, plan);
    return plan;
}

BackboneFinding findBackbone(const Checkpoint& checkpoint, const HeadSearch& heads,
                             const BackboneOptions& options)
{
    if (heads.candidates.empty())
        return {{}, "there is no classifier head that a backbone could feed"};
    try {
        return {planBackbone(checkpoint, heads.candidates.front(), options), {}};
    } catch (const Error& error) {
        if (!options.empty())
            throw;
        const std::string file = printable(checkpoint.path.string(), 400) + ": ";
        const std::string text = error.what();
        return {{}, text.compare(0, file.size(), file) == 0 ? text.substr(file.size()) : text};
    }
}

std::string describe(const BackbonePlan& plan)
{
    std::vector<std::string> parts{plan.family};
    for (const BackboneAssumption& assumption : plan.assumptions)
        parts.push_back(message("{}={}", assumption.key, assumption.value));
    return joined(parts, "; ");
}

} // namespace monotail
