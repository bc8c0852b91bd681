// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/method_choices.h"

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::string_view biasDropped = ", bias dropped";

} // namespace

std::vector<const MethodResult*> methodRows(const Evaluation& evaluation)
{
    std::vector<const MethodResult*> rows{nullptr};
    for (const MethodResult& result : evaluation.methods)
        if (result.rescaling.method != "none")
            rows.push_back(&result);
    return rows;
}

Method methodBehind(const Rescaling& rescaling)
{
    std::string_view name = rescaling.method;
    const bool drops = endsWith(name, biasDropped);
    if (drops)
        name.remove_suffix(biasDropped.size());
    Method method = parseMethod(name);
    method.bias = drops ? BiasRule::Drop : BiasRule::Keep;
    if (method.kind == MethodKind::Scales)
        method.scales = rescaling.scale;
    return method;
}

Choices choosing(const Choices& now, const Rescaling& rescaling, const std::vector<double>& norms)
{
    const Method method = methodBehind(rescaling);
    Choices choices = now;
    choices.method = method.kind;
    choices.bias = method.bias;
    const Method same = methodOf(choices, method.kind, norms);
    if (method.kind == MethodKind::Scales && same.scales != method.scales)
        choices.manual = method.scales;
    if (same.parameter == method.parameter)
        return choices;
    if (method.kind == MethodKind::Tau)
        choices.tau = method.parameter;
    else if (method.kind == MethodKind::MaxNorm)
        choices.radius = method.parameter;
    else if (method.kind == MethodKind::LogitAdjust)
        choices.adjustment = method.parameter;
    return choices;
}

Choices choosingNone(const Choices& now)
{
    Choices choices = now;
    choices.method = MethodKind::None;
    choices.bias = BiasRule::Keep;
    return choices;
}

} // namespace monotail
