// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/train_sweep_report.h"

#include "base/text.h"
#include "report/json_parts.h"
#include "report/retrain_report.h"
#include "report/text.h"

namespace monotail {

namespace {

using Row = std::vector<std::string>;

std::string inFull(const Rate& rate)
{
    return rate ? toText(*rate) : std::string();
}

bool crossFitted(const TrainSweep& sweep)
{
    return sweep.chosen.size() == 2;
}

std::string chosenText(const TrainSweep& sweep)
{
    if (sweep.chosen.empty())
        return "n/a";
    const double first = sweep.chosen.front(), last = sweep.chosen.back();
    return first == last ? toText(first) : message("{} and {}", first, last);
}

/// Why this value is marked; empty for the others.
std::string markOf(const TrainSweep& sweep, double value)
{
    if (sweep.chosen.empty())
        return {};
    const bool first = value == sweep.chosen.front();
    const bool second = value == sweep.chosen.back();
    if (!first && !second)
        return {};
    if (!crossFitted(sweep))
        return "chosen on validation data";
    return first && second ? "chosen on both halves"
           : first         ? "chosen on the first half"
                           : "chosen on the second half";
}

Row textRow(std::string name, std::string mark, const SeedSummary& summary)
{
    return {std::move(name),
            std::move(mark),
            spreadText(summary.classMean),
            spreadText(summary.top1),
            spreadText(summary.groups[0]),
            spreadText(summary.groups[1]),
            spreadText(summary.groups[2])};
}

Row csvRow(const std::string& name, const std::string& value, const SeedSummary& summary)
{
    Row row{name, value};
    for (const Spread& spread : {summary.classMean, summary.top1, summary.groups[0],
                                 summary.groups[1], summary.groups[2]}) {
        row.push_back(inFull(spread.mean));
        row.push_back(inFull(spread.deviation));
    }
    row.push_back(std::to_string(summary.runs));
    return row;
}

/// Of the choice only the class-mean is known on samples it was not made on.
SeedSummary chosenSummary(const TrainSweep& sweep)
{
    SeedSummary summary;
    summary.classMean = sweep.chosenClassMean;
    summary.runs = sweep.seeds;
    return summary;
}

Json pointJson(const TrainSweepPoint& point)
{
    Json out{{"value", point.value}};
    out.update(seedsJson(point.summary));
    out["runs"] = Json::array();
    for (const MeasuredRun& measured : point.runs) {
        const Run& run = measured.run;
        const auto& loss = run.chosen().loss;
        Json row{{"seed", run.recipe.seed},
                 {"chosen_epoch", run.chosenEpoch},
                 {"loss", loss ? Json(*loss) : Json(nullptr)},
                 {"seconds", run.seconds}};
        row.update(metricsJson(measured.accuracy));
        out["runs"].push_back(std::move(row));
    }
    return out;
}

Json chosenJson(const TrainSweep& sweep)
{
    if (sweep.chosen.empty())
        return nullptr;
    return {{"value", sweep.chosen.front()},
            {"values", sweep.chosen},
            {"on", sweep.chosenOn},
            {"criterion", "class_mean; of equal values the smallest"},
            {"class_mean", detail::rate(sweep.chosenClassMean.mean)},
            {"deviation", detail::rate(sweep.chosenClassMean.deviation)}};
}

} // namespace

Json trainSweepJson(const TrainSweep& sweep)
{
    Json out{{"schema", jsonSchema},
             {"parameter", sweep.range.parameter},
             {"values", sweep.range.values},
             {"preset", textOrNull(sweep.recipe.preset)},
             {"axes", axesJson(sweep.recipe)},
             {"hyperparameters", hyperparametersJson(sweep.recipe)},
             {"features", cachedFeatures},
             {"seed", sweep.recipe.seed},
             {"seeds", sweep.seeds}};
    out["points"] = Json::array();
    for (const TrainSweepPoint& point : sweep.points)
        out["points"].push_back(pointJson(point));
    out["chosen"] = chosenJson(sweep);
    out["beside"] = Json::array();
    for (const SweepLine& line : sweep.beside) {
        Json row{{"name", line.name}};
        row.update(seedsJson(line.summary));
        out["beside"].push_back(std::move(row));
    }
    out["sensitivity"] = {{"metric", "class_mean"},
                          {"best", detail::rate(sweep.sensitivity.best)},
                          {"worst", detail::rate(sweep.sensitivity.worst)},
                          {"difference", detail::rate(sweep.sensitivity.difference)},
                          {"near_best", detail::rate(sweep.sensitivity.nearBest)}};
    out["groups"] = detail::groupsJson(sweep.groups);
    out["samples"] = sweep.samples;
    out["warnings"] = Json(sweep.warnings);
    return out;
}

Table trainSweepTable(const TrainSweep& sweep)
{
    Table table{
        {sweep.range.parameter, "", "class-mean", "all (top-1)", "many", "medium", "few"}, {}, 2};
    for (const TrainSweepPoint& point : sweep.points)
        table.rows.push_back(
            textRow(toText(point.value), markOf(sweep, point.value), point.summary));
    table.rows.push_back(textRow(message("chosen ({})", chosenText(sweep)),
                                 crossFitted(sweep) ? "each half under the other's choice" : "",
                                 chosenSummary(sweep)));
    for (const SweepLine& line : sweep.beside)
        table.rows.push_back(textRow(line.name, "beside the sweep", line.summary));
    return table;
}

Table trainSweepCsv(const TrainSweep& sweep)
{
    Table table{{"name", "value", "class_mean", "class_mean_deviation", "top1", "top1_deviation",
                 "many", "many_deviation", "medium", "medium_deviation", "few", "few_deviation",
                 "seeds"},
                {},
                1};
    for (const TrainSweepPoint& point : sweep.points)
        table.rows.push_back(csvRow(sweep.range.parameter, toText(point.value), point.summary));
    table.rows.push_back(csvRow("chosen", chosenText(sweep), chosenSummary(sweep)));
    for (const SweepLine& line : sweep.beside)
        table.rows.push_back(csvRow(line.name, "", line.summary));
    return table;
}

std::string describeTrainSweep(const TrainSweep& sweep)
{
    const std::string& parameter = sweep.range.parameter;
    std::string out =
        sweep.chosen.empty()
            ? message("No value could be chosen on {}.\n", printable(sweep.chosenOn, 400))
            : message("Chosen by class-mean accuracy (of equal values the smallest) on {}: {} {}.\n"
                      "On samples it was not chosen on it gives class-mean {}.\n",
                      printable(sweep.chosenOn, 400), parameter, chosenText(sweep),
                      spreadText(sweep.chosenClassMean));
    const Sensitivity& found = sweep.sensitivity;
    if (found.best)
        out += message("Sensitivity over the {} values: class-mean from {} to {}, {} points; {} % "
                       "of the values are within 0.5 points of the best.\n",
                       sweep.points.size(), rateText(found.worst), rateText(found.best),
                       rateText(found.difference), rateText(found.nearBest, 0));
    for (const SweepLine& line : sweep.beside)
        out += message("{} gives class-mean {} without it.\n", line.name,
                       spreadText(line.summary.classMean));
    return out;
}

} // namespace monotail
