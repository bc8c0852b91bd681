// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "report/text.h"

namespace monotail {

namespace {

using Row = std::vector<std::string>;

constexpr std::string_view shotNames[] = {"many", "medium", "few"};

std::string pText(double p)
{
    return p < 0.001 ? "< 0.001" : toText(p, 3);
}

std::string verdict(const ClassChange& change, const ClassAccuracy& row)
{
    return std::string(verdictOf(change, row.total));
}

std::string recallWithInterval(const ClassAccuracy& row)
{
    if (!row.recall)
        return "n/a";
    return message("{} [{}, {}]", rateText(row.recall), rateText(row.low), rateText(row.high));
}

Row methodRow(const std::string& name, const AccuracyReport& report)
{
    return {name,
            rateText(report.groups[0]),
            rateText(report.groups[1]),
            rateText(report.groups[2]),
            rateText(report.top1),
            rateText(report.classMean)};
}

std::string worstText(const ClassSet& classes, const AccuracyReport& report)
{
    if (!report.worstClass)
        return "n/a";
    return message("{} ({})", rateText(report.worstRecall), className(classes, *report.worstClass));
}

std::string shotName(const Evaluation& evaluation, std::size_t c)
{
    return std::string(shotNames[static_cast<std::size_t>(evaluation.groups.of[c])]);
}

/// A rate in full, for a file; empty if there is none.
std::string plain(const Rate& rate)
{
    return rate ? toText(*rate) : std::string();
}

/// "1,234 (56.7 %)"; "n/a" for a group without samples.
std::string confusionText(const GroupConfusion& confusion, Shot truth, Shot predicted)
{
    const std::optional<double> share = confusion.share(truth, predicted);
    if (!share)
        return "n/a";
    const std::int64_t count =
        confusion.counts[static_cast<std::size_t>(truth)][static_cast<std::size_t>(predicted)];
    return message("{} ({} %)", toGroupedText(count), toText(*share, 1));
}

void addChange(Row& row, const std::optional<Change>& change)
{
    row.push_back(change ? toText(change->difference) : "");
    row.push_back(change ? toText(change->low) : "");
    row.push_back(change ? toText(change->high) : "");
}

Row methodCsvRow(const std::string& name, const AccuracyReport& report, const Comparison* change)
{
    Row row{name,
            plain(report.groups[0]),
            plain(report.groups[1]),
            plain(report.groups[2]),
            plain(report.top1),
            plain(report.classMean)};
    addChange(row, change ? change->top1 : std::nullopt);
    addChange(row, change ? change->classMean : std::nullopt);
    for (std::size_t g = 0; g < 3; ++g)
        addChange(row, change ? change->groups[g] : std::nullopt);
    return row;
}

template <typename Use>
void forHeadrooms(const Evaluation& evaluation, Use use)
{
    if (!evaluation.headroom)
        return;
    for (const auto* headroom : {&evaluation.headroom->scale, &evaluation.headroom->bias})
        if (*headroom)
            use((*headroom)->fits[0].rescaling.method, **headroom);
}

} // namespace

Table profileTable(const ClassifierHead& head, const ClassSet& classes, const ClassProfile& profile)
{
    Table table{{"class", "index", "images", "norm", "after", "scale", "block"}, {}, 1};
    if (head.hasBias())
        table.header.push_back("bias");
    for (const std::int64_t index : profile.fit.order) {
        const auto c = static_cast<std::size_t>(index);
        const std::int64_t block = profile.fit.blockOf[c];
        Row row{className(classes, index),          toText(index),
                toGroupedText(classes.counts[c]),   toText(profile.norms[c], 3),
                toText(profile.fit.fitted[c], 3),   toText(profile.scale[c], 3),
                block < 0 ? "-" : toText(block + 1)};
        if (head.hasBias())
            row.push_back(toText(double{head.bias[index]}, 3));
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table blockCsv(const ClassSet& classes, const ClassProfile& profile)
{
    Table table{{"block", "class", "index", "rank", "norm"}, {}, 2};
    for (std::size_t b = 0; b < profile.fit.blocks.size(); ++b) {
        const Block& block = profile.fit.blocks[b];
        for (std::size_t rank = block.begin; rank < block.end; ++rank) {
            const std::int64_t index = profile.fit.order[rank];
            table.rows.push_back(
                {std::to_string(b + 1), classes.names[static_cast<std::size_t>(index)],
                 std::to_string(index), std::to_string(rank), toText(block.value)});
        }
    }
    return table;
}

Table blockTable(const ClassSet& classes, const ClassProfile& profile)
{
    Table table{{"block", "classes", "how many", "norm"}, {}, 2};
    for (const Block& block : profile.fit.blocks) {
        std::vector<std::string> names;
        for (std::size_t rank = block.begin; rank < block.end; ++rank)
            names.push_back(className(classes, profile.fit.order[rank]));
        table.rows.push_back({std::to_string(table.rows.size() + 1), listed(names),
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
    const auto add = [&](const std::string& name, const AccuracyReport& report,
                         const std::string& top1, const std::string& mean) {
        Row row = methodRow(name, report);
        row.push_back(top1);
        row.push_back(mean);
        table.rows.push_back(std::move(row));
    };
    add("none (as it is)", evaluation.before, "", "");
    for (const MethodResult& result : evaluation.methods)
        if (result.rescaling.method != "none")
            add(result.rescaling.method, result.accuracy, changeText(result.comparison.top1),
                changeText(result.comparison.classMean));
    forHeadrooms(evaluation, [&](const std::string& name, const Headroom& headroom) {
        add(name + " (cross-fitted)", headroom.accuracy, changeText(headroom.comparison.top1),
            changeText(headroom.comparison.classMean));
    });
    return table;
}

Table methodCsv(const Evaluation& evaluation)
{
    Table table{{"method", "many", "medium", "few", "top1", "class_mean"}, {}, 1};
    for (const char* what : {"top1", "class_mean", "many", "medium", "few"})
        for (const char* part : {"change", "low", "high"})
            table.header.push_back(message("{}_{}", what, part));
    table.rows.push_back(methodCsvRow("none", evaluation.before, nullptr));
    for (const MethodResult& result : evaluation.methods)
        if (result.rescaling.method != "none")
            table.rows.push_back(
                methodCsvRow(result.rescaling.method, result.accuracy, &result.comparison));
    forHeadrooms(evaluation, [&](const std::string& name, const Headroom& headroom) {
        table.rows.push_back(methodCsvRow(name, headroom.accuracy, &headroom.comparison));
    });
    return table;
}

Table classTable(const ClassSet& classes, const ClassProfile& profile, const Evaluation& evaluation,
                 const MethodResult& result)
{
    Table table{{"class", "group", "images", "norm", "after", "recall before", "recall after",
                 "change", "p", "verdict"},
                {},
                2};
    for (const std::int64_t index : profile.fit.order) {
        const auto c = static_cast<std::size_t>(index);
        const ClassChange& change = result.comparison.perClass[c];
        const bool measured = evaluation.before.perClass[c].total > 0;
        table.rows.push_back({className(classes, index), shotName(evaluation, c),
                              toGroupedText(classes.counts[c]), toText(profile.norms[c], 3),
                              toText(profile.norms[c] * result.rescaling.scale[c], 3),
                              recallWithInterval(evaluation.before.perClass[c]),
                              recallWithInterval(result.accuracy.perClass[c]),
                              measured ? differenceText(change.difference) : "n/a",
                              measured ? pText(change.adjusted) : "n/a",
                              verdict(change, evaluation.before.perClass[c])});
    }
    return table;
}

Table classCsv(const ClassSet& classes, const ClassProfile& profile, const Evaluation& evaluation,
               const MethodResult& result)
{
    Table table{{"index", "name", "group", "count", "norm_before", "norm_after", "samples",
                 "recall_before", "low_before", "high_before", "recall_after", "low_after",
                 "high_after", "difference", "p_adjusted", "verdict"},
                {},
                3};
    for (const std::int64_t index : profile.fit.order) {
        const auto c = static_cast<std::size_t>(index);
        const ClassAccuracy& before = evaluation.before.perClass[c];
        const ClassAccuracy& after = result.accuracy.perClass[c];
        const ClassChange& change = result.comparison.perClass[c];
        table.rows.push_back(
            {toText(index), classes.names[c], shotName(evaluation, c), toText(classes.counts[c]),
             toText(profile.norms[c]), toText(profile.norms[c] * result.rescaling.scale[c]),
             toText(before.total), plain(before.recall), plain(before.low), plain(before.high),
             plain(after.recall), plain(after.low), plain(after.high), toText(change.difference),
             toText(change.adjusted), verdict(change, before)});
    }
    return table;
}

Table groupConfusionTable(const Evaluation& evaluation, const MethodResult& result)
{
    Table table{{"true group"}, {}, 1};
    for (const char* when : {"before", "after"})
        for (const std::string_view shot : shotNames)
            table.header.push_back(message("{}: as {}", when, shot));
    for (const Shot truth : allShots) {
        Row row{std::string(shotNames[static_cast<std::size_t>(truth)])};
        for (const AccuracyReport* report : {&evaluation.before, &result.accuracy})
            for (const Shot predicted : allShots)
                row.push_back(confusionText(report->confusion, truth, predicted));
        table.rows.push_back(std::move(row));
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
    add("worst tenth of the classes", before.worstDecile, after.worstDecile);
    add("those that were the worst tenth before", before.worstDecile,
        result.comparison.worstDecileFollowed);
    add("harmonic mean of the groups", before.harmonic, after.harmonic);
    add("few-shot samples called a many-shot class", before.tailAsHead, after.tailAsHead);
    add("calibration error (ECE, 15 bins)", before.calibration.ece, after.calibration.ece);
    if (before.fitted && after.fitted)
        add("  after one temperature, fitted on the other half", before.fitted->ece,
            after.fitted->ece);
    return table;
}

} // namespace monotail
