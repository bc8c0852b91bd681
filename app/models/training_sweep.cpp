// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that differ in one number.
#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/text.h"
#include "evaluate/choosing.h"
#include "models/training_charts.h"
#include "report/text.h"
#include "words/recipe_words.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr double logFrom = 20; // largest over smallest value: from here on the axis is logarithmic

QString tr(const char* text)
{
    return QCoreApplication::translate("TrainingCharts", text);
}

using ByValue = std::map<double, std::vector<const KeptRun*>>;

ByValue measuredOf(const std::vector<KeptRun>& runs, int request)
{
    ByValue byValue;
    for (const KeptRun& run : runs)
        if (run.request == request && run.swept && isMeasured(run))
            byValue[run.swept->value].push_back(&run);
    return byValue;
}

SeedSummary summaryOf(const std::vector<const KeptRun*>& runs)
{
    std::vector<const MeasuredRun*> measured;
    for (const KeptRun* run : runs)
        measured.push_back(run->result.get());
    return summarise(measured);
}

QString sweptName(const ByValue& byValue)
{
    return hyperparameterWord(byValue.begin()->second.front()->swept->parameter).name;
}

/// Logarithmic where values span so much that they would lie on each other; 0 has a place of its
/// own at the left.
std::vector<double> placesOf(const ByValue& byValue)
{
    std::vector<double> values;
    for (const auto& [value, runs] : byValue)
        values.push_back(value);
    const auto positive =
        std::find_if(values.begin(), values.end(), [](double value) { return value > 0; });
    if (values.front() < 0 || positive == values.end() || values.back() / *positive < logFrom)
        return values;
    const double zero = std::log10(*positive) - 1;
    for (double& value : values)
        value = value > 0 ? std::log10(value) : zero;
    return values;
}

/// Finished recipes with nothing to tune, each by its mean over the seeds that were run.
std::vector<CurveLevel> parameterFree(const std::vector<KeptRun>& runs, const KeptRun& sweep)
{
    std::vector<CurveLevel> levels;
    std::vector<const KeptRun*> done;
    for (const KeptRun& run : runs) {
        const bool isFree = !run.recipe.preset.empty() && !run.swept &&
                            presetNamed(run.recipe.preset).hyperparameters.empty();
        if (!isFree || !isMeasured(run) || run.on != sweep.on)
            continue;
        if (std::any_of(done.begin(), done.end(), [&](const KeptRun* other) {
                return sameButSeed(other->recipe, run.recipe);
            }))
            continue;
        done.push_back(&run);
        std::vector<const KeptRun*> seeds;
        for (const KeptRun& other : runs)
            if (isMeasured(other) && other.on == run.on && sameButSeed(other.recipe, run.recipe))
                seeds.push_back(&other);
        const Rate mean = summaryOf(seeds).classMean.mean;
        if (!mean)
            continue;
        const QString name = QString::fromStdString(shortName(run.recipe));
        levels.push_back(
            {*mean, tr("%1, no parameter: %2").arg(name, QString::fromStdString(rateText(mean, 2))),
             name});
    }
    return levels;
}

/// By class-mean accuracy on validation data, which is known of heads that nothing is done to.
std::optional<double> chosenValue(const ByValue& byValue)
{
    std::optional<double> chosen;
    double best = -1;
    for (const auto& [value, runs] : byValue) {
        std::vector<Rate> rates;
        for (const KeptRun* run : runs) {
            const Run& done = run->result->run;
            const bool isBare = done.recipe.afterwards.kind == MethodKind::None;
            const auto& point = done.chosen().validation;
            rates.push_back(isBare && point ? point->classMean : std::nullopt);
        }
        const Rate mean = spreadOf(rates).mean;
        if (mean && *mean > best) {
            best = *mean;
            chosen = value;
        }
    }
    return chosen;
}

} // namespace

CurveChartData runSweepCurve(const std::vector<KeptRun>& runs, int request)
{
    const ByValue byValue = measuredOf(runs, request);
    CurveChartData data;
    if (byValue.size() < 2)
        return data;
    data.xs = placesOf(byValue);
    CurveLine line{CurveLine::Kind::Main, tr("class-mean"), {}};
    const std::optional<double> chosen = chosenValue(byValue);
    for (const auto& [value, of] : byValue) {
        data.xNames.push_back(QString::fromStdString(toText(value)));
        line.values.push_back(
            summaryOf(of).classMean.mean.value_or(std::numeric_limits<double>::quiet_NaN()));
        if (value == chosen)
            data.chosen = {{data.xs[line.values.size() - 1], line.values.back()}};
    }
    data.lines = {line};
    data.xTitle = sweptName(byValue);
    data.yTitle = tr("class-mean accuracy, %");
    data.title = tr("Accuracy against %1").arg(data.xTitle);
    const KeptRun& first = *byValue.begin()->second.front();
    if (chosen)
        data.chosenLabel = tr("chosen on validation: %1 = %2")
                               .arg(data.xTitle, QString::fromStdString(toText(*chosen)));
    data.levels = parameterFree(runs, first);
    data.caption = tr("%1; cached features: %2\n%3")
                       .arg(headName(*first.on->document), fileName(first.on->sources.features),
                            runSweepSummary(runs, request));
    return data;
}

QString runSweepSummary(const std::vector<KeptRun>& runs, int request)
{
    const ByValue byValue = measuredOf(runs, request);
    if (byValue.size() < 2)
        return {};
    std::vector<Rate> means;
    for (const auto& [value, of] : byValue)
        means.push_back(summaryOf(of).classMean.mean);
    const Sensitivity found = sensitivityOf(means);
    const auto rated = [](const Rate& rate) {
        return rate ? QString::fromStdString(rateText(rate, 2)) : tr("n/a");
    };
    return tr("%1 in %2 values: class-mean from %3 to %4, best less worst %5 points; %6 % of the "
              "values are within 0.5 of the best.")
        .arg(sweptName(byValue))
        .arg(byValue.size())
        .arg(rated(found.worst), rated(found.best), rated(found.difference),
             found.nearBest ? QString::fromStdString(rateText(found.nearBest, 0)) : tr("n/a"));
}

} // namespace monotail
