// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

const Tensor& require(const Checkpoint& checkpoint, const std::string& name)
{
    const Tensor* tensor = checkpoint.find(name);
    if (!tensor)
        throw Error(
            message("{}: there is no tensor '{}'", checkpoint.path.string(), printable(name)));
    return *tensor;
}

std::vector<double> numbersOf(const Checkpoint& checkpoint, const std::string& name,
                              std::int64_t count)
{
    const Tensor& tensor = require(checkpoint, name);
    if (tensor.elements() != count)
        throw Error(message("{}: tensor {} should have {} numbers, it is {}",
                            checkpoint.path.string(), printable(name), count,
                            shapeText(tensor.shape)));
    return readTensor(checkpoint, tensor);
}

void checkFinite(const Checkpoint& checkpoint, const std::string& name, std::int64_t c,
                 double value, std::string_view what)
{
    if (!std::isfinite(static_cast<float>(value)))
        throw Error(message("{}: class {} of {} has a {} that is not finite ({}); training "
                            "probably diverged, use an earlier checkpoint",
                            checkpoint.path.string(), c, printable(name), what, value));
}

/// Fills weight and norms, C x D, from the stored matrix and one factor per class.
void fillWeight(const Checkpoint& checkpoint, const std::vector<double>& scales,
                ClassifierHead& head)
{
    const HeadCandidate& source = head.source;
    const std::vector<double> stored =
        numbersOf(checkpoint, source.weight, source.classes * source.features);
    const bool isTransposed = source.orientation == Orientation::FeatureByClass;
    head.weight.resize(source.classes, source.features);
    bool isZero = true;
    for (std::int64_t c = 0; c < source.classes; ++c) {
        double squares = 0;
        for (std::int64_t d = 0; d < source.features; ++d) {
            const std::int64_t at = isTransposed ? d * source.classes + c : c * source.features + d;
            const double value =
                stored[static_cast<std::size_t>(at)] * scales[static_cast<std::size_t>(c)];
            checkFinite(checkpoint, source.weight, c, value, "weight");
            head.weight(c, d) = static_cast<float>(value);
            squares += value * value;
        }
        head.norms.push_back(std::sqrt(squares));
        isZero = isZero && squares == 0;
    }
    if (isZero)
        throw Error(message("{}: {} is all zero; this head was never trained, choose another with "
                            "--head NAME",
                            checkpoint.path.string(), printable(source.weight)));
}

void fillBias(const Checkpoint& checkpoint, const std::vector<double>& scales, ClassifierHead& head)
{
    const HeadCandidate& source = head.source;
    head.bias = Eigen::VectorXf::Zero(source.classes);
    if (source.bias.empty())
        return;
    const std::vector<double> stored = numbersOf(checkpoint, source.bias, source.classes);
    for (std::int64_t c = 0; c < source.classes; ++c) {
        const auto at = static_cast<std::size_t>(c);
        checkFinite(checkpoint, source.bias, c, stored[at] * scales[at], "bias");
        head.bias(c) = static_cast<float>(stored[at] * scales[at]);
    }
}

bool isHeads(const HeadCandidate& candidate, const std::string& name)
{
    return name == candidate.weight || name == candidate.bias || name == candidate.scales;
}

/// The tensors below `prefix` that make up the backbone, by name without the prefix.
std::map<std::string, const Tensor*> backboneBelow(const Checkpoint& checkpoint,
                                                   const HeadCandidate& candidate,
                                                   const std::string& prefix)
{
    std::map<std::string, const Tensor*> tensors;
    for (const Tensor& tensor : checkpoint.tensors) {
        if (tensor.name.compare(0, prefix.size(), prefix) != 0 || isHeads(candidate, tensor.name) ||
            endsWith(tensor.name, "num_batches_tracked"))
            continue;
        std::string name = tensor.name.substr(prefix.size());
        if (isTrainingState(name) || (!isAveraged(prefix) && isAveraged(name)))
            continue;
        if (name.compare(0, 7, "module.") == 0)
            name.erase(0, 7);
        tensors.emplace(std::move(name), &tensor);
    }
    return tensors;
}

/// The dictionary or module above the one whose path is `prefix`: "a.b." -> "a.".
std::string above(const std::string& prefix)
{
    const std::string_view parent = parentOf(std::string_view(prefix).substr(0, prefix.size() - 1));
    return parent.empty() ? std::string() : std::string(parent) + ".";
}

} // namespace

std::string_view nameOf(HeadKind kind)
{
    switch (kind) {
    case HeadKind::Linear:
        return "linear";
    case HeadKind::Lws:
        return "lws";
    default:
        return "cosine";
    }
}

std::string_view nameOf(Orientation orientation)
{
    return orientation == Orientation::ClassByFeature ? "C x D" : "D x C";
}

ClassifierHead readHead(const Checkpoint& checkpoint, const HeadCandidate& candidate)
{
    ClassifierHead head;
    head.source = candidate;
    const auto classes = static_cast<std::size_t>(candidate.classes);
    std::vector<double> scales(classes, 1.0);
    if (!candidate.scales.empty()) {
        scales = numbersOf(checkpoint, candidate.scales, candidate.classes);
        for (std::size_t c = 0; c < classes; ++c)
            checkFinite(checkpoint, candidate.scales, static_cast<std::int64_t>(c), scales[c],
                        "scale");
    }
    fillWeight(checkpoint, scales, head);
    fillBias(checkpoint, scales, head);
    return head;
}

std::string headDigest(const ClassifierHead& head)
{
    Sha256 digest;
    digest.add(head.weight.data(), static_cast<std::size_t>(head.weight.size()) * sizeof(float));
    if (head.hasBias())
        digest.add(head.bias.data(), static_cast<std::size_t>(head.bias.size()) * sizeof(float));
    return digest.hex();
}

std::string backboneDigest(const Checkpoint& checkpoint, const HeadCandidate& candidate)
{
    const Tensor& weight = require(checkpoint, candidate.weight);
    std::string prefix = weight.name.substr(0, weight.container);
    auto tensors = backboneBelow(checkpoint, candidate, prefix);
    // Some files keep the classifier in a dictionary of its own: the backbone lies beside it.
    while (tensors.empty() && !prefix.empty()) {
        prefix = above(prefix);
        tensors = backboneBelow(checkpoint, candidate, prefix);
    }
    Sha256 digest;
    for (const auto& [name, tensor] : tensors) {
        std::vector<std::string> shape;
        for (const std::int64_t size : tensor->shape)
            shape.push_back(std::to_string(size));
        const std::string_view nul("\0", 1);
        for (const std::string_view part :
             {std::string_view(name), nul, nameOf(tensor->dtype), nul})
            digest.add(part);
        digest.add(joined(shape, ","));
        digest.add(nul);
        const std::vector<std::byte> bytes = readTensorBytes(checkpoint, *tensor);
        digest.add(bytes.data(), bytes.size());
    }
    return digest.hex();
}

} // namespace monotail
