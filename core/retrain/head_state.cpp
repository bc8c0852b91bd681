// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/head_state.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "checkpoint/samn_head.h"
#include "retrain/class_parameters.h"

namespace monotail {

namespace {

constexpr double freshDeviation = 0.02; ///< of the published fresh start
constexpr double shortestRow = 1e-12;   ///< as torch.nn.functional.normalize has it

/// Standard normal, by Box and Muller.
double normal(Random& random)
{
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

void checkStart(const ClassifierHead& head, const Recipe& recipe)
{
    if (recipe.start == HeadStart::Fresh || head.unitParts == 0)
        return;
    const std::string name = printable(head.source.weight);
    if (recipe.features == FeatureForm::Raw)
        throw Error(message("{}: the head normalises its features, so it is no start for one that "
                            "does not; train with --features cosine, or from a fresh start "
                            "(--init fresh)",
                            name));
    if (head.unitParts > 1)
        throw Error(message("{}: its {} experts normalise their features each for itself, which "
                            "one cosine head cannot; start fresh (--init fresh)",
                            name, head.unitParts));
}

RowMatrixD startWeight(const ClassifierHead& head, const Recipe& recipe, Random& random)
{
    if (recipe.start == HeadStart::Checkpoint)
        return head.weight.cast<double>();
    RowMatrixD weight(head.classes(), head.features());
    for (std::int64_t i = 0; i < weight.size(); ++i)
        weight.data()[i] = freshDeviation * normal(random);
    return weight;
}

std::vector<double> startBias(const ClassifierHead& head, const Recipe& recipe)
{
    const auto classes = static_cast<std::size_t>(head.classes());
    if (!head.hasBias() && recipe.norms != NormRule::Samn)
        return {};
    if (recipe.start == HeadStart::Fresh || !head.hasBias())
        return std::vector<double>(classes, 0.0);
    return {head.bias.data(), head.bias.data() + head.bias.size()};
}

/// A cosine head's rows have one length, its factor; a linear head's features get the length they
/// had on the whole.
double startScale(const ClassifierHead& head, const Recipe& recipe, double featureLength)
{
    if (recipe.features == FeatureForm::Raw)
        return 1;
    if (recipe.start == HeadStart::Checkpoint && head.unitParts > 0)
        return head.weight.row(0).cast<double>().norm();
    return featureLength > 0 ? featureLength : 1;
}

std::string biasNameBeside(const std::string& weight)
{
    const std::size_t dot = weight.rfind('.');
    return dot == std::string::npos ? "bias" : weight.substr(0, dot) + ".bias";
}

/// A published SAMN head goes on from its own raw norms. Its modules keep the order of the classes
/// they were made with.
void goOnFrom(const SamnRaw& samn, const ClassifierHead& head, const ClassSet& classes,
              HeadState& state)
{
    if (samn.order != ascendingCounts(classes.counts))
        throw Error(message("{}: the SAMN head orders its classes otherwise than the counts of {}; "
                            "give the counts it was trained with, or start fresh (--init fresh)",
                            printable(head.source.weight), printable(classes.countsSource)));
    state.weight = samn.weight;
    state.bias = samn.bias;
    state.rawNorm = samn.rawNorm;
    state.rawBias = samn.rawBias;
}

} // namespace

std::vector<double> initialRaw(const std::vector<std::int64_t>& counts)
{
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    const auto range = static_cast<float>(*most - *least);
    std::vector<double> raw;
    for (const std::int64_t count : counts) {
        const float share = range > 0 ? static_cast<float>(count - *least) / range : 0.0F;
        raw.push_back(static_cast<double>(share + 1e-6F));
    }
    return raw;
}

HeadState startState(const ClassifierHead& head, const ClassSet& classes, const Recipe& recipe,
                     double featureLength, Random& random)
{
    checkStart(head, recipe);
    HeadState state;
    state.weight = startWeight(head, recipe, random);
    state.bias = startBias(head, recipe);
    state.featureScale = startScale(head, recipe, featureLength);
    if (recipe.start == HeadStart::Checkpoint && head.unitParts > 0)
        state.weight /= state.featureScale;
    if (recipe.norms == NormRule::Samn && recipe.start == HeadStart::Checkpoint && head.samn)
        goOnFrom(*head.samn, head, classes, state);
    else if (recipe.norms == NormRule::Samn)
        state.rawNorm = state.rawBias = initialRaw(classes.counts);
    if (recipe.norms == NormRule::Lws)
        state.scales.assign(classes.counts.size(), 1.0);
    return state;
}

FoldedState foldState(const HeadState& state, const ClassSet& classes, const Recipe& recipe)
{
    const ClassParameters parameters(state, classes, recipe);
    FoldedState folded;
    folded.weight = state.weight;
    for (std::int64_t c = 0; c < state.classes(); ++c) {
        const double factor = parameters.factor()[static_cast<std::size_t>(c)];
        const double length = state.weight.row(c).norm();
        const bool isUnit = recipe.norms == NormRule::Samn;
        folded.weight.row(c) *= isUnit ? factor / std::max(length, shortestRow) : factor;
        // Not measured from the folded row: the norms of a block are to be equal to the last digit.
        folded.norms.push_back(std::abs(factor) *
                               (isUnit ? std::min(1.0, length / shortestRow) : length));
    }
    if (!state.bias.empty())
        folded.bias = parameters.shift();
    return folded;
}

ClassifierHead trainedHead(const ClassifierHead& source, const FoldedState& folded,
                           const Recipe& recipe)
{
    ClassifierHead head;
    head.source = source.source; // its names tell which tensors of the file are the head's
    head.source.kind = HeadKind::Linear;
    if (head.source.bias.empty() && !folded.bias.empty())
        head.source.bias = biasNameBeside(head.source.weight);
    head.weight = folded.weight.cast<float>();
    head.bias = Eigen::VectorXf::Zero(folded.weight.rows());
    for (std::size_t c = 0; c < folded.bias.size(); ++c)
        head.bias[static_cast<std::int64_t>(c)] = static_cast<float>(folded.bias[c]);
    head.norms = folded.norms;
    head.unitParts = recipe.features == FeatureForm::Cosine ? 1 : 0;
    return head;
}

} // namespace monotail
