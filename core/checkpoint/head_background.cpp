// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "checkpoint/head_kind.h"
#include "checkpoint/head_names.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

/// A view of one class's numbers in the stored weight.
Tensor rowOf(const Tensor& weight, Orientation orientation, std::int64_t row)
{
    const std::size_t across = orientation == Orientation::ClassByFeature ? 0 : 1;
    Tensor view = weight;
    view.offset += row * weight.stride[across];
    view.shape[across] = 1;
    return view;
}

bool isZeroRow(const Checkpoint& checkpoint, const Tensor& weight, Orientation orientation,
               std::int64_t row)
{
    for (const double value : readTensor(checkpoint, rowOf(weight, orientation, row)))
        if (value != 0)
            return false;
    return true;
}

BackgroundRow zeroRow(const TensorIndex& index, const WeightSite& site, const HeadCandidate& head)
{
    const Checkpoint& checkpoint = index.checkpoint();
    checkLayout(checkpoint, *site.weight);
    const bool first = isZeroRow(checkpoint, *site.weight, head.orientation, 0);
    const bool last = isZeroRow(checkpoint, *site.weight, head.orientation, head.classes - 1);
    if (first == last) // nothing there, or a head that was never trained
        return BackgroundRow::None;
    return first ? BackgroundRow::First : BackgroundRow::Last;
}

/// The box regression beside a detector's classifier: four numbers for each class, or for all.
const Tensor* regressionBeside(const TensorIndex& index, std::string_view module)
{
    for (const std::string_view name : {"bbox_pred.weight", "fc_reg.weight"})
        if (const Tensor* boxes = index.find(parentOf(module), name); boxes && isMatrix(*boxes))
            return boxes;
    return nullptr;
}

/// Where a detector's background row is, or would be if it has one. Torchvision puts it first and
/// gives it boxes too; Detectron2, MMDetection and DETR ("no object") put it last.
struct DetectorRow
{
    BackgroundRow row = BackgroundRow::None;
    bool isSure = false;
};

DetectorRow detectorRow(const TensorIndex& index, const WeightSite& site, const HeadCandidate& head)
{
    const std::string_view last = lastNameOf(site.module);
    if (const Tensor* boxes = regressionBeside(index, site.module)) {
        const std::int64_t numbers = boxes->shape[0];
        if (numbers == 4 * head.classes)
            return {BackgroundRow::First, last == "cls_score"};
        return {BackgroundRow::Last, numbers == 4 * (head.classes - 1) || numbers == 4};
    }
    if (last == "class_embed") {
        const std::string_view above = parentOf(site.module);
        return {BackgroundRow::Last, index.find(above, "query_embed.weight") &&
                                         index.find(above, "bbox_embed.layers.0.weight") &&
                                         !index.find(above, "transformer.level_embed")};
    }
    if (last == "cls_score" || last == "fc_cls" || last == "class_predictor")
        return {BackgroundRow::Last, false};
    return {};
}

std::string_view wordOf(BackgroundRow row)
{
    return row == BackgroundRow::First ? "first" : "last";
}

/// Takes the row out of the classes.
std::optional<HeadCandidate> without(BackgroundRow row, HeadCandidate head, const HeadQuery& query,
                                     std::string_view why)
{
    head.background = row;
    if (row != BackgroundRow::None) {
        head.classes -= 1;
        head.reason += message("; the {} row is {}, no class", wordOf(row), why);
    }
    const bool fits = head.classes >= 2 && (!query.classes || head.classes == *query.classes);
    return fits ? std::optional(std::move(head)) : std::nullopt;
}

} // namespace

std::optional<HeadCandidate> withBackground(const TensorIndex& index, const WeightSite& site,
                                            HeadCandidate head, const HeadQuery& query)
{
    if (query.background)
        return without(*query.background, std::move(head), query, "background, as the user says");
    if (query.classes && *query.classes == head.classes)
        return head; // whoever counted, counted all rows
    const bool hasRows =
        head.experts.empty() && (head.kind == HeadKind::Linear || head.kind == HeadKind::Cosine);
    if (!hasRows || head.classes < 3)
        return without(BackgroundRow::None, std::move(head), query, {});
    if (const BackgroundRow zero = zeroRow(index, site, head); zero != BackgroundRow::None)
        return without(zero, std::move(head), query, "all zero: a background");
    const auto [row, isSure] = detectorRow(index, site, head);
    const bool isCounted = query.classes && *query.classes == head.classes - 1;
    if (row != BackgroundRow::None && (isSure || isCounted))
        return without(row, std::move(head), query, "a detector's background");
    return without(BackgroundRow::None, std::move(head), query, {});
}

} // namespace monotail
