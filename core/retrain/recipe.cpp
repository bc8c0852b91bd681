// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/recipe.h"

#include <cmath>
#include <limits>

#include "base/text.h"
#include "rescale/method.h"

namespace monotail {

namespace {

constexpr int mostEpochs = 100000;

enum class Bound { Above, From };

/// Refuses numbers that are not finite, too.
void checkFrom(std::string_view name, double value, double low, Bound bound)
{
    if (std::isfinite(value) && value > static_cast<double>(std::numeric_limits<float>::max()))
        throw Error(message("{} = {}: it is beyond what float32 holds", name, value));
    if (std::isfinite(value) && (bound == Bound::Above ? value > low : value >= low))
        return;
    throw Error(
        message("{} = {}: a finite number {} is expected", name, value,
                bound == Bound::Above ? message("above {}", low) : message("of {} or more", low)));
}

/// [0, 1)
void checkShare(std::string_view name, double value)
{
    if (!(value >= 0 && value < 1))
        throw Error(message("{} = {}: a number from 0 to below 1 is expected", name, value));
}

void checkFinite(std::string_view name, double value)
{
    if (!std::isfinite(value))
        throw Error(message("{} = {}: a finite number is expected", name, value));
}

void checkWhole(std::string_view name, int value)
{
    if (value < 1)
        throw Error(message("{} = {}: a whole number of 1 or more is expected", name, value));
}

void checkConstraint(const Recipe& recipe)
{
    checkFrom("wd (weight decay)", recipe.weightDecay, 0, Bound::From);
    if (!recipe.maxNorm)
        return;
    checkFrom("maxnorm (radius)", *recipe.maxNorm, 0, Bound::Above);
    if (recipe.norms == NormRule::Samn)
        throw Error(message("the constraint maxnorm={} cannot be combined with norms=samn: MaxNorm "
                            "caps norms that are free, while SAMN sets them itself, all above 1 by "
                            "construction; take norms=free, or leave MaxNorm out",
                            *recipe.maxNorm));
}

void checkLoss(const Recipe& recipe)
{
    checkShare("beta (class-balanced loss)", recipe.beta);
    checkFinite("loss-tau (logit-adjusted loss)", recipe.tau);
    checkShare("las-head (label smoothing of the most frequent class)", recipe.smoothHead);
    checkShare("las-tail (label smoothing of the rarest class)", recipe.smoothTail);
}

void checkTraining(const Recipe& recipe)
{
    checkFrom("lr (learning rate)", recipe.rate, 0, Bound::Above);
    checkShare("momentum", recipe.momentum);
    checkWhole("batch", recipe.batch);
    checkWhole("step-epochs", recipe.stepEpochs);
    checkFrom("step-factor", recipe.stepFactor, 0, Bound::Above);
    if (recipe.epochs < 0 || recipe.epochs > mostEpochs)
        throw Error(message("epochs = {}: a whole number from 0 to {} is expected (0 trains "
                            "nothing and folds the head as it starts)",
                            recipe.epochs, mostEpochs));
}

} // namespace

void checkRecipe(const Recipe& recipe)
{
    checkTraining(recipe);
    checkLoss(recipe);
    checkConstraint(recipe);
    detail::checkParameter(recipe.afterwards);
}

Warnings recipeWarnings(const Recipe& recipe)
{
    Warnings out;
    if (recipe.norms == NormRule::Lws && recipe.weightDecay > 0)
        out.push_back(message("weight decay {} has no effect with norms=lws: rows and bias are "
                              "frozen, and the learned scales do not decay",
                              recipe.weightDecay));
    if (recipe.norms == NormRule::Lws && recipe.maxNorm)
        out.push_back(message("MaxNorm {} has no effect with norms=lws: the rows are frozen",
                              *recipe.maxNorm));
    if (recipe.norms == NormRule::Lws && recipe.start == HeadStart::Fresh)
        out.emplace_back("norms=lws with init=fresh learns scales for rows that stay random");
    if (recipe.norms == NormRule::Samn && recipe.weightDecay > 0)
        out.push_back(message("weight decay {} with norms=samn leaves the norms alone, as SAMN "
                              "sets them; it decays the bias and changes how fast rows turn",
                              recipe.weightDecay));
    const bool adjusts =
        recipe.loss == LossKind::LogitAdjust || recipe.loss == LossKind::BalancedSoftmax;
    if (adjusts && recipe.afterwards.kind == MethodKind::LogitAdjust)
        out.push_back(message("loss={} and then {} make up for the class frequencies twice",
                              nameOf(recipe.loss), nameOf(recipe.afterwards)));
    return out;
}

} // namespace monotail
