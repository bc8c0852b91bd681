// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "base/text.h"
#include "retrain/recipe.h"

namespace monotail {

namespace {

template <typename Kind, std::size_t N>
using Words = std::array<std::pair<Kind, std::string_view>, N>;

constexpr Words<Sampling, 3> samplings{{{Sampling::Instance, "instance"},
                                        {Sampling::ClassBalanced, "class-balanced"},
                                        {Sampling::SquareRoot, "square-root"}}};
constexpr Words<LossKind, 5> losses{{{LossKind::CrossEntropy, "ce"},
                                     {LossKind::ClassBalanced, "class-balanced"},
                                     {LossKind::BalancedSoftmax, "balanced-softmax"},
                                     {LossKind::LogitAdjust, "logit-adjust"},
                                     {LossKind::LabelAwareSmoothing, "las"}}};
constexpr Words<NormRule, 3> normRules{
    {{NormRule::Free, "free"}, {NormRule::Samn, "samn"}, {NormRule::Lws, "lws"}}};
constexpr Words<FeatureForm, 2> featureForms{
    {{FeatureForm::Raw, "raw"}, {FeatureForm::Cosine, "cosine"}}};
constexpr Words<SmoothingShape, 3> shapes{{{SmoothingShape::Concave, "concave"},
                                           {SmoothingShape::Linear, "linear"},
                                           {SmoothingShape::Convex, "convex"}}};
constexpr Words<RateSchedule, 3> schedules{{{RateSchedule::Cosine, "cosine"},
                                            {RateSchedule::Step, "step"},
                                            {RateSchedule::Constant, "constant"}}};
constexpr Words<HeadStart, 2> starts{
    {{HeadStart::Checkpoint, "checkpoint"}, {HeadStart::Fresh, "fresh"}}};
constexpr Words<TrainPrecision, 2> precisions{
    {{TrainPrecision::Float32, "float32"}, {TrainPrecision::Float64, "float64"}}};

template <typename Kind, std::size_t N>
std::string_view wordOf(const Words<Kind, N>& words, Kind kind)
{
    for (const auto& [known, word] : words)
        if (known == kind)
            return word;
    throw Error("the recipe holds a value that has no name");
}

template <typename Kind, std::size_t N>
Kind kindOf(const Words<Kind, N>& words, std::string_view axis, std::string_view text)
{
    std::vector<std::string> known;
    for (const auto& [kind, word] : words) {
        if (word == lowered(trimmed(text)))
            return kind;
        known.emplace_back(word);
    }
    throw Error(message("{} \"{}\" is not known; choose one of {}", axis, printable(text),
                        joined(known, ", ")));
}

std::string constraintOf(const Recipe& recipe)
{
    std::vector<std::string> parts;
    if (recipe.weightDecay > 0)
        parts.push_back(message("wd={}", recipe.weightDecay));
    if (recipe.maxNorm)
        parts.push_back(message("maxnorm={}", *recipe.maxNorm));
    return parts.empty() ? "none" : joined(parts, ",");
}

void addLoss(std::vector<std::string>& parts, const Recipe& recipe)
{
    if (recipe.loss == LossKind::ClassBalanced)
        parts.push_back(message("beta={}", recipe.beta));
    if (recipe.loss == LossKind::LogitAdjust)
        parts.push_back(message("loss-tau={}", recipe.tau));
    if (recipe.loss == LossKind::LabelAwareSmoothing) {
        parts.push_back(message("las-head={}", recipe.smoothHead));
        parts.push_back(message("las-tail={}", recipe.smoothTail));
        parts.push_back(message("las-shape={}", nameOf(recipe.smoothShape)));
    }
}

void addTraining(std::vector<std::string>& parts, const Recipe& recipe)
{
    parts.push_back(message("init={}", nameOf(recipe.start)));
    parts.push_back(message("epochs={}", recipe.epochs));
    if (recipe.epochs > 0) {
        parts.push_back(message("lr={}", recipe.rate));
        parts.push_back(message("momentum={}", recipe.momentum));
        parts.push_back(message("schedule={}", nameOf(recipe.schedule)));
        if (recipe.schedule == RateSchedule::Step) {
            parts.push_back(message("step-epochs={}", recipe.stepEpochs));
            parts.push_back(message("step-factor={}", recipe.stepFactor));
        }
        parts.push_back(message("batch={}", recipe.batch));
    }
    parts.push_back(message("seed={}", recipe.seed));
    parts.push_back(message("precision={}", nameOf(recipe.precision)));
}

/// A word where the axis is not the default; the loss and the sampling share one.
std::vector<std::string> distinctAxes(const Recipe& recipe)
{
    const Recipe plain;
    std::vector<std::string> parts;
    if (recipe.sampling != plain.sampling)
        parts.emplace_back(nameOf(recipe.sampling));
    if (recipe.loss == LossKind::ClassBalanced)
        parts.emplace_back("class-balanced-loss");
    else if (recipe.loss != plain.loss)
        parts.emplace_back(nameOf(recipe.loss));
    if (recipe.norms != plain.norms)
        parts.emplace_back(nameOf(recipe.norms));
    if (recipe.features != plain.features)
        parts.emplace_back(nameOf(recipe.features));
    if (recipe.weightDecay > 0)
        parts.push_back(message("wd={}", recipe.weightDecay));
    if (recipe.maxNorm)
        parts.push_back(message("maxnorm={}", *recipe.maxNorm));
    if (recipe.start != plain.start)
        parts.emplace_back(nameOf(recipe.start));
    return parts;
}

} // namespace

std::string_view nameOf(Sampling sampling)
{
    return wordOf(samplings, sampling);
}

std::string_view nameOf(LossKind loss)
{
    return wordOf(losses, loss);
}

std::string_view nameOf(NormRule norms)
{
    return wordOf(normRules, norms);
}

std::string_view nameOf(FeatureForm form)
{
    return wordOf(featureForms, form);
}

std::string_view nameOf(SmoothingShape shape)
{
    return wordOf(shapes, shape);
}

std::string_view nameOf(RateSchedule rate)
{
    return wordOf(schedules, rate);
}

std::string_view nameOf(HeadStart start)
{
    return wordOf(starts, start);
}

std::string_view nameOf(TrainPrecision bits)
{
    return wordOf(precisions, bits);
}

Sampling parseSampling(std::string_view name)
{
    return kindOf(samplings, "sampling", name);
}

LossKind parseLoss(std::string_view name)
{
    return kindOf(losses, "loss", name);
}

NormRule parseNorms(std::string_view name)
{
    return kindOf(normRules, "norms", name);
}

FeatureForm parseFeatureForm(std::string_view name)
{
    return kindOf(featureForms, "features", name);
}

SmoothingShape parseSmoothingShape(std::string_view name)
{
    return kindOf(shapes, "smoothing", name);
}

RateSchedule parseRateSchedule(std::string_view name)
{
    return kindOf(schedules, "schedule", name);
}

HeadStart parseHeadStart(std::string_view name)
{
    return kindOf(starts, "start", name);
}

TrainPrecision parseTrainPrecision(std::string_view name)
{
    return kindOf(precisions, "precision", name);
}

std::string describe(const Recipe& recipe)
{
    std::vector<std::string> parts{message("sampling={}", nameOf(recipe.sampling)),
                                   message("loss={}", nameOf(recipe.loss))};
    addLoss(parts, recipe);
    parts.push_back(message("norms={}", nameOf(recipe.norms)));
    parts.push_back(message("features={}", nameOf(recipe.features)));
    parts.push_back(message("constraint={}", constraintOf(recipe)));
    addTraining(parts, recipe);
    if (recipe.afterwards.kind != MethodKind::None)
        parts.push_back(message("then {}", nameOf(recipe.afterwards)));
    return joined(parts, " ");
}

std::string shortName(const Recipe& recipe)
{
    if (!recipe.preset.empty())
        return recipe.preset;
    const std::vector<std::string> axes = distinctAxes(recipe);
    const std::string name = axes.empty() ? "ce" : joined(axes, "+");
    return recipe.afterwards.kind == MethodKind::None
               ? name
               : message("{} then {}", name, nameOf(recipe.afterwards));
}

} // namespace monotail
