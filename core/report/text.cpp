// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text.h"

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::size_t nameLength = 32;

std::string signedText(double value, int decimals)
{
    const std::string text = toText(value, decimals);
    return text.front() == '-' ? text : "+" + text;
}

} // namespace

std::string className(const ClassSet& classes, std::int64_t index)
{
    return printable(classes.names[static_cast<std::size_t>(index)], nameLength);
}

std::string listed(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 6;
    if (names.size() <= most)
        return joined(names, ", ");
    return message("{} and {} more", joined({names.begin(), names.begin() + most}, ", "),
                   names.size() - most);
}

std::string rateText(const Rate& rate, int decimals)
{
    return rate ? toText(*rate, decimals) : "n/a";
}

std::string changeText(const std::optional<Change>& change)
{
    if (!change)
        return "n/a";
    return message("{} [{}, {}]", signedText(change->difference, 2), toText(change->low, 2),
                   toText(change->high, 2));
}

std::string differenceText(double difference)
{
    return signedText(difference, 1);
}

std::string describeReading(const ClassSet& classes, const Evaluation& evaluation)
{
    std::string out;
    if (evaluation.stored)
        out += message("The checkpoint stores {} = {}; measured {}.\n",
                       printable(evaluation.stored->name), toText(evaluation.stored->percent, 2),
                       rateText(evaluation.before.top1, 2));
    if (evaluation.witness && evaluation.witness->holds)
        out += message("The model's own logits are W f + b: largest error {} % of their scale.\n",
                       toText(100 * evaluation.witness->maxError, 4));
    std::vector<std::string> negative;
    for (std::size_t c = 0; c < evaluation.negativeOwnShare.size(); ++c)
        if (evaluation.negativeOwnShare[c] > 0.5) // false for NaN, a class without samples
            negative.push_back(className(classes, static_cast<std::int64_t>(c)));
    if (!negative.empty())
        out +=
            message("Most samples of these classes have a negative w . f for their own class, so a "
                    "larger norm hurts them: {}.\n",
                    listed(negative));
    return out;
}

std::string describeEvaluation(const Evaluation& evaluation)
{
    const auto& sizes = evaluation.groups.sizes;
    return message(
        "{} sample{}{}; groups \"{}\": {} ({}/{}/{} classes); scores on {}",
        toGroupedText(evaluation.samples), evaluation.samples == 1 ? "" : "s",
        evaluation.split.empty() ? "" : " of split \"" + printable(evaluation.split, 40) + "\"",
        evaluation.groups.rule.preset, describe(evaluation.groups.rule), sizes[0], sizes[1],
        sizes[2], evaluation.device);
}

std::string headReading(const HeadCandidate& head)
{
    const auto kind = [&]() -> std::string {
        switch (head.kind) {
        case HeadKind::Linear:
            return "linear";
        case HeadKind::Lws:
            return message("learned scales {} folded in (LWS)", printable(head.scales));
        case HeadKind::Cosine:
            return "cosine: rows are normalised in the forward pass, norms have no effect" +
                   (head.factor.empty() ? std::string()
                                        : "; logits times " + printable(head.factor));
        case HeadKind::WeightNorm:
            return message("weight norm, magnitudes {}", printable(head.magnitude));
        case HeadKind::Samn:
            return "SAMN head, folded";
        case HeadKind::Experts:
            return message("mean of {} experts, folded into one head", head.experts.size());
        case HeadKind::SampleDependent:
            return "depends on each sample (DisAlign, OLTR); not rescaled";
        }
        return {};
    };
    std::string text =
        kind() + (head.bias.empty() ? "; no bias" : "; bias " + printable(head.bias));
    if (head.orientation == Orientation::FeatureByClass)
        text += "; one column per class";
    if (head.background != BackgroundRow::None)
        text += message("; {} row is background", nameOf(head.background));
    return text;
}

} // namespace monotail
