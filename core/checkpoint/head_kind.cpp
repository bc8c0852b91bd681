// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_kind.h"

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

/// LDAM's NormedLinear and its like keep D x C and no bias. Where the class count does not tell,
/// the layer before does: a plain layer takes its outputs, a multiple of them after flattening.
bool isColumnwise(const TensorIndex& index, const WeightSite& site)
{
    const Tensor& weight = *site.weight;
    if (headNameOf(site.module) < HeadName::Numbered || weight.shape.size() != 2)
        return false;
    const std::int64_t width = index.widthBefore(weight);
    return width > 1 && weight.shape[0] == width && weight.shape[1] % width != 0;
}

Orientation orientationOf(const TensorIndex& index, const WeightSite& site, const Tensor* bias,
                          const HeadQuery& query)
{
    const std::int64_t rows = site.weight->shape[0];
    const std::int64_t columns = site.weight->shape[1];
    if (query.transposed)
        return Orientation::FeatureByClass;
    if (site.magnitude)
        return Orientation::ClassByFeature;
    if (lastNameOf(site.weight->name) == "zs_weight") // Detic's; the text embeddings as columns
        return Orientation::FeatureByClass;
    bool isTransposed = false;
    if (bias && rows != columns && (!query.classes || rows != *query.classes))
        isTransposed = isPerClass(*bias, columns);
    else if (query.classes && rows != *query.classes)
        isTransposed = columns == *query.classes;
    else if (!bias && !query.classes)
        isTransposed = isColumnwise(index, site);
    return isTransposed ? Orientation::FeatureByClass : Orientation::ClassByFeature;
}

/// The one number that multiplies all logits of a cosine head, as LUCIR's sigma.
const Tensor* factorBeside(const TensorIndex& index, std::string_view module)
{
    for (const std::string_view name : {"sigma", "scale", "logit_scale", "temperature", "s"})
        if (const Tensor* factor = index.find(module, name);
            factor && isFloating(factor->dtype) && factor->elements() == 1)
            return factor;
    return nullptr;
}

/// DisAlign's calibrated classifier, where a confidence for each sample decides between two
/// readings; OLTR's meta-embedding, where a selector and a memory do.
bool isSampleDependent(const TensorIndex& index, std::string_view module)
{
    for (const std::string_view place : {module, parentOf(module)})
        for (const std::string_view name : {"confidence_layer.weight", "fc_selector.weight"})
            if (index.find(place, name))
                return true;
    return false;
}

/// Whatever their sizes: readHead() says what does not fit.
bool isSamn(const TensorIndex& index, std::string_view module)
{
    return index.find(module, "fix_norms_w.raw") && index.find(module, "fix_norms_w.class_counts");
}

/// Margin losses such as ArcFace keep normalised rows under names of their own.
bool isMarginHead(std::string_view module)
{
    const std::string last = lowered(lastNameOf(module));
    for (const std::string_view name :
         {"metric_fc", "arc", "arcface", "arc_margin", "arc_face", "cosface", "cos_face",
          "amsoftmax", "am_softmax", "margin", "cosnorm_classifier", "cosine_classifier"})
        if (last == name)
            return true;
    return false;
}

/// A dictionary called as classifiers are that holds the matrix itself, without a layer's name and
/// without a bias: OLTR's cosine classifier, the causal norm classifier, LIFT's heads. A plain
/// linear one would be called "fc" in there.
bool standsAlone(const Tensor& weight)
{
    std::string_view inside = std::string_view(weight.name).substr(weight.container);
    if (inside.substr(0, 7) == "module.")
        inside.remove_prefix(7);
    if (inside != "weight" || weight.container < 2)
        return false;
    const std::string_view dictionary =
        std::string_view(weight.name).substr(0, weight.container - 1);
    return headNameOf(dictionary) == HeadName::Exact;
}

HeadKind kindOf(const TensorIndex& index, const WeightSite& site, const HeadCandidate& head)
{
    if (site.magnitude)
        return HeadKind::WeightNorm;
    if (isSamn(index, site.module))
        return HeadKind::Samn;
    if (isSampleDependent(index, site.module))
        return HeadKind::SampleDependent;
    if (!head.scales.empty())
        return HeadKind::Lws;
    if (!head.bias.empty())
        return HeadKind::Linear;
    const bool isNormalised = head.orientation == Orientation::FeatureByClass ||
                              !head.factor.empty() || isMarginHead(site.module) ||
                              standsAlone(*site.weight);
    return isNormalised ? HeadKind::Cosine : HeadKind::Linear;
}

/// Keeps the names that this kind of head uses.
void dropUnused(HeadCandidate& head)
{
    if (head.kind != HeadKind::Lws)
        head.scales.clear();
    if (head.kind != HeadKind::Cosine) {
        head.factor.clear();
        head.logitScale.reset();
    }
}

} // namespace

std::optional<HeadCandidate> headFrom(const TensorIndex& index, const WeightSite& site,
                                      const HeadQuery& query)
{
    if (!site.weight || !isMatrix(*site.weight) || index.isRepeated(*site.weight))
        return {};
    const Tensor* bias = index.find(site.module, "bias");
    HeadCandidate head;
    head.weight = site.weight->name;
    head.magnitude = site.magnitude ? site.magnitude->name : std::string();
    head.orientation = orientationOf(index, site, bias, query);
    const bool isTransposed = head.orientation == Orientation::FeatureByClass;
    head.classes = site.weight->shape[isTransposed ? 1 : 0];
    head.features = site.weight->shape[isTransposed ? 0 : 1];
    if (head.classes < 2 || head.classes > mostClasses ||
        (bias && !isPerClass(*bias, head.classes)))
        return {};
    head.bias = bias ? bias->name : std::string();
    if (const Tensor* scales = index.scalesFor(site.module, head.classes))
        head.scales = scales->name;
    if (const Tensor* factor = factorBeside(index, site.module))
        head.factor = factor->name;
    head.logitScale = query.logitScale;
    head.kind =
        site.magnitude ? HeadKind::WeightNorm : query.kind.value_or(kindOf(index, site, head));
    if (head.kind == HeadKind::Lws && head.scales.empty())
        return {};
    // The user's word on the orientation says nothing of normalising.
    if (query.transposed && !query.kind && head.kind == HeadKind::Cosine && head.factor.empty())
        head.kind = HeadKind::Linear;
    dropUnused(head);
    if (head.kind == HeadKind::Cosine && !query.kind && standsAlone(*site.weight))
        head.reason =
            "; the normalising is a guess: it stands without a bias and a layer's name in a "
            "dictionary of its own";
    return head;
}

} // namespace monotail
