// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/hyperparameters.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/steps.h"
#include "base/text.h"

namespace monotail {

namespace {

constexpr double mostValues = 1000;

std::string knownNames()
{
    std::vector<std::string> names;
    for (const Hyperparameter& known : hyperparameters())
        names.emplace_back(known.name);
    return joined(names, ", ");
}

const Hyperparameter& known(std::string_view name)
{
    const std::string wanted = lowered(trimmed(name));
    const auto& all = hyperparameters();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Hyperparameter& one) { return one.name == wanted; });
    if (found == all.end())
        throw Error(message("\"{}\" is no number of a recipe; those are {}", printable(name),
                            knownNames()));
    return *found;
}

int whole(std::string_view name, double value)
{
    constexpr double most = std::numeric_limits<int>::max();
    if (!(std::fabs(value) <= most) || value != std::floor(value))
        throw Error(message("{} = {}: a whole number is expected", name, value));
    return static_cast<int>(value);
}

Method following(const Recipe& recipe, MethodKind kind, double value)
{
    Method method;
    method.kind = kind;
    method.parameter = value;
    method.bias = recipe.afterwards.bias;
    return method;
}

void set(Recipe& recipe, std::string_view name, double value)
{
    if (name == "wd")
        recipe.weightDecay = value;
    else if (name == "maxnorm")
        recipe.maxNorm = value;
    else if (name == "las-head")
        recipe.smoothHead = value;
    else if (name == "las-tail")
        recipe.smoothTail = value;
    else if (name == "beta")
        recipe.beta = value;
    else if (name == "loss-tau")
        recipe.tau = value;
    else if (name == "then-tau")
        recipe.afterwards = following(recipe, MethodKind::Tau, value);
    else if (name == "then-logit-adjust")
        recipe.afterwards = following(recipe, MethodKind::LogitAdjust, value);
    else if (name == "then-maxnorm")
        recipe.afterwards = following(recipe, MethodKind::MaxNorm, value);
    else if (name == "lr")
        recipe.rate = value;
    else if (name == "momentum")
        recipe.momentum = value;
    else if (name == "epochs")
        recipe.epochs = whole(name, value);
    else if (name == "batch")
        recipe.batch = whole(name, value);
}

[[noreturn]] void refuse(std::string_view text, const std::string& why)
{
    throw Error(message("sweep {}: {}; write it like wd:0:0.5:0.1 (first value, last value, step) "
                        "or wd:0.0001,0.001,0.01",
                        printable(text), why));
}

double numberOf(std::string_view part, std::string_view text)
{
    const std::optional<double> number = parseDouble(part);
    if (!number)
        refuse(text, message("\"{}\" is not a number", printable(part)));
    if (!std::isfinite(*number))
        refuse(text, "all numbers must be finite");
    return *number + 0.0; // -0 becomes 0
}

std::vector<double> listed(std::string_view list, std::string_view text)
{
    std::vector<double> values;
    for (const std::string_view part : split(list, ','))
        values.push_back(numberOf(part, text));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

std::vector<double> stepped(const std::vector<std::string_view>& parts, std::string_view text)
{
    const Steps steps{numberOf(parts[1], text), numberOf(parts[2], text), numberOf(parts[3], text)};
    if (steps.step <= 0)
        refuse(text, "the step must be above 0");
    if (steps.from > steps.to)
        refuse(text, "the first value is above the last");
    if (!(countSteps(steps) < mostValues))
        refuse(text, message("that is more than {} values, take a larger step", mostValues));
    return valuesOf(steps);
}

} // namespace

const std::vector<Hyperparameter>& hyperparameters()
{
    static const std::vector<Hyperparameter> all{
        {"wd", "weight decay on weight and bias"},
        {"maxnorm", "radius that rows are kept within while training"},
        {"las-head", "label smoothing of the most frequent class"},
        {"las-tail", "label smoothing of the rarest class"},
        {"beta", "of the class-balanced loss"},
        {"loss-tau", "strength of the logit-adjusted loss"},
        {"then-tau", "tau-normalisation of the trained head"},
        {"then-logit-adjust", "logit adjustment of the trained head"},
        {"then-maxnorm", "largest norm that the trained head keeps"},
        {"lr", "learning rate"},
        {"momentum", "momentum of SGD"},
        {"epochs", "epochs"},
        {"batch", "images per step"},
    };
    return all;
}

Recipe withHyperparameter(Recipe recipe, std::string_view name, double value)
{
    set(recipe, known(name).name, value);
    recipe.preset.clear();
    checkRecipe(recipe);
    return recipe;
}

bool hasEffect(const Recipe& recipe, std::string_view name)
{
    const std::string_view wanted = known(name).name;
    if (wanted.rfind("then-", 0) == 0 || wanted == "epochs")
        return true;
    if (recipe.epochs == 0)
        return false;
    if (wanted == "wd")
        return recipe.norms != NormRule::Lws;
    if (wanted == "maxnorm")
        return recipe.norms == NormRule::Free;
    if (wanted == "las-head" || wanted == "las-tail")
        return recipe.loss == LossKind::LabelAwareSmoothing;
    if (wanted == "beta")
        return recipe.loss == LossKind::ClassBalanced;
    if (wanted == "loss-tau")
        return recipe.loss == LossKind::LogitAdjust;
    return true;
}

TrainSweepRange parseTrainSweep(std::string_view text)
{
    const std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() != 2 && parts.size() != 4)
        refuse(text, "a name and values are expected");
    TrainSweepRange range;
    range.parameter = known(parts[0]).name;
    range.values = parts.size() == 4 ? stepped(parts, text) : listed(parts[1], text);
    if (static_cast<double>(range.values.size()) > mostValues)
        refuse(text, message("that is more than {} values", mostValues));
    for (const double value : range.values)
        withHyperparameter({}, range.parameter, value); // refuses what no recipe can have
    return range;
}

std::string nameOf(const TrainSweepRange& range)
{
    std::vector<std::string> values;
    values.reserve(range.values.size());
    for (const double value : range.values)
        values.push_back(toText(value));
    return message("{}:{}", range.parameter, joined(values, ","));
}

} // namespace monotail
