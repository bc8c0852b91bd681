// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_plain.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/head_change.h"
#include "checkpoint/head_names.h"
#include "checkpoint/head_tensors.h"

namespace monotail {

namespace {

void checkBackground(const HeadCandidate& head)
{
    if (head.background != BackgroundRow::None)
        throw Error(message("{}: this head normalises its rows, its background row among them, "
                            "which a retrained plain head cannot be compared with; say "
                            "--background none if that row is a class",
                            printable(head.weight)));
}

/// The head's numbers before they are scaled.
FoldedHead plainNumbers(const Checkpoint& checkpoint, const ClassifierHead& head,
                        const std::vector<double>& bias, const RowMatrix* rows)
{
    if (rows)
        return {std::vector<double>(rows->data(), rows->data() + rows->size()), bias, {}};
    FoldedHead folded = foldSamnHead(checkpoint, head.source);
    for (std::size_t c = 0; c < bias.size(); ++c)
        if (bias[c] != static_cast<double>(head.bias[static_cast<Eigen::Index>(c)]))
            folded.bias[c] = bias[c]; // else free of the rounding through float32
    return folded;
}

/// The columns of expert `e`, times `experts`: the mean of their logits is wanted.
std::vector<double> columnsOf(const std::vector<double>& weight, std::size_t classes, std::size_t e,
                              std::size_t experts)
{
    if (experts == 1)
        return weight;
    const std::size_t features = weight.size() / classes;
    const std::size_t width = features / experts;
    std::vector<double> columns;
    columns.reserve(classes * width);
    for (std::size_t c = 0; c < classes; ++c)
        for (std::size_t d = 0; d < width; ++d)
            columns.push_back(weight[c * features + e * width + d] * static_cast<double>(experts));
    return columns;
}

bool isWeight(const HeadCandidate& head, const std::string& name)
{
    const std::vector<HeadPart> parts = partsOf(head);
    return std::any_of(parts.begin(), parts.end(),
                       [&](const HeadPart& part) { return part.weight == name; });
}

} // namespace

HeadEdits planPlainEdits(const Checkpoint& checkpoint, const ClassifierHead& head,
                         const std::vector<double>& scale, const std::vector<double>& bias,
                         const RowMatrix* rows)
{
    checkChange(head, scale, bias, rows);
    checkBackground(head.source);
    FoldedHead plain = plainNumbers(checkpoint, head, bias, rows);
    const std::size_t features = plain.weight.size() / scale.size();
    for (std::size_t i = 0; i < plain.weight.size(); ++i)
        plain.weight[i] *= scale[i / features];
    const bool hasBias =
        std::any_of(plain.bias.begin(), plain.bias.end(), [](double b) { return b != 0; });
    const std::vector<HeadPart> parts = partsOf(head.source);
    HeadEdits edits;
    for (std::size_t e = 0; e < parts.size(); ++e) {
        edits.patches.push_back(
            {parts[e].weight, columnsOf(plain.weight, scale.size(), e, parts.size())});
        if (!parts[e].bias.empty())
            edits.patches.push_back({parts[e].bias, plain.bias});
        else if (hasBias)
            edits.additions.push_back({biasNameFor(parts[e].weight), parts[e].weight, plain.bias});
    }
    return edits;
}

std::vector<std::int64_t> plainShape(const HeadCandidate& head, const Tensor& tensor)
{
    if (head.kind != HeadKind::Cosine || !isWeight(head, tensor.name))
        return tensor.shape;
    return {head.classes, head.features / static_cast<std::int64_t>(partsOf(head).size())};
}

bool isLeftOut(const HeadCandidate& head, const std::string& tensor)
{
    const std::string norms = std::string(parentOf(head.weight)) + ".fix_norms_";
    return (head.kind == HeadKind::Samn && tensor.compare(0, norms.size(), norms) == 0) ||
           (head.kind == HeadKind::Cosine && tensor == head.factor);
}

HeadCandidate plainCandidate(HeadCandidate head)
{
    head.kind = head.experts.empty() ? HeadKind::Linear : HeadKind::Experts;
    head.orientation = Orientation::ClassByFeature;
    head.factor.clear();
    head.logitScale.reset();
    return head;
}

} // namespace monotail
