// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/other_networks.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

struct Mark
{
    std::string_view part; ///< of a tensor's name, with the dots around it
    std::string_view words;
};

constexpr std::array<Mark, 17> blockMarks{{
    {".se.", "squeeze-and-excitation"},
    {".se_module.", "squeeze-and-excitation"},
    {".fc1.", "squeeze-and-excitation"},
    {".ca.", "attention (CBAM)"},
    {".sa.", "attention (CBAM)"},
    {".cbam.", "attention (CBAM)"},
    {".ChannelGate.", "attention (CBAM)"},
    {".eca.", "attention (ECA)"},
    {".attn.", "attention"},
    {".convs.", "several scales in a block (Res2Net)"},
    {".conv2.conv.", "split attention (ResNeSt)"},
    {".downsample.2.", "an average in its shortcuts (ResNet-D)"},
    {".weight_g.", "weight norm"},
    {".weight_orig.", "spectral norm or pruning"},
    {".weight_mask.", "pruning"},
    {".parametrizations.", "reparametrised weights"},
    {".scale.", "scalars in its blocks (Fixup)"},
}};

/// In this order; the first that any tensor's name contains.
constexpr std::array<Mark, 24> networkMarks{{
    {".attn.qkv.", "a vision transformer"},
    {".encoder_layer_0.", "a vision transformer (torchvision)"},
    {".attention.attention.query.", "a vision transformer (Hugging Face)"},
    {".relative_position_bias_table.", "a Swin transformer"},
    {".attn.in_proj_weight.", "a transformer (CLIP)"},
    {".self_attn.", "a transformer"},
    {".attention.self.", "a transformer"},
    {".denseblock1.", "a DenseNet"},
    {".dense1.", "a DenseNet"},
    {".Mixed_5b.", "an Inception network"},
    {".inception3a.", "a GoogLeNet"},
    {".conv_dw.", "a MobileNet, EfficientNet or ConvNeXt (timm)"},
    {".conv_pw.", "a MobileNet or EfficientNet (timm)"},
    {".dwconv.", "a ConvNeXt"},
    {"._blocks.0.", "an EfficientNet"},
    {".trunk_output.", "a RegNet"},
    {".block1.layer.0.", "a Wide ResNet for CIFAR with pre-activation"},
    {".layers.0.blocks.", "a network of several stages of blocks"},
    {".features.0.0.", "a MobileNet, EfficientNet or ConvNeXt (torchvision)"},
    {".features.0.", "a VGG, AlexNet or SqueezeNet"},
    {".feature.0.", "a plain convolutional network"},
    {".layer1.0.0.", "a plain convolutional network"},
    {".layer1.0.bn1.", "a pre-activation ResNet"},
    {".conv1.", "a convolutional network"},
}};

/// "a.b" -> ".a.b.", so that marks match whole parts.
std::string dotted(std::string_view name)
{
    return "." + std::string(name) + ".";
}

bool isOthers(const HeadCandidate& head, const Tensor& tensor)
{
    const auto isPart = [&](const HeadPart& part) {
        return tensor.name == part.weight || tensor.name == part.bias;
    };
    return !isTrainingState(tensor.name) && parentOf(tensor.name) != parentOf(head.weight) &&
           tensor.name != head.scales && isFloating(tensor.dtype) && tensor.shape.size() > 0 &&
           std::none_of(head.experts.begin(), head.experts.end(), isPart);
}

} // namespace

std::string strangeBlock(const std::string& tensor)
{
    std::string_view words = "more in its blocks than convolutions, batch norms and shortcuts";
    for (const Mark& mark : blockMarks)
        if (dotted(tensor).find(mark.part) != std::string::npos) {
            words = mark.words;
            break;
        }
    return message("looks like a ResNet with {}, which is not rebuilt: {} would be left out", words,
                   printable(tensor));
}

std::string strangeStem(const BackboneTensors& tensors)
{
    const std::string prefix = printable(tensors.prefix);
    if (tensors.has("conv1.0"))
        return message("looks like a ResNet with a deep stem of several convolutions, which is not "
                       "rebuilt: {}conv1.0.weight",
                       prefix);
    if (tensors.find("conv1.weight") && !tensors.has("bn1"))
        return message("looks like a ResNet with pre-activation, which is not rebuilt: there is no "
                       "batch norm {}bn1 behind {}conv1",
                       prefix, prefix);
    if (!tensors.find("conv1.weight"))
        return message("looks like a ResNet, but its first convolution {}conv1.weight is missing",
                       prefix);
    return {};
}

std::string otherNetwork(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    std::vector<const Tensor*> others;
    for (const Tensor& tensor : checkpoint.tensors)
        if (isOthers(head, tensor))
            others.push_back(&tensor);
    if (others.empty())
        return message("there is no backbone in the file: nothing but the head {}",
                       printable(head.weight));
    for (const Mark& mark : networkMarks)
        for (const Tensor* tensor : others)
            if (dotted(tensor->name).find(mark.part) != std::string::npos)
                return message(
                    "the network before {} looks like {}, which is not rebuilt: {} is {}",
                    printable(head.weight), mark.words, printable(tensor->name),
                    shapeText(*tensor));
    return message(
        "the network before {} is none that is rebuilt (there is no layer1.0.conv1 as in "
        "ResNets); its first tensor is {}, {}",
        printable(head.weight), printable(others.front()->name), shapeText(*others.front()));
}

} // namespace monotail
