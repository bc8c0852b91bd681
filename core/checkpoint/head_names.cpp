// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::array<std::string_view, 5> exactNames{"fc", "linear", "classifier", "head", "cls"};
/// Of detection and segmentation models.
constexpr std::array<std::string_view, 7> detectorNames{
    "cls_score", "fc_cls", "class_embed", "class_predictor", "conv_seg", "cls_seg", "zs_weight"};
constexpr std::array<std::string_view, 19> finalNames{
    "lm_head",    "fc_out",    "fc_final", "last_linear", "final",  "out",      "output",
    "logits",     "out_layer", "l",        "score",       "outc",   "mlp_head", "pred",
    "prediction", "cls_head",  "clf",      "cls_fc",      "last_fc"};
constexpr std::array<std::string_view, 6> listNames{"linears", "classifiers", "heads",
                                                    "fcs",     "experts",     "branches"};
/// Lists whose mean is the classifier, not one classifier for each task.
constexpr std::array<std::string_view, 3> expertNames{"linears", "experts", "expert_heads"};
/// Anywhere in the path.
constexpr std::array<std::string_view, 21> otherParts{
    "wpe",       "wte",    "aux",   "proj",  "contrast", "embed",         "attn",
    "attention", "mlp",    "gate",  "query", "rotation", "jigsaw",        "predictor",
    "decoder",   "domain", "lora_", "rpn",   "pooler",   "encoder.layer", "intermediate"};
/// Between the underscores of the last name.
constexpr std::array<std::string_view, 9> boxParts{
    "bbox", "box", "reg", "regressor", "regression", "mask", "iou", "objectness", "centerness"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// "fc3" -> "fc", "linear_2" -> "linear"; a text without a number stays.
std::string_view withoutNumber(std::string_view text)
{
    const std::size_t end = text.find_last_not_of("0123456789");
    if (end == std::string_view::npos || end + 1 == text.size())
        return text;
    const std::string_view stem = text.substr(0, end + 1);
    return stem.back() == '_' ? stem.substr(0, stem.size() - 1) : stem;
}

bool speaksOfBoxes(std::string_view last)
{
    const auto parts = split(last, '_');
    return std::any_of(parts.begin(), parts.end(),
                       [](std::string_view part) { return contains(boxParts, part); });
}

/// Final layers whose path would speak against them: RoBERTa's "classifier.out_proj", the
/// "mlp_head" of vision transformers, DETR's "class_embed".
HeadName exceptionOf(std::string_view path)
{
    const std::string_view last = lastNameOf(path);
    const std::string_view above = lastNameOf(parentOf(path));
    const bool isHidden =
        path.find("aux") != std::string_view::npos || path.find("rpn") != std::string_view::npos;
    if (isHidden)
        return HeadName::Other;
    if (contains(detectorNames, last) || (isNumber(last) && contains(detectorNames, above)))
        return HeadName::Exact;
    const bool isOutput =
        last == "out_proj" && (contains(exactNames, above) || above == "classification_head");
    const bool isMlpHead = last == "mlp_head" || (isNumber(last) && above == "mlp_head");
    return isOutput || isMlpHead ? HeadName::Numbered : HeadName::Other;
}

} // namespace

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isExpertList(std::string_view last)
{
    return contains(expertNames, last);
}

std::string_view parentOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

std::string enclosing(const std::string& prefix)
{
    const std::string_view parent = parentOf(std::string_view(prefix).substr(0, prefix.size() - 1));
    return parent.empty() ? std::string() : std::string(parent) + ".";
}

std::string_view lastNameOf(std::string_view name)
{
    return name.substr(name.rfind('.') + 1); // npos + 1 is 0
}

bool isTrainingState(std::string_view name)
{
    const std::vector<std::string_view> parts = split(name, '.');
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.substr(0, 5) == "optim" || part == "exp_avg" || part == "exp_avg_sq" ||
               part == "momentum_buffer" || part == "encoder_k" || part == "module_k" ||
               part == "momentum_encoder" || part == "queue" || part == "num_batches_tracked";
    });
}

bool isAveraged(std::string_view name)
{
    const std::vector<std::string_view> parts = split(name, '.');
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        const std::string text = lowered(part);
        return text == "ema" || text.substr(0, 4) == "ema_" || endsWith(text, "_ema") ||
               text.find("_ema_") != std::string::npos || text == "teacher" || text == "shadow" ||
               text == "swa_model" || text == "averaged_model" || text == "target_network" ||
               text == "target_encoder";
    });
}

HeadName headNameOf(std::string_view module)
{
    const std::string path = lowered(module);
    const std::string_view last = lastNameOf(path);
    if (endsWith(path, ".module")) // DataParallel around the classifier alone
        return headNameOf(parentOf(module));
    if (const HeadName name = exceptionOf(path); name != HeadName::Other)
        return name;
    for (const std::string_view part : otherParts)
        if (path.find(part) != std::string::npos)
            return HeadName::Other;
    if (speaksOfBoxes(last))
        return HeadName::Other;
    if (contains(exactNames, last))
        return HeadName::Exact;
    const std::string_view stem = isNumber(last) ? lastNameOf(parentOf(path)) : withoutNumber(last);
    if (contains(finalNames, last) || contains(finalNames, stem) || contains(exactNames, stem) ||
        (isNumber(last) && contains(listNames, stem)))
        return HeadName::Numbered;
    return HeadName::Plain;
}

} // namespace monotail
