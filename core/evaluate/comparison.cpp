// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/comparison.h"

#include "base/text.h"
#include "evaluate/bootstrap.h"
#include "evaluate/statistics.h"

namespace monotail {

namespace {

std::vector<PairedCounts> countPairs(const Predictions& before, const Predictions& after,
                                     const std::vector<std::int64_t>& labels, std::size_t classes)
{
    std::vector<PairedCounts> counts(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        PairedCounts& own = counts[static_cast<std::size_t>(labels[i])];
        const bool wasRight = before.predicted[i] == labels[i];
        const bool isRight = after.predicted[i] == labels[i];
        ++own.total;
        own.gained += isRight && !wasRight ? 1 : 0;
        own.lost += wasRight && !isRight ? 1 : 0;
    }
    return counts;
}

std::vector<ClassChange> classChanges(const std::vector<PairedCounts>& counts)
{
    std::vector<ClassChange> changes(counts.size());
    std::vector<double> p;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        const PairedCounts& own = counts[c];
        if (own.total == 0)
            continue;
        changes[c] = {own.gained, own.lost,
                      100 * static_cast<double>(own.gained - own.lost) /
                          static_cast<double>(own.total),
                      mcnemarExact(own.gained, own.lost), 1};
        p.push_back(changes[c].p);
    }
    const std::vector<double> adjusted = benjaminiHochberg(p);
    std::size_t next = 0;
    for (std::size_t c = 0; c < counts.size(); ++c)
        if (counts[c].total > 0)
            changes[c].adjusted = adjusted[next++];
    return changes;
}

/// Mean recall, after, of the classes that were worst before.
Rate followed(const AccuracyReport& before, const std::vector<ClassChange>& changes)
{
    if (before.worstDecileClasses.empty())
        return std::nullopt;
    double sum = 0;
    for (const std::int64_t c : before.worstDecileClasses) {
        const auto at = static_cast<std::size_t>(c);
        sum += before.perClass[at].recall.value_or(0) + changes[at].difference;
    }
    return sum / static_cast<double>(before.worstDecileClasses.size());
}

std::string harmSentence(const char* what, const Change& change)
{
    return message("{} accuracy falls by {} points (95 % interval {} to {})", what,
                   toText(-change.difference, 1), toText(change.low, 1), toText(change.high, 1));
}

} // namespace

Comparison comparePredictions(const Predictions& before, const Predictions& after,
                              const std::vector<std::int64_t>& labels, const ShotGroups& groups,
                              const AccuracyReport& beforeReport, std::uint64_t seed,
                              int replicates)
{
    if (before.predicted.size() != labels.size() || after.predicted.size() != labels.size() ||
        beforeReport.perClass.size() != groups.of.size())
        throw Error(message("predictions of {} samples before and {} after do not fit {} labels",
                            before.predicted.size(), after.predicted.size(), labels.size()));
    const std::vector<PairedCounts> counts = countPairs(before, after, labels, groups.of.size());
    Comparison comparison;
    for (const PairedCounts& own : counts) {
        comparison.gained += own.gained;
        comparison.lost += own.lost;
    }
    comparison.p = mcnemarExact(comparison.gained, comparison.lost);
    MeanChanges means;
    if (replicates > 0)
        means = bootstrapChanges(counts, groups, seed, replicates);
    comparison.top1 = means.top1;
    comparison.classMean = means.classMean;
    comparison.groups = means.groups;
    comparison.perClass = classChanges(counts);
    comparison.worstDecileFollowed = followed(beforeReport, comparison.perClass);
    return comparison;
}

std::string_view verdictOf(const ClassChange& change, std::int64_t samples)
{
    constexpr double significance = 0.05;
    if (samples == 0)
        return "no samples";
    if (change.gained + change.lost == 0)
        return "same";
    if (change.adjusted >= significance)
        return "cannot be told";
    return change.difference > 0 ? "better" : "worse";
}

Warnings harms(const Comparison& comparison)
{
    Warnings out;
    const auto add = [&](const char* what, const std::optional<Change>& change) {
        if (change && change->high < 0)
            out.push_back(harmSentence(what, *change));
    };
    add("class-mean", comparison.classMean);
    add("many-shot", comparison.groups[0]);
    add("medium-shot", comparison.groups[1]);
    add("few-shot", comparison.groups[2]);
    return out;
}

} // namespace monotail
