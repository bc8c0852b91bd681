// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/recipe_words.h"

#include <QCoreApplication>

#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("RecipeWords", text);
}

Method following(MethodKind kind, double parameter, BiasRule bias)
{
    return {kind, parameter, {}, {}, bias};
}

} // namespace

std::vector<AxisWord> samplingWords()
{
    return {{tr("instance"), tr("Every image once an epoch, shuffled.")},
            {tr("class-balanced"),
             tr("Each class is equally likely, so a rare class's few images are drawn often "
                "(Kang et al. 2020).")},
            {tr("square-root"), tr("A class is as likely as the square root of its images.")}};
}

std::vector<AxisWord> lossWords()
{
    return {{tr("cross entropy"), tr("The plain loss: minus the logarithm of the true class's "
                                     "probability.")},
            {tr("class-balanced loss"),
             tr("Cross entropy with weights (1 - beta) / (1 - beta^n), n the class's images "
                "(Cui et al. 2019).")},
            {tr("balanced softmax"),
             tr("Cross entropy of the scores plus the logarithm of the class's images "
                "(Ren et al. 2020).")},
            {tr("logit-adjusted loss"),
             tr("Cross entropy of the scores plus tau times the logarithm of the class's share "
                "(Menon et al. 2021).")},
            {tr("label-aware smoothing"),
             tr("Labels are smoothed, the more frequent the class the more (MiSLAS, Zhong et al. "
                "2021).")}};
}

std::vector<AxisWord> normWords()
{
    return {{tr("free"), tr("A plain linear head: norms come out as they do.")},
            {tr("SAMN"),
             tr("Norms and biases are monotone in class frequency by construction: PAVA pools what "
                "is in the wrong order, at every step. There is nothing to tune.")},
            {tr("LWS: a scale per class"),
             tr("The head stays as it is, and one scale per class is learned that multiplies the "
                "whole score (Kang et al. 2020).")}};
}

std::vector<AxisWord> featureWords()
{
    return {{tr("raw"), tr("Features as the backbone gives them.")},
            {tr("L2-normalised (cosine)"),
             tr("Every feature vector at length 1 times one learned scale.")}};
}

std::vector<AxisWord> startWords()
{
    return {{tr("the checkpoint's head"), tr("Training goes on from the head in the file.")},
            {tr("fresh"), tr("Weights are drawn anew, with deviation 0.02; biases are 0.")}};
}

std::vector<AxisWord> scheduleWords()
{
    return {{tr("cosine to 0"), tr("The rate falls to 0 as half a cosine, once an epoch.")},
            {tr("steps"), tr("The rate is multiplied by a factor every few epochs.")},
            {tr("constant"), tr("The rate stays.")}};
}

std::vector<AxisWord> shapeWords()
{
    return {{tr("concave"), tr("Of the classes between, most are smoothed like the frequent one.")},
            {tr("linear"), tr("In proportion to the images.")},
            {tr("convex"), tr("Of the classes between, most are smoothed like the rare one.")}};
}

std::vector<AxisWord> precisionWords()
{
    return {{tr("32 bits"), tr("As training usually computes.")},
            {tr("64 bits"), tr("Slower; to check against other programs.")}};
}

Constraint constraintOf(const Recipe& recipe)
{
    if (recipe.maxNorm)
        return recipe.weightDecay > 0 ? Constraint::Both : Constraint::MaxNorm;
    return recipe.weightDecay > 0 ? Constraint::WeightDecay : Constraint::None;
}

std::vector<AxisWord> constraintWords()
{
    return {{tr("none"), tr("Nothing holds the weights.")},
            {tr("weight decay"), tr("Weights and biases are pulled toward 0 at every step.")},
            {tr("MaxNorm"), tr("Rows longer than a radius are cut to it after every step. Not with "
                               "SAMN, whose norms are above 1 by construction.")},
            {tr("weight decay and MaxNorm"), tr("Both (Alshammari et al. 2022).")}};
}

const std::vector<Method>& thenMethods()
{
    static const std::vector<Method> methods{
        following(MethodKind::None, 0, BiasRule::Keep),
        following(MethodKind::Samn, 0, BiasRule::Keep),
        following(MethodKind::Tau, 1, BiasRule::Keep),
        following(MethodKind::Tau, 1, BiasRule::Drop),
        following(MethodKind::MaxNorm, 1, BiasRule::Keep),
        following(MethodKind::LogitAdjust, 1, BiasRule::Keep),
        following(MethodKind::EqualNorms, 0, BiasRule::Keep)};
    return methods;
}

std::size_t thenIndex(const Method& method)
{
    const std::vector<Method>& methods = thenMethods();
    std::size_t byKind = 0;
    for (std::size_t i = 0; i < methods.size(); ++i) {
        if (methods[i].kind != method.kind)
            continue;
        if (methods[i].bias == method.bias)
            return i;
        byKind = i;
    }
    return byKind;
}

std::vector<AxisWord> thenWords()
{
    std::vector<AxisWord> words;
    for (const Method& method : thenMethods()) {
        QString name = method.kind == MethodKind::None ? tr("nothing") : methodName(method.kind);
        if (method.bias == BiasRule::Drop)
            name = tr("%1, bias dropped").arg(name);
        words.push_back({name, tr("Done to the head once it is trained; it costs no training.")});
    }
    return words;
}

QString presetWords(const Preset& preset)
{
    QString words = tr("%1: %2.").arg(QString::fromStdString(preset.title),
                                      QString::fromStdString(preset.source));
    if (!preset.note.empty())
        words += QLatin1Char('\n') + tr("Note: %1.").arg(QString::fromStdString(preset.note));
    words += QLatin1Char('\n');
    if (preset.hyperparameters.empty())
        return words + tr("It adds nothing to tune.");
    QStringList names;
    for (const std::string& name : preset.hyperparameters)
        names << hyperparameterWord(name).name;
    return words + tr("To be tuned: %1.").arg(names.join(tr(", ")));
}

AxisWord hyperparameterWord(const std::string& name)
{
    const std::pair<const char*, AxisWord> known[] = {
        {"wd", {tr("weight decay"), tr("How hard weights and biases are pulled toward 0.")}},
        {"maxnorm", {tr("radius"), tr("Rows longer than this are cut to it.")}},
        {"las-head", {tr("smoothing, head"), tr("Of the most frequent class's labels, 0 to 1.")}},
        {"las-tail", {tr("smoothing, tail"), tr("Of the rarest class's labels, 0 to 1.")}},
        {"beta", {tr("beta"), tr("0 weighs all classes alike, near 1 by their images.")}},
        {"loss-tau", {tr("tau of the loss"), tr("How strongly the loss is adjusted; 1 is the "
                                                "published value.")}},
        {"then-tau", {tr("tau afterwards"), tr("0 changes nothing, 1 makes all norms 1.")}},
        {"then-logit-adjust", {tr("logit adjustment afterwards"), tr("Its tau.")}},
        {"then-maxnorm", {tr("radius afterwards"), tr("Norms above it are cut to it.")}},
        {"lr", {tr("learning rate"), tr("Of SGD, at the start.")}},
        {"step-factor", {tr("step factor"), tr("What the rate is multiplied by at a step.")}},
        {"momentum", {tr("momentum"), tr("Of SGD, 0 to below 1.")}},
        {"epochs", {tr("epochs"), tr("Passes over the training images; 0 trains nothing.")}},
        {"batch", {tr("batch"), tr("Images per step.")}}};
    for (const auto& [entry, word] : known)
        if (name == entry)
            return word;
    return {QString::fromStdString(name), {}};
}

} // namespace monotail
