// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text.h"

#include "base/text.h"

namespace monotail {

namespace {

constexpr double significance = 0.05;
constexpr std::size_t listedClasses = 6; ///< of a block, before "and N more"

std::string signedText(double value, int decimals)
{
    const std::string text = toText(value, decimals);
    return text.front() == '-' ? text : "+" + text;
}

std::string pText(double p)
{
    return p < 0.001 ? "< 0.001" : toText(p, 3);
}

std::string className(const ClassSet& classes, std::int64_t index)
{
    return printable(classes.names[static_cast<std::size_t>(index)], 24);
}

/// What a class's change is worth in words: with few images many changes mean nothing.
std::string verdict(const ClassChange& change, const ClassAccuracy& row)
{
    if (row.total == 0)
        return "no samples";
    if (change.gained + change.lost == 0)
        return "same";
    if (change.adjusted >= significance)
        return "cannot be told";
    return change.difference > 0 ? "better" : "worse";
}

std::string recallWithInterval(const ClassAccuracy& row)
{
    if (!row.recall)
        return "n/a";
    return message("{} [{}, {}]", rateText(row.recall), rateText(row.low), rateText(row.high));
}

std::vector<std::string> methodRow(const std::string& name, const AccuracyReport& report,
                                   const std::string& top1Change, const std::string& meanChange)
{
    return {name,
            rateText(report.groups[0]),
            rateText(report.groups[1]),
            rateText(report.groups[2]),
            rateText(report.top1),
            rateText(report.classMean),
            top1Change,
            meanChange};
}

std::string worstText(const ClassSet& classes, const AccuracyReport& report)
{
    if (!report.worstClass)
        return "n/a";
    return message("{} ({})", rateText(report.worstRecall), className(classes, *report.worstClass));
}

} // namespace

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

Table profileTable(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile)
{
    Table table{{"class", "images", "norm", "after", "scale", "block"}, {}, 1};
    if (head.hasBias())
        table.header.push_back("bias");
    for (const std::int64_t index : profile.fit.order) {
        const auto c = static_cast<std::size_t>(index);
        const std::int64_t block = profile.fit.blockOf[c];
        std::vector<std::string> row{
            className(classes, index),   toGroupedText(classes.counts[c]),
            toText(profile.norms[c], 3), toText(profile.fit.fitted[c], 3),
            toText(profile.scale[c], 3), block < 0 ? "-" : toText(block + 1)};
        if (head.hasBias())
            row.push_back(toText(double{head.bias[index]}, 3));
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table blockTable(const ClassSet& classes, const ClassProfile& profile)
{
    Table table{{"block", "classes", "ranks", "how many", "norm"}, {}, 2};
    for (const Block& block : profile.fit.blocks) {
        std::vector<std::string> names;
        for (std::size_t rank = block.begin; rank < block.end && names.size() < listedClasses;
             ++rank)
            names.push_back(className(classes, profile.fit.order[rank]));
        if (block.size() > names.size())
            names.push_back(message("and {} more", block.size() - names.size()));
        table.rows.push_back({std::to_string(table.rows.size() + 1), joined(names, ", "),
                              message("{}-{}", block.begin, block.end - 1),
                              std::to_string(block.size()), toText(block.value, 3)});
    }
    return table;
}

Table methodTable(const Evaluation& evaluation)
{
    Table table{{"method", "many", "medium", "few", "all (top-1)", "class-mean", "top-1 change",
                 "class-mean change"},
                {},
                1};
    table.rows.push_back(methodRow("none (as it is)", evaluation.before, "", ""));
    for (const MethodResult& result : evaluation.methods)
        table.rows.push_back(methodRow(result.rescaling.method, result.accuracy,
                                       changeText(result.comparison.top1),
                                       changeText(result.comparison.classMean)));
    return table;
}

Table classTable(const ClassSet& classes, const ClassProfile& profile, const Evaluation& evaluation,
                 const MethodResult& result)
{
    constexpr std::string_view shots[] = {"many", "medium", "few"};
    Table table{{"class", "group", "images", "norm", "after", "recall before", "recall after",
                 "change", "p (corrected)", "verdict"},
                {},
                2};
    for (const std::int64_t index : profile.fit.order) {
        const auto c = static_cast<std::size_t>(index);
        const ClassChange& change = result.comparison.perClass[c];
        const bool measured = evaluation.before.perClass[c].total > 0;
        table.rows.push_back({className(classes, index),
                              std::string(shots[static_cast<std::size_t>(evaluation.groups.of[c])]),
                              toGroupedText(classes.counts[c]), toText(profile.norms[c], 3),
                              toText(profile.norms[c] * result.rescaling.scale[c], 3),
                              recallWithInterval(evaluation.before.perClass[c]),
                              recallWithInterval(result.accuracy.perClass[c]),
                              measured ? signedText(change.difference, 1) : "n/a",
                              measured ? pText(change.adjusted) : "n/a",
                              verdict(change, evaluation.before.perClass[c])});
    }
    return table;
}

Table detailTable(const ClassSet& classes, const Evaluation& evaluation, const MethodResult& result)
{
    const AccuracyReport& before = evaluation.before;
    const AccuracyReport& after = result.accuracy;
    Table table{{"percent", "before", "after"}, {}, 1};
    const auto add = [&](const char* name, const Rate& was, const Rate& is) {
        table.rows.push_back({name, rateText(was), rateText(is)});
    };
    add("top-5", before.top5, after.top5);
    table.rows.push_back({"worst class", worstText(classes, before), worstText(classes, after)});
    add("worst decile of classes", before.worstDecile, after.worstDecile);
    add("the same classes followed", before.worstDecile, result.comparison.worstDecileFollowed);
    add("harmonic mean of the groups", before.harmonic, after.harmonic);
    add("few-shot samples called a many-shot class", before.tailAsHead, after.tailAsHead);
    add("calibration error (ECE, 15 bins)", before.calibration.ece, after.calibration.ece);
    if (before.fitted && after.fitted)
        add("  after one temperature, fitted on the other half", before.fitted->ece,
            after.fitted->ece);
    return table;
}

std::string describeReading(const ClassSet& classes, const Evaluation& evaluation)
{
    std::string out;
    if (evaluation.stored)
        out += message("The checkpoint stores {} = {}; measured {}.\n", evaluation.stored->name,
                       toText(evaluation.stored->percent, 2), rateText(evaluation.before.top1, 2));
    if (evaluation.witness && evaluation.witness->holds)
        out += message("The model's own logits are W f + b: largest error {} of their scale.\n",
                       toText(evaluation.witness->maxError));
    std::vector<std::string> negative;
    for (std::size_t c = 0; c < evaluation.negativeOwnShare.size(); ++c)
        if (evaluation.negativeOwnShare[c] > 0.5) // false for NaN, a class without samples
            negative.push_back(className(classes, static_cast<std::int64_t>(c)));
    if (negative.size() > listedClasses) {
        const std::size_t more = negative.size() - listedClasses;
        negative.resize(listedClasses);
        negative.push_back(message("and {} more", more));
    }
    if (!negative.empty())
        out +=
            message("Most samples of these classes have a negative w . f for their own class, so a "
                    "larger norm hurts them: {}.\n",
                    joined(negative, ", "));
    return out;
}

std::string describeEvaluation(const Evaluation& evaluation)
{
    const auto& sizes = evaluation.groups.sizes;
    return message("{} samples{}; groups \"{}\": {} ({}/{}/{} classes); scores on {}",
                   toGroupedText(evaluation.samples),
                   evaluation.split.empty() ? "" : " of split \"" + evaluation.split + "\"",
                   evaluation.groups.rule.preset, describe(evaluation.groups.rule), sizes[0],
                   sizes[1], sizes[2], evaluation.device);
}

} // namespace monotail
