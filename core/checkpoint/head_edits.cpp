// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "checkpoint/head_bias.h"
#include "checkpoint/head_edits.h"
#include "checkpoint/head_names.h"
#include "checkpoint/head_tensors.h"

namespace monotail {

namespace {

constexpr std::size_t noClass = static_cast<std::size_t>(-1);

/// The class of element `index` in row-major order; noClass for the background. A 1x1 convolution's
/// extra dimensions change nothing: classes come first or, transposed, last.
std::size_t classOf(std::size_t index, std::size_t elements, const HeadCandidate& head)
{
    const auto rows = static_cast<std::size_t>(storedRows(head));
    const std::size_t row =
        head.orientation == Orientation::FeatureByClass ? index % rows : index / (elements / rows);
    const auto first = static_cast<std::size_t>(storedRow(head, 0));
    const bool isClass = row >= first && row - first < static_cast<std::size_t>(head.classes);
    return isClass ? row - first : noClass;
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

std::vector<double> readRowNumbers(const Checkpoint& checkpoint, const Tensor& tensor,
                                   const HeadCandidate& head)
{
    return numbersOf(checkpoint, tensor.name, storedRows(head));
}

/// The head's rows, or its LWS scales or magnitudes, each times the scale of its class.
TensorPatch scaledTensor(const Checkpoint& checkpoint, const Tensor& tensor,
                         const HeadCandidate& head, const std::vector<double>& scale)
{
    checkFloating(tensor);
    TensorPatch patch{tensor.name, readTensor(checkpoint, tensor)};
    const std::size_t elements = patch.values.size();
    if (elements == 0 || elements % static_cast<std::size_t>(storedRows(head)) != 0)
        throw Error(message("{}: {} numbers do not divide among {} classes", printable(tensor.name),
                            elements, scale.size()));
    std::vector<Remains> remains(scale.size());
    for (std::size_t i = 0; i < elements; ++i) {
        const std::size_t c = classOf(i, elements, head);
        if (c == noClass)
            continue;
        remains[c].before = remains[c].before || patch.values[i] != 0;
        patch.values[i] *= scale[c];
        const double stored = checkFits(tensor, patch.values[i], c);
        remains[c].after = remains[c].after || stored != 0;
    }
    checkRemains(tensor, remains, scale);
    return patch;
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
        throw Error(message("{}: a head that normalises its rows is not exported: norms have no "
                            "effect in it, and it has no place for a bias; if the forward pass "
                            "does not normalise them, say --kind linear",
                            printable(head.weight)));
    if (head.kind == HeadKind::Samn)
        throw Error(message("{}: a SAMN head normalises its rows again and takes their norms from "
                            "fix_norms_w, so its numbers cannot be patched; write a new file with "
                            "a plain linear head instead (--format state-dict or safetensors)",
                            printable(head.weight)));
}

std::string biasNameFor(const std::string& weight)
{
    std::string module(parentOf(weight));
    const std::string_view parametrized = ".parametrizations.weight";
    if (endsWith(module, parametrized))
        module.resize(module.size() - parametrized.size());
    return module.empty() ? "bias" : module + ".bias";
}

class Planner
{
public:
    Planner(const Checkpoint& checkpoint, const ClassifierHead& head,
            const std::vector<double>& scale, const std::vector<double>& bias)
        : m_checkpoint(checkpoint), m_head(head), m_scale(scale), m_bias(bias)
    {}

    HeadEdits plan()
    {
        const HeadCandidate& source = m_head.source;
        if (source.kind == HeadKind::Lws)
            planPart(source.scales, {source.weight, source.bias});
        else if (source.kind == HeadKind::WeightNorm)
            planPart(source.magnitude, {source.weight, source.bias});
        else if (source.experts.empty())
            planPart(source.weight, {source.weight, source.bias});
        for (const HeadPart& part : source.experts)
            planPart(part.weight, part);
        return std::move(m_edits);
    }

private:
    void planPart(const std::string& scaledName, const HeadPart& part)
    {
        const Tensor& scaled = tensorNamed(m_checkpoint, scaledName);
        std::optional<TensorPatch> patch;
        if (std::any_of(m_scale.begin(), m_scale.end(), [](double s) { return s != 1; }))
            patch = scaledTensor(m_checkpoint, scaled, m_head.source, m_scale);
        if (patch)
            m_edits.patches.push_back(*patch);
        if (part.bias.empty())
            addBias(part, scaled, patch);
        else
            planBias(tensorNamed(m_checkpoint, part.bias), scaled, patch);
    }

    void planBias(const Tensor& tensor, const Tensor& scaled,
                  const std::optional<TensorPatch>& patch)
    {
        const std::vector<double> stored = readRowNumbers(m_checkpoint, tensor, m_head.source);
        std::vector<double> wanted;
        if (m_head.source.kind == HeadKind::Lws)
            wanted =
                lwsBias(m_head, stored, m_scale,
                        patch ? patch->values : readRowNumbers(m_checkpoint, scaled, m_head.source),
                        m_bias);
        else if (m_head.source.kind == HeadKind::Experts)
            wanted = expertBias(m_head, stored, m_bias);
        else
            wanted = linearBias(m_head, stored, m_bias);
        if (wanted == stored)
            return;
        checkFloating(tensor);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (wanted[i] != stored[i])
                checkFits(tensor, wanted[i], classOf(i, wanted.size(), m_head.source));
        m_edits.patches.push_back({tensor.name, wanted});
    }

    void addBias(const HeadPart& part, const Tensor& scaled,
                 const std::optional<TensorPatch>& patch)
    {
        if (std::all_of(m_bias.begin(), m_bias.end(), [](double b) { return b == 0; }))
            return;
        std::vector<double> values(static_cast<std::size_t>(storedRows(m_head.source)), 0.0);
        if (m_head.source.kind == HeadKind::Lws)
            values = lwsBias(m_head, values, m_scale, newScales(scaled, patch), m_bias);
        else
            values = linearBias(m_head, values, m_bias);
        m_edits.additions.push_back({biasNameFor(part.weight), part.weight, std::move(values)});
    }

    std::vector<double> newScales(const Tensor& scales, const std::optional<TensorPatch>& patch)
    {
        return patch ? patch->values : readRowNumbers(m_checkpoint, scales, m_head.source);
    }

    const Checkpoint& m_checkpoint;
    const ClassifierHead& m_head;
    const std::vector<double>& m_scale;
    const std::vector<double>& m_bias;
    HeadEdits m_edits;
};

} // namespace

HeadEdits planHeadEdits(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const std::vector<double>& scale, const std::vector<double>& bias)
{
    checkKind(head.source);
    checkSizes(head, scale, bias);
    return Planner(checkpoint, head, scale, bias).plan();
}

std::vector<TensorPatch> planHeadPatch(const Checkpoint& checkpoint, const ClassifierHead& head,
                                       const std::vector<double>& scale,
                                       const std::vector<double>& bias)
{
    HeadEdits edits = planHeadEdits(checkpoint, head, scale, bias);
    if (!edits.additions.empty())
        failNoBias(checkpoint, head.source);
    return std::move(edits.patches);
}

} // namespace monotail
