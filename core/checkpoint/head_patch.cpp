// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "checkpoint/patch.h"

namespace monotail {

namespace {

const Tensor& tensorNamed(const Checkpoint& checkpoint, const std::string& name)
{
    if (const Tensor* tensor = checkpoint.find(name))
        return *tensor;
    throw Error(message("{}: there is no tensor {}", checkpoint.path.string(), printable(name)));
}

/// The class of element `index` in row-major order. A 1x1 convolution's extra dimensions change
/// nothing: classes come first or, transposed, last.
std::size_t classOf(std::size_t index, std::size_t elements, const HeadCandidate& head)
{
    const auto classes = static_cast<std::size_t>(head.classes);
    return head.orientation == Orientation::FeatureByClass ? index % classes
                                                           : index / (elements / classes);
}

void checkSizes(const ClassifierHead& head, const std::vector<double>& scale,
                const std::vector<double>& bias)
{
    const auto classes = static_cast<std::size_t>(head.source.classes);
    if (scale.size() != classes || bias.size() != classes)
        throw Error(message("{}: the head has {} classes, but there are {} scales and {} biases",
                            printable(head.source.weight), classes, scale.size(), bias.size()));
    for (std::size_t c = 0; c < classes; ++c)
        if (!std::isfinite(scale[c]) || !std::isfinite(bias[c]))
            throw Error(message("{}: class {} would get scale {} and bias {}, which are not both "
                                "finite; choose another method or parameter",
                                printable(head.source.weight), c, scale[c], bias[c]));
}

/// Returns what would be stored.
double checkFits(const Tensor& tensor, double value, std::size_t classIndex)
{
    std::array<std::byte, sizeof(double)> scratch{};
    const double stored = writeElement(tensor.dtype, scratch.data(), value);
    if (!std::isfinite(stored))
        throw Error(message("{}: class {} would get the value {}, which {} cannot hold; choose "
                            "another method or parameter, or write a new file",
                            printable(tensor.name), classIndex, value, nameOf(tensor.dtype)));
    return stored;
}

/// How much of a class there is before and after the patch.
struct Remains
{
    bool before = false;
    bool after = false;
};

void checkRemains(const Tensor& tensor, const std::vector<Remains>& classes,
                  const std::vector<double>& scale)
{
    for (std::size_t c = 0; c < classes.size(); ++c)
        if (scale[c] != 0 && classes[c].before && !classes[c].after)
            throw Error(message("{}: class {} rounds to zero in {}; choose another method or "
                                "parameter, or write a new file",
                                printable(tensor.name), c, nameOf(tensor.dtype)));
}

void checkFloating(const Tensor& tensor)
{
    if (!isFloating(tensor.dtype))
        throw Error(message("{}: a patch needs floating-point numbers, this tensor holds {}; write "
                            "a new file instead",
                            printable(tensor.name), nameOf(tensor.dtype)));
}

std::vector<double> readClassNumbers(const Checkpoint& checkpoint, const Tensor& tensor,
                                     const HeadCandidate& head)
{
    std::vector<double> values = readTensor(checkpoint, tensor);
    if (static_cast<std::int64_t>(values.size()) != head.classes)
        throw Error(message("{}: {} numbers, one for each of the {} classes expected",
                            printable(tensor.name), values.size(), head.classes));
    return values;
}

/// The head's rows, or its LWS scales, each times the scale of its class.
TensorPatch scaledTensor(const Checkpoint& checkpoint, const Tensor& tensor,
                         const HeadCandidate& head, const std::vector<double>& scale)
{
    checkFloating(tensor);
    TensorPatch patch{tensor.name, readTensor(checkpoint, tensor)};
    const std::size_t elements = patch.values.size();
    if (elements == 0 || elements % scale.size() != 0)
        throw Error(message("{}: {} numbers do not divide among {} classes", printable(tensor.name),
                            elements, scale.size()));
    std::vector<Remains> remains(scale.size());
    for (std::size_t i = 0; i < elements; ++i) {
        const std::size_t c = classOf(i, elements, head);
        remains[c].before = remains[c].before || patch.values[i] != 0;
        patch.values[i] *= scale[c];
        const double stored = checkFits(tensor, patch.values[i], c);
        remains[c].after = remains[c].after || stored != 0;
    }
    checkRemains(tensor, remains, scale);
    return patch;
}

/// What the bias tensor must hold for the head's bias to become `bias`. Where the wanted bias is
/// the one the head has, the stored number stays, free of the rounding through float32.
std::vector<double> linearBias(const ClassifierHead& head, const std::vector<double>& stored,
                               const std::vector<double>& bias)
{
    std::vector<double> values = stored;
    for (std::size_t c = 0; c < values.size(); ++c)
        if (bias[c] != static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]))
            values[c] = bias[c];
    return values;
}

