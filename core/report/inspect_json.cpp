// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "report/json.h"

namespace monotail {

namespace {

Json tensorJson(const Checkpoint& checkpoint, const Tensor& tensor, Digests digests)
{
    Json out{{"name", tensor.name},
             {"dtype", nameOf(tensor.dtype)},
             {"shape", tensor.shape},
             {"stride", tensor.stride},
             {"storage", tensor.storage}};
    out["sha256"] =
        digests == Digests::Compute ? Json(tensorDigest(checkpoint, tensor)) : Json(nullptr);
    return out;
}

Json expertsJson(const HeadCandidate& head)
{
    Json out = Json::array();
    for (const HeadPart& part : head.experts)
        out.push_back({{"weight", part.weight}, {"bias", textOrNull(part.bias)}});
    return out;
}

Json backboneJson(const BackboneFinding& backbone)
{
    if (!backbone.plan)
        return {{"family", nullptr}, {"reason", backbone.reason}};
    Json assumptions = Json::array();
    for (const BackboneAssumption& entry : backbone.plan->assumptions)
        assumptions.push_back({{"key", entry.key},
                               {"value", entry.value},
                               {"reason", entry.reason},
                               {"overridden", entry.isOverridden}});
    return {{"family", backbone.plan->family},     {"prefix", backbone.plan->prefix},
            {"features", backbone.plan->features}, {"input_channels", backbone.plan->inputChannels},
            {"assumptions", assumptions},          {"warnings", backbone.plan->warnings}};
}

} // namespace

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json headJson(const HeadCandidate& head)
{
    // As they are stored: the background row among the classes, one expert's features.
    const std::int64_t rows = head.classes + (head.background == BackgroundRow::None ? 0 : 1);
    const auto experts = static_cast<std::int64_t>(std::max<std::size_t>(1, head.experts.size()));
    return {{"weight", head.weight},
            {"bias", textOrNull(head.bias)},
            {"scales", textOrNull(head.scales)},
            {"magnitude", textOrNull(head.magnitude)},
            {"factor", textOrNull(head.factor)},
            {"experts", expertsJson(head)},
            {"classes", rows},
            {"features", head.features / experts},
            {"kind", nameOf(head.kind)},
            {"orientation", nameOf(head.orientation)},
            {"background", head.background == BackgroundRow::None ? Json(nullptr)
                                                                  : Json(nameOf(head.background))},
            {"reason", head.reason}};
}

Json inspectJson(const Checkpoint& checkpoint, const HeadSearch& heads,
                 const BackboneFinding& backbone, Digests digests)
{
    Json out{
        {"schema", jsonSchema}, {"file", checkpoint.path.string()}, {"format", checkpoint.format}};
    out["tensors"] = Json::array();
    for (const Tensor& tensor : checkpoint.tensors)
        out["tensors"].push_back(tensorJson(checkpoint, tensor, digests));
    out["heads"] = Json::array();
    for (const HeadCandidate& head : heads.candidates)
        out["heads"].push_back(headJson(head));
    out["passed_over"] = Json::array();
    for (const HeadCandidate& head : heads.passedOver)
        out["passed_over"].push_back(headJson(head));
    out["ambiguous"] = heads.tied > 1;
    out["backbone"] = backboneJson(backbone);
    out["scalars"] = Json::object();
    for (const ScalarEntry& entry : checkpoint.scalars)
        std::visit([&](const auto& value) { out["scalars"][entry.name] = value; }, entry.value);
    out["metadata"] = checkpoint.metadata;
    out["objects"] = checkpoint.objects;
    Warnings warnings = checkpoint.warnings;
    for (const std::string& note : heads.notes)
        warnings.push_back(note);
    if (heads.candidates.empty())
        warnings.push_back(
            heads.passedOver.empty()
                ? "no classifier head found: no floating matrix (C x D, C > 1) is called as "
                  "the weight of a layer; --head NAME takes any matrix"
                : "no classifier head found: the matrices of the file look like "
                  "hidden layers, projections or embeddings; --head NAME takes one");
    if (heads.tied > 1)
        warnings.push_back(
            message("{} heads are equally likely; choose one with --head NAME", heads.tied));
    out["warnings"] = warnings;
    return out;
}

} // namespace monotail
