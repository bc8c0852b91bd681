// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/sweep_report.h"

#include <algorithm>

#include "base/text.h"
#include "report/json_parts.h"
#include "report/text.h"

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

Row rowOf(std::string name, const AccuracyReport& report, RateWriter write)
{
    return {std::move(name),         write(report.classMean), write(report.top1),
            write(report.groups[0]), write(report.groups[1]), write(report.groups[2])};
}

std::string parameterName(const Sweep& sweep)
{
    const std::string name = nameOf(sweep.query.range);
    return name.substr(0, name.find(':'));
}

std::string projectionName(const Sweep& sweep)
{
    return sweep.query.bias == BiasRule::Drop ? "samn, bias dropped" : "samn";
}

bool crossFitted(const Sweep& sweep)
{
    return sweep.chosen.values.size() == 2;
}

/// Why this value is marked; empty for the others.
std::string markOf(const Sweep& sweep, double value)
{
    const std::vector<double>& values = sweep.chosen.values;
    if (values.empty())
        return {};
    const bool first = value == values.front();
    const bool second = value == values.back();
    if (!first && !second)
        return {};
    if (!crossFitted(sweep))
        return "chosen on validation data";
    return first && second ? "chosen on both halves"
           : first         ? "chosen on the first half"
                           : "chosen on the second half";
}

std::string chosenText(const Sweep& sweep)
{
    if (sweep.chosen.values.empty())
        return "n/a";
    std::vector<std::string> values;
    for (const double value : sweep.chosen.values)
        values.push_back(toText(value));
    if (crossFitted(sweep) && values[0] == values[1])
        values.pop_back();
    return joined(values, " and ");
}

Json chosenJson(const Sweep& sweep)
{
    const SweepChoice& chosen = sweep.chosen;
    if (chosen.values.empty())
        return nullptr;
    Json out{{"value", chosen.values.front()},
             {"on", chosen.on},
             {"values", chosen.values},
             {"criterion", "class_mean; of equal values the smallest parameter"}};
    out.update(metricsJson(chosen.accuracy));
    out["changes_from_projection"] =
        chosen.fromProjection ? detail::changesJson(*chosen.fromProjection) : Json(nullptr);
    return out;
}

} // namespace

Json sweepJson(const Sweep& sweep)
{
    const SweepQuery& query = sweep.query;
    Json out{
        {"schema", jsonSchema},
        {"parameter", parameterName(sweep)},
        {"range", {{"from", query.range.from}, {"to", query.range.to}, {"step", query.range.step}}},
        {"bias", query.bias == BiasRule::Drop ? "drop" : "keep"}};
    out["points"] = Json::array();
    for (const SweepPoint& point : sweep.points) {
        Json row{{"value", point.value}};
        row.update(metricsJson(point.accuracy));
        out["points"].push_back(std::move(row));
    }
    out["chosen"] = chosenJson(sweep);
    out["projection"] = nullptr;
    if (sweep.projection) {
        out["projection"] = {{"method", projectionName(sweep)}};
        out["projection"].update(metricsJson(*sweep.projection));
    }
    out["before"] = metricsJson(sweep.before);
    out["sensitivity"] = {{"metric", "class_mean"},
                          {"best", detail::rate(sweep.sensitivity.best)},
                          {"worst", detail::rate(sweep.sensitivity.worst)},
                          {"difference", detail::rate(sweep.sensitivity.difference)},
                          {"near_best", detail::rate(sweep.sensitivity.nearBest)}};
    out["groups"] = detail::groupsJson(sweep.groups);
    out["seed"] = query.seed;
    out["samples"] = sweep.samples;
    out["warnings"] = Json(sweep.warnings);
    return out;
}

Table sweepTable(const Sweep& sweep)
{
    Table table{
        {parameterName(sweep), "", "class-mean", "all (top-1)", "many", "medium", "few"}, {}, 2};
    const auto add = [&](std::string name, const AccuracyReport& report, std::string mark) {
        Row row = rowOf(std::move(name), report, forPeople);
        row.insert(row.begin() + 1, std::move(mark));
        table.rows.push_back(std::move(row));
    };
    for (const SweepPoint& point : sweep.points)
        add(toText(point.value), point.accuracy, markOf(sweep, point.value));
    add(message("chosen ({})", chosenText(sweep)), sweep.chosen.accuracy,
        crossFitted(sweep) ? "each half under the other's choice" : "");
    if (sweep.projection)
        add(projectionName(sweep), *sweep.projection, "no parameter");
    add("none (as it is)", sweep.before, "");
    return table;
}

Table sweepCsv(const Sweep& sweep)
{
    Table table{{"name", "value", "class_mean", "top1", "many", "medium", "few"}, {}, 1};
    const auto add = [&](const std::string& name, const std::string& value,
                         const AccuracyReport& report) {
        Row row = rowOf(name, report, inFull);
        row.insert(row.begin() + 1, value);
        table.rows.push_back(std::move(row));
    };
    for (const SweepPoint& point : sweep.points)
        add(parameterName(sweep), toText(point.value), point.accuracy);
    add("chosen", chosenText(sweep), sweep.chosen.accuracy);
    if (sweep.projection)
        add(projectionName(sweep), "", *sweep.projection);
    add("none", "", sweep.before);
    return table;
}

std::string describeSweep(const Sweep& sweep)
{
    const SweepChoice& chosen = sweep.chosen;
    const std::string parameter = parameterName(sweep);
    std::string out =
        chosen.values.empty()
            ? message("No value could be chosen on {}.\n", printable(chosen.on, 400))
            : message("Chosen by class-mean accuracy (of equal values the smallest) on {}: {} {}.\n"
                      "On samples it was not chosen on it gives class-mean {}, top-1 {}.\n",
                      printable(chosen.on, 400), parameter, chosenText(sweep),
                      rateText(chosen.accuracy.classMean), rateText(chosen.accuracy.top1));
    if (sweep.projection) {
        out += message("SAMN projection, without a parameter, gives {} and {}", //
                       rateText(sweep.projection->classMean), rateText(sweep.projection->top1));
        if (const auto change =
                chosen.fromProjection ? chosen.fromProjection->classMean : std::nullopt)
            out += message(
                "; choosing {} changes class-mean by {}{}", parameter, changeText(change),
                change->low <= 0 && change->high >= 0 ? ", which cannot be told from no change"
                                                      : "");
        out += ".\n";
    }
    const Sensitivity& found = sweep.sensitivity;
    if (found.best)
        out += message("Sensitivity over the {} values: class-mean from {} to {}, {} points; {} % "
                       "of the values are within 0.5 points of the best.\n",
                       sweep.points.size(), rateText(found.worst), rateText(found.best),
                       rateText(found.difference), rateText(found.nearBest, 0));
    return out;
}

} // namespace monotail
