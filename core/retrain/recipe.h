// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "rescale/rescaling.h"

/// How a head is trained in stage 2, on cached features with the backbone frozen: independent axes
/// that may be combined freely, but for what checkRecipe() refuses.
namespace monotail {

/// Which images an epoch draws. It always draws as many as there are.
enum class Sampling {
    Instance,      ///< each image once, shuffled
    ClassBalanced, ///< each class that has images equally likely (Kang et al. 2020)
    SquareRoot     ///< a class as likely as the square root of its images
};

enum class LossKind {
    CrossEntropy,
    ClassBalanced,      ///< weights (1-beta)/(1-beta^n_c), normalised to sum C (Cui et al. 2019)
    BalancedSoftmax,    ///< cross entropy of z_c + log n_c (Ren et al. 2020)
    LogitAdjust,        ///< cross entropy of z_c + tau log pi_c (Menon et al. 2021)
    LabelAwareSmoothing ///< MiSLAS (Zhong et al. 2021)
};

enum class NormRule {
    Free, ///< a plain linear layer
    Samn, ///< unit rows times exp(g), bias exp(h) + b, g and h monotone in class frequency
    Lws   ///< the head as it is, with one learned scale per class (Kang et al. 2020)
};

enum class FeatureForm {
    Raw,
    Cosine ///< each feature vector at unit length times one learned scale
};

enum class SmoothingShape { Concave, Linear, Convex };
enum class RateSchedule {
    Cosine, ///< rate / 2 * (1 + cos(pi * epoch / epochs)), stepped once per epoch
    Step,   ///< times `stepFactor` after every `stepEpochs`
    Constant
};
enum class HeadStart {
    Checkpoint, ///< its head
    Fresh       ///< weights N(0, 0.02), biases 0
};
enum class TrainPrecision { Float32, Float64 };

struct Recipe
{
    std::string preset; ///< the preset it is; empty if it is none, see presets.h
    Sampling sampling = Sampling::Instance;
    LossKind loss = LossKind::CrossEntropy;
    NormRule norms = NormRule::Free;
    FeatureForm features = FeatureForm::Raw;
    double weightDecay = 0;        ///< on weight and bias; 0 = none
    std::optional<double> maxNorm; ///< radius that free rows are projected to after every step
    double beta = 0.9999;          ///< of the class-balanced loss
    double tau = 1;                ///< of the logit-adjusted loss
    double smoothHead = 0.4;       ///< label-aware smoothing of the most frequent class
    double smoothTail = 0.1;       ///< and of the rarest
    SmoothingShape smoothShape = SmoothingShape::Concave;
    HeadStart start = HeadStart::Checkpoint;
    double rate = 5e-4; ///< learning rate of SGD
    double momentum = 0.9;
    RateSchedule schedule = RateSchedule::Cosine;
    int stepEpochs = 10;
    double stepFactor = 0.1;
    int epochs = 20; ///< 0 = no training: the start, folded
    int batch = 64;
    std::uint64_t seed = 0;
    TrainPrecision precision = TrainPrecision::Float32;
    Method afterwards = {MethodKind::None, 0, {}, {}, BiasRule::Keep}; ///< laid on what was trained

    bool operator==(const Recipe&) const = default;
};

/// Throws Error, a sentence that names both sides, for combinations without a meaning (MaxNorm with
/// SAMN, whose norms are > 1 by construction) and for numbers out of range.
void checkRecipe(const Recipe& recipe);
/// What is allowed but has no effect, such as weight decay on a head that LWS freezes.
Warnings recipeWarnings(const Recipe& recipe);

/// The axes as the command line has them, "sampling=instance loss=ce norms=samn ...", and the
/// hyperparameters that have an effect.
std::string describe(const Recipe& recipe);
/// Short, for tables and legends: the preset's name, or the axes that are not the defaults
/// ("class-balanced+samn", "las+wd=0.1"); what comes afterwards after "then".
std::string shortName(const Recipe& recipe);

std::string_view nameOf(Sampling sampling);    ///< "instance", "class-balanced", "square-root"
std::string_view nameOf(LossKind loss);        ///< "ce", "class-balanced", "balanced-softmax", ...
std::string_view nameOf(NormRule norms);       ///< "free", "samn", "lws"
std::string_view nameOf(FeatureForm form);     ///< "raw", "cosine"
std::string_view nameOf(SmoothingShape shape); ///< "concave", "linear", "convex"
std::string_view nameOf(RateSchedule rate);    ///< "cosine", "step", "constant"
std::string_view nameOf(HeadStart start);      ///< "checkpoint", "fresh"
std::string_view nameOf(TrainPrecision bits);  ///< "float32", "float64"

/// Throw Error listing the names.
Sampling parseSampling(std::string_view name);
LossKind parseLoss(std::string_view name);
NormRule parseNorms(std::string_view name);
FeatureForm parseFeatureForm(std::string_view name);
SmoothingShape parseSmoothingShape(std::string_view name);
RateSchedule parseRateSchedule(std::string_view name);
HeadStart parseHeadStart(std::string_view name);
TrainPrecision parseTrainPrecision(std::string_view name);

} // namespace monotail
