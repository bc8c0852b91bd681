// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison_report.h"

#include "base/text.h"
#include "report/json_parts.h"
#include "report/text.h"

namespace monotail {

namespace {

using Row = std::vector<std::string>;

constexpr std::string_view shotNames[] = {"many", "medium", "few"};

std::string groupOf(const HeadComparison& comparison, std::size_t c)
{
    return std::string(shotNames[static_cast<std::size_t>(comparison.groups.of[c])]);
}

std::string_view verdictIn(const HeadComparison& comparison, std::size_t c)
{
    return verdictOf(comparison.comparison.perClass[c],
                     comparison.before.accuracy.perClass[c].total);
}

Json headJson(const ComparedHead& head)
{
    Json out{{"name", head.name}};
    out.update(metricsJson(head.accuracy));
    out["group_confusion"] = detail::confusionJson(head.accuracy.confusion);
    return out;
}

Json classJson(const HeadComparison& comparison, const ClassSet& classes, std::size_t c)
{
    const ClassChange& change = comparison.comparison.perClass[c];
    const ClassAccuracy& before = comparison.before.accuracy.perClass[c];
    return {{"index", c},
            {"name", classes.names[c]},
            {"count", classes.counts[c]},
            {"group", groupOf(comparison, c)},
            {"total", before.total},
            {"before", detail::rate(before.recall)},
            {"after", detail::rate(comparison.after.accuracy.perClass[c].recall)},
            {"difference", change.difference},
            {"gained", change.gained},
            {"lost", change.lost},
            {"p", change.p},
            {"p_adjusted", change.adjusted},
            {"verdict", verdictIn(comparison, c)}};
}

std::string pText(double p)
{
    return p < 0.001 ? "< 0.001" : toText(p, 3);
}

std::string inFull(const Rate& rate)
{
    return rate ? toText(*rate) : std::string();
}

} // namespace

Json comparisonJson(const HeadComparison& comparison, const ClassSet& classes)
{
    Json out{{"schema", jsonSchema}};
    out["before"] = headJson(comparison.before);
    out["after"] = headJson(comparison.after);
    out["mcnemar"] = detail::mcnemarJson(comparison.comparison);
    out["changes"] = detail::changesJson(comparison.comparison);
    out["classes"] = Json::array();
    for (const std::int64_t c : comparison.order)
        out["classes"].push_back(classJson(comparison, classes, static_cast<std::size_t>(c)));
    out["groups"] = detail::groupsJson(comparison.groups);
    out["samples"] = comparison.samples;
    out["warnings"] = Json::array();
    return out;
}

Table comparisonTable(const HeadComparison& comparison)
{
    Table table{{"percent", "first", "second", "change"}, {}, 1};
    const AccuracyReport& before = comparison.before.accuracy;
    const AccuracyReport& after = comparison.after.accuracy;
    const auto add = [&](std::string name, const Rate& was, const Rate& is, std::string change) {
        table.rows.push_back({std::move(name), rateText(was), rateText(is), std::move(change)});
    };
    add("all (top-1)", before.top1, after.top1, changeText(comparison.comparison.top1));
    add("class-mean", before.classMean, after.classMean,
        changeText(comparison.comparison.classMean));
    for (std::size_t g = 0; g < 3; ++g)
        add(std::string(shotNames[g]), before.groups[g], after.groups[g],
            changeText(comparison.comparison.groups[g]));
    add("worst tenth of the classes", before.worstDecile, after.worstDecile, "");
    add("those that were the worst tenth in the first", before.worstDecile,
        comparison.comparison.worstDecileFollowed, "");
    add("top-5", before.top5, after.top5, "");
    add("calibration error (ECE, 15 bins)", before.calibration.ece, after.calibration.ece, "");
    return table;
}

Table comparedClassTable(const HeadComparison& comparison, const ClassSet& classes)
{
    Table table{
        {"class", "group", "images", "samples", "first", "second", "change", "p", "verdict"},
        {},
        2};
    for (const std::int64_t index : comparison.order) {
        const auto c = static_cast<std::size_t>(index);
        const ClassChange& change = comparison.comparison.perClass[c];
        const ClassAccuracy& before = comparison.before.accuracy.perClass[c];
        table.rows.push_back({className(classes, index), groupOf(comparison, c),
                              toGroupedText(classes.counts[c]), toGroupedText(before.total),
                              rateText(before.recall),
                              rateText(comparison.after.accuracy.perClass[c].recall),
                              differenceText(change.difference), pText(change.adjusted),
                              std::string(verdictIn(comparison, c))});
    }
    return table;
}

Table comparedClassCsv(const HeadComparison& comparison, const ClassSet& classes)
{
    Table table{{"index", "name", "group", "count", "samples", "before", "after", "difference",
                 "gained", "lost", "p", "p_adjusted", "verdict"},
                {},
                3};
    for (const std::int64_t index : comparison.order) {
        const auto c = static_cast<std::size_t>(index);
        const ClassChange& change = comparison.comparison.perClass[c];
        const ClassAccuracy& before = comparison.before.accuracy.perClass[c];
        table.rows.push_back(
            {toText(index), classes.names[c], groupOf(comparison, c), toText(classes.counts[c]),
             toText(before.total), inFull(before.recall),
             inFull(comparison.after.accuracy.perClass[c].recall), toText(change.difference),
             toText(change.gained), toText(change.lost), toText(change.p), toText(change.adjusted),
             std::string(verdictIn(comparison, c))});
    }
    return table;
}

std::string describeComparison(const HeadComparison& comparison)
{
    std::int64_t better = 0, worse = 0, untold = 0, same = 0;
    for (const std::int64_t index : comparison.order) {
        const std::string_view verdict = verdictIn(comparison, static_cast<std::size_t>(index));
        ++(verdict == "better"  ? better
           : verdict == "worse" ? worse
           : verdict == "same"  ? same
                                : untold);
    }
    const Comparison& found = comparison.comparison;
    return message(
        "{} sample{} gained, {} lost from the first to the second (McNemar exact p {}).\n"
        "Of {} classes {} are better, {} worse, {} the same; of {} it cannot be told.\n",
        toGroupedText(found.gained), found.gained == 1 ? "" : "s", toGroupedText(found.lost),
        found.p < 0.001 ? "< 0.001" : "= " + toText(found.p, 3),
        toGroupedText(static_cast<std::int64_t>(comparison.order.size())), better, worse, same,
        untold);
}

} // namespace monotail
