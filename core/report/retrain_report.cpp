// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/retrain_report.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/json_parts.h"
#include "report/text.h"
#include "retrain/presets.h"

namespace monotail {

namespace {

using Row = std::vector<std::string>;
using RateWriter = std::string (*)(const Rate&);

std::string forPeople(const Rate& rate)
{
    return rateText(rate);
}

std::string inFull(const Rate& rate)
{
    return rate ? toText(*rate) : std::string();
}

/// The rates to show, and what they are on.
struct Shown
{
    std::string on;
    CurvePoint point;
};

Shown shownOf(const RunEntry& entry)
{
    if (entry.test)
        return {"test", {entry.test->top1, entry.test->classMean, entry.test->groups}};
    if (const auto& validation = entry.run->chosen().validation)
        return {"validation", *validation};
    return {"-", {}};
}

Row rates(const CurvePoint& point, RateWriter write)
{
    return {write(point.top1), write(point.classMean), write(point.groups[0]),
            write(point.groups[1]), write(point.groups[2])};
}

Row joinedRow(Row first, const Row& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Row spreads(const SeedSummary& summary)
{
    return {spreadText(summary.top1), spreadText(summary.classMean), spreadText(summary.groups[0]),
            spreadText(summary.groups[1]), spreadText(summary.groups[2])};
}

/// To three digits that count.
double rounded(double value)
{
    if (!(value > 0))
        return value;
    const double unit = std::pow(10, 2 - std::floor(std::log10(value)));
    return std::round(value * unit) / unit;
}

/// Of what the table shows of each run.
SeedSummary summaryOf(const std::vector<RunEntry>& runs)
{
    const auto over = [&](auto rate) {
        std::vector<Rate> rates;
        rates.reserve(runs.size());
        for (const RunEntry& entry : runs)
            rates.push_back(rate(shownOf(entry).point));
        return spreadOf(rates);
    };
    SeedSummary out;
    out.top1 = over([](const CurvePoint& point) { return point.top1; });
    out.classMean = over([](const CurvePoint& point) { return point.classMean; });
    for (std::size_t g = 0; g < out.groups.size(); ++g)
        out.groups[g] = over([g](const CurvePoint& point) { return point.groups[g]; });
    return out;
}

} // namespace

std::vector<RunEntry> entriesOf(const std::vector<MeasuredRun>& runs)
{
    std::vector<RunEntry> out;
    out.reserve(runs.size());
    for (const MeasuredRun& run : runs)
        out.push_back({&run.run, run.accuracy.top1 ? &run.accuracy : nullptr});
    return out;
}

std::string spreadText(const Spread& spread)
{
    return spread.deviation ? message("{} ± {}", rateText(spread.mean), rateText(spread.deviation))
                            : rateText(spread.mean);
}

Table runTable(const std::vector<RunEntry>& runs)
{
    Table table{{"run", "recipe", "on", "seed", "epochs", "chosen", "loss", "top-1", "class-mean",
                 "many", "medium", "few"},
                {},
                3};
    for (const RunEntry& entry : runs) {
        const Run& run = *entry.run;
        const Shown shown = shownOf(entry);
        const auto& loss = run.chosen().loss;
        table.rows.push_back(
            joinedRow({std::to_string(run.number), shortName(run.recipe), shown.on,
                       std::to_string(run.recipe.seed), std::to_string(run.recipe.epochs),
                       std::to_string(run.chosenEpoch), loss ? toText(*loss, 4) : "n/a"},
                      rates(shown.point, forPeople)));
    }
    return table;
}

Table runCsv(const std::vector<RunEntry>& runs)
{
    Table table{{"run", "recipe", "settings", "measured_on", "seed", "epochs", "chosen_epoch",
                 "chosen_by", "loss", "top1", "class_mean", "many", "medium", "few", "seconds",
                 "device", "threads"},
                {},
                4};
    for (const RunEntry& entry : runs) {
        const Run& run = *entry.run;
        const Shown shown = shownOf(entry);
        Row row =
            joinedRow({std::to_string(run.number), shortName(run.recipe), describe(run.recipe),
                       shown.on, std::to_string(run.recipe.seed), std::to_string(run.recipe.epochs),
                       std::to_string(run.chosenEpoch), run.chosenBy, inFull(run.chosen().loss)},
                      rates(shown.point, inFull));
        table.rows.push_back(joinedRow(
            std::move(row), {toText(run.seconds), run.device, std::to_string(run.threads)}));
    }
    return table;
}

Table seedTable(const std::vector<MeasuredRun>& runs, const SeedSummary* before)
{
    const std::vector<RunEntry> entries = entriesOf(runs);
    Table table = runTable(entries);
    const auto row = [](std::string name, std::string on, const SeedSummary& summary) {
        return joinedRow({"", std::move(name), std::move(on), "", "", "", ""}, spreads(summary));
    };
    if (before)
        table.rows.insert(table.rows.begin(), row("none (as it is)", "test", *before));
    if (runs.size() > 1)
        table.rows.push_back(row(message("mean ± deviation of {} seeds", runs.size()),
                                 shownOf(entries.front()).on, summaryOf(entries)));
    return table;
}

Table epochTable(const Run& run)
{
    const bool validated = run.epochs.front().validation.has_value();
    Table table{{"epoch", "", "rate", "loss", "blocks"}, {}, 2};
    if (validated)
        table.header = joinedRow(table.header, {"top-1", "class-mean", "many", "medium", "few"});
    for (const EpochRecord& record : run.epochs) {
        const bool chosen = record.epoch == run.chosenEpoch;
        Row row{std::to_string(record.epoch), chosen ? "chosen" : "",
                record.rate ? toText(rounded(*record.rate)) : "-",
                record.loss ? toText(*record.loss, 4) : "-", std::to_string(record.blocks.size())};
        if (validated)
            row = joinedRow(std::move(row), rates(*record.validation, forPeople));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string describeRun(const Run& run)
{
    std::string out = message("{}: {}\n", shortName(run.recipe), describe(run.recipe));
    if (!run.recipe.preset.empty()) {
        const Preset& preset = presetNamed(run.recipe.preset);
        out += message("settings: {}{}\n", preset.source,
                       preset.note.empty() ? "" : message(" ({})", preset.note));
    }
    out += message("{} in {} s on {}; {}\n",
                   run.recipe.epochs > 0 ? "trained on " + printable(run.trainedOn, 400)
                                         : "folded without training",
                   toText(run.seconds, 1), run.device, cachedFeaturesNote);
    out += message("epoch {} of {} is taken: {}\n", run.chosenEpoch, run.recipe.epochs,
                   printable(run.chosenBy, 400));
    const std::vector<double>& norms = run.chosen().norms;
    if (!norms.empty()) {
        const auto [least, most] = std::minmax_element(norms.begin(), norms.end());
        out += message(
            "norms from {} to {}, {} of {} classes by {}\n", toText(rounded(*least)),
            toText(rounded(*most)),
            run.chosen().blocks.size() == 1 ? "one block"
                                            : message("{} blocks", run.chosen().blocks.size()),
            norms.size(), run.recipe.norms == NormRule::Samn ? "SAMN's raw" : "the monotone fit");
    }
    return out;
}

} // namespace monotail