/// The same under LWS scales: logits = s * (W f + b), so b = wanted / s, with s already rescaled.
std::vector<double> lwsBias(const ClassifierHead& head, const std::vector<double>& stored,
                            const std::vector<double>& scale, const std::vector<double>& newScales,
                            const std::vector<double>& bias)
{
    std::vector<double> values = stored;
    for (std::size_t c = 0; c < values.size(); ++c) {
        const bool isKept = bias[c] == static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]);
        if (isKept && (scale[c] == 1 || stored[c] == 0))
            continue;
        if (newScales[c] == 0 && bias[c] != 0)
            throw Error(message("{}: class {} has scale 0, and no bias under that scale gives {}; "
                                "choose another method or write a new file",
                                printable(head.source.scales), c, bias[c]));
        if (newScales[c] != 0)
            values[c] = isKept ? stored[c] / scale[c] : bias[c] / newScales[c];
    }
    return values;
}

[[noreturn]] void failNoBias(const Checkpoint& checkpoint, const HeadCandidate& head)
{
    throw Error(message("{}: the checkpoint has no bias beside {} to write the new bias to; choose "
                        "another method or write a new file (--format state-dict or safetensors)",
                        checkpoint.path.string(), printable(head.weight)));
}

void checkKind(const HeadCandidate& head)
{
    if (head.kind == HeadKind::Cosine)
        throw Error(message("{}: this head normalises its rows, so norms have no effect in it and "
                            "there is nothing to patch; if the forward pass does use them, say "
                            "--kind linear",
                            printable(head.weight)));
}

} // namespace

std::vector<TensorPatch> planHeadPatch(const Checkpoint& checkpoint, const ClassifierHead& head,
                                       const std::vector<double>& scale,
                                       const std::vector<double>& bias)
{
    const HeadCandidate& source = head.source;
    checkKind(source);
    checkSizes(head, scale, bias);
    const bool isLws = source.kind == HeadKind::Lws;
    const Tensor& scaled = tensorNamed(checkpoint, isLws ? source.scales : source.weight);
    std::vector<TensorPatch> patches;
    if (std::any_of(scale.begin(), scale.end(), [](double s) { return s != 1; }))
        patches.push_back(scaledTensor(checkpoint, scaled, source, scale));
    if (!head.hasBias()) {
        if (std::any_of(bias.begin(), bias.end(), [](double b) { return b != 0; }))
            failNoBias(checkpoint, source);
        return patches;
    }
    const Tensor& tensor = tensorNamed(checkpoint, source.bias);
    const std::vector<double> stored = readClassNumbers(checkpoint, tensor, source);
    const std::vector<double> wanted =
        isLws ? lwsBias(head, stored, scale,
                        patches.empty() ? readClassNumbers(checkpoint, scaled, source)
                                        : patches.front().values,
                        bias)
              : linearBias(head, stored, bias);
    if (wanted == stored)
        return patches;
    checkFloating(tensor);
    for (std::size_t c = 0; c < wanted.size(); ++c)
        checkFits(tensor, wanted[c], c);
    patches.push_back({tensor.name, wanted});
    return patches;
}

} // namespace monotail
