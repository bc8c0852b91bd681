// SPDX-License-Identifier: GPL-3.0-or-later
#include "rescale/method.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "rescale/rescaling.h"

namespace monotail {

namespace {

/// What follows the = of a method.
enum class Takes { Nothing, Number, File };

struct KnownMethod
{
    MethodKind kind;
    std::string_view name;
    Takes takes;
    std::string_view example;
};

constexpr std::array<KnownMethod, 7> knownMethods{{
    {MethodKind::None, "none", Takes::Nothing, "none"},
    {MethodKind::Samn, "samn", Takes::Nothing, "samn"},
    {MethodKind::Tau, "tau", Takes::Number, "tau=0.7"},
    {MethodKind::MaxNorm, "maxnorm", Takes::Number, "maxnorm=1.2"},
    {MethodKind::LogitAdjust, "logit-adjust", Takes::Number, "logit-adjust=1"},
    {MethodKind::EqualNorms, "equal", Takes::Nothing, "equal"},
    {MethodKind::Scales, "scales", Takes::File, "scales=FILE.csv"},
}};

const KnownMethod& known(MethodKind kind)
{
    return *std::find_if(knownMethods.begin(), knownMethods.end(),
                         [kind](const KnownMethod& method) { return method.kind == kind; });
}

const KnownMethod& known(std::string_view name, std::string_view text)
{
    const auto found =
        std::find_if(knownMethods.begin(), knownMethods.end(),
                     [name](const KnownMethod& method) { return method.name == name; });
    if (found != knownMethods.end())
        return *found;
    std::vector<std::string> examples;
    examples.reserve(knownMethods.size());
    for (const KnownMethod& method : knownMethods)
        examples.emplace_back(method.example);
    throw Error(message("method \"{}\" is not known; the methods are {}", printable(text),
                        joined(examples, ", ")));
}

double parameterOf(const KnownMethod& method, std::string_view text, std::string_view value)
{
    const std::optional<double> number = parseDouble(value);
    if (!number)
        throw Error(message("method {}: \"{}\" is not a number; write it like {}", printable(text),
                            printable(value), method.example));
    return *number + 0.0; // -0 becomes 0
}

} // namespace

void detail::checkParameter(const Method& method)
{
    const double value = method.parameter;
    const auto refuse = [&](std::string_view expected) {
        throw Error(message("method {}={}: expected {}", known(method.kind).name, value, expected));
    };
    if (method.kind == MethodKind::Tau && !(value >= 0 && std::isfinite(value)))
        refuse("a finite tau of 0 or more");
    if (method.kind == MethodKind::MaxNorm && !(value > 0 && std::isfinite(value)))
        refuse("a finite radius above 0");
    if (method.kind == MethodKind::LogitAdjust && !std::isfinite(value))
        refuse("a finite tau");
}

Method parseMethod(std::string_view text)
{
    text = trimmed(text);
    const std::size_t equals = text.find('=');
    const bool hasValue = equals != std::string_view::npos;
    const std::string_view value = hasValue ? trimmed(text.substr(equals + 1)) : "";
    const KnownMethod& entry = known(lowered(trimmed(text.substr(0, equals))), text);
    if (entry.takes == Takes::Nothing && hasValue)
        throw Error(message("method {}: {} takes no value; write {}", printable(text), entry.name,
                            entry.example));
    if (entry.takes != Takes::Nothing && value.empty())
        throw Error(message("method {}: {} needs a value; write it like {}", printable(text),
                            entry.name, entry.example));
    Method method;
    method.kind = entry.kind;
    if (entry.takes == Takes::Number)
        method.parameter = parameterOf(entry, text, value);
    if (entry.takes == Takes::File)
        method.scalesSource = value;
    detail::checkParameter(method);
    return method;
}

std::string nameOf(const Method& method)
{
    const KnownMethod& entry = known(method.kind);
    std::string name(entry.name);
    if (entry.takes == Takes::Number)
        name = message("{}={}", name, method.parameter);
    if (entry.takes == Takes::File && !method.scalesSource.empty())
        name = message("{}={}", name, printable(method.scalesSource));
    return method.bias == BiasRule::Drop ? name + ", bias dropped" : name;
}

} // namespace monotail
