// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::array<std::string_view, 5> exactNames{"fc", "linear", "classifier", "head", "cls"};
constexpr std::array<std::string_view, 9> finalNames{
    "fc_out", "fc_final", "last_linear", "final", "out", "output", "logits", "out_layer", "l"};
constexpr std::array<std::string_view, 13> otherParts{
    "aux",  "proj",  "contrast", "embed",     "attn",    "attention", "mlp",
    "gate", "query", "rotation", "predictor", "decoder", "domain"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
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

} // namespace

std::string_view parentOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
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
               part == "queue" || part == "num_batches_tracked";
    });
}

bool isAveraged(std::string_view name)
{
    const std::vector<std::string_view> parts = split(name, '.');
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        const std::string text = lowered(part);
        return text == "ema" || text.substr(0, 4) == "ema_" || endsWith(text, "_ema") ||
               text.find("_ema_") != std::string::npos;
    });
}

HeadName headNameOf(std::string_view module)
{
    const std::string path = lowered(module);
    for (const std::string_view part : otherParts)
        if (path.find(part) != std::string::npos)
            return HeadName::Other;
    if (endsWith(path, ".module")) // DataParallel around the classifier alone
        return headNameOf(parentOf(module));
    const std::string_view last = lastNameOf(path);
    if (contains(exactNames, last))
        return HeadName::Exact;
    const std::string_view stem = isNumber(last) ? lastNameOf(parentOf(path)) : withoutNumber(last);
    if (contains(finalNames, last) || contains(finalNames, stem) || contains(exactNames, stem))
        return HeadName::Numbered;
    return HeadName::Plain;
}

} // namespace monotail
