// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/run_rows.h"

#include <QCoreApplication>
#include <algorithm>

#include "base/text.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("RunRows", text);
}

std::array<Rate, 5> ratesOf(const AccuracyReport& of)
{
    return {of.top1, of.classMean, of.groups[0], of.groups[1], of.groups[2]};
}

RunRow ownRow(const Document& own, const ShotRule& rule)
{
    RunRow row;
    row.kind = RunRow::Kind::Own;
    row.name = tr("the checkpoint's head");
    row.state = tr("as it is in the file");
    if (own.hasData())
        row.rates = ratesOf(measureAccuracy(own.base->beforePredictions, own.features->labels,
                                            groupClasses(own.classes->counts, rule)));
    return row;
}

QString stateOf(const KeptRun& entry)
{
    const auto epoch = static_cast<int>(entry.epochs.size()) - 1;
    switch (entry.state) {
    case RunState::Waiting:
        return tr("waits");
    case RunState::Running:
        return epoch < 0 ? tr("begins") : tr("epoch %1 of %2").arg(epoch).arg(entry.recipe.epochs);
    case RunState::Failed:
        return tr("failed");
    case RunState::Cancelled:
        return epoch < 0 ? tr("cancelled") : tr("cancelled at epoch %1").arg(epoch);
    case RunState::Done:
        break;
    }
    return isMeasured(entry) ? tr("done") : tr("done, not measured");
}

QString notesOf(const Run& run)
{
    QStringList notes;
    for (const std::string& warning : run.warnings)
        notes << QStringLiteral("\u26a0 ") + inWindow(warning);
    notes.removeDuplicates();
    return notes.join(QLatin1Char('\n'));
}

RunRow rowOf(const KeptRun& entry)
{
    RunRow row;
    row.run = entry.number;
    row.name = QString::fromStdString(shortName(entry.recipe));
    if (entry.swept && !row.name.contains(QString::fromStdString(entry.swept->parameter)))
        row.name += tr(", %1 = %2")
                        .arg(QString::fromStdString(entry.swept->parameter),
                             QString::fromStdString(toText(entry.swept->value)));
    row.state = stateOf(entry);
    row.recipe = QString::fromStdString(describe(entry.recipe));
    row.problem = entry.problem;
    if (entry.result)
        row.problem = notesOf(entry.result->run);
    row.seed = entry.recipe.seed;
    row.epochs = entry.recipe.epochs;
    row.isOver = entry.state != RunState::Waiting && entry.state != RunState::Running;
    if (!entry.epochs.empty())
        row.loss = entry.epochs.back().loss;
    if (!entry.result)
        return row;
    const Run& run = entry.result->run;
    row.chosenEpoch = run.chosenEpoch;
    row.chosenBy = QString::fromStdString(run.chosenBy);
    row.loss = run.chosen().loss;
    if (isMeasured(entry))
        row.rates = ratesOf(entry.result->accuracy);
    return row;
}

bool belongTogether(const KeptRun& a, const KeptRun& b)
{
    return sameButSeed(a.recipe, b.recipe) && a.on == b.on;
}

RunRow spreadRow(const std::vector<const KeptRun*>& runs)
{
    std::vector<const MeasuredRun*> measured;
    RunRow row;
    row.kind = RunRow::Kind::Spread;
    for (const KeptRun* run : runs) {
        measured.push_back(run->result.get());
        row.runs.push_back(run->number);
    }
    row.run = row.runs.back();
    const SeedSummary of = summarise(measured);
    const Spread spreads[] = {of.top1, of.classMean, of.groups[0], of.groups[1], of.groups[2]};
    for (std::size_t i = 0; i < row.rates.size(); ++i) {
        row.rates[i] = spreads[i].mean;
        row.deviations[i] = spreads[i].deviation;
    }
    row.name = tr("%1, mean of %2 seeds").arg(rowOf(*runs.front()).name).arg(of.runs);
    row.state = tr("mean and deviation");
    row.epochs = runs.front()->recipe.epochs;
    row.recipe = QString::fromStdString(describe(runs.front()->recipe));
    return row;
}

/// Once there are two of them; behind the last one.
void addSpread(std::vector<RunRow>& rows, const std::vector<KeptRun>& runs, std::size_t last)
{
    std::vector<const KeptRun*> group;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!isMeasured(runs[i]) || !belongTogether(runs[i], runs[last]))
            continue;
        if (i > last)
            return; // it comes later
        group.push_back(&runs[i]);
    }
    const bool hasSeeds = std::any_of(group.begin(), group.end(), [&](const KeptRun* run) {
        return run->recipe.seed != group.front()->recipe.seed;
    });
    if (hasSeeds)
        rows.push_back(spreadRow(group));
}

} // namespace

std::vector<RunRow> runRows(const Document* own, const ShotRule& groups,
                            const std::vector<KeptRun>& runs)
{
    std::vector<RunRow> rows;
    if (own && own->hasCounts())
        rows.push_back(ownRow(*own, groups));
    for (std::size_t i = 0; i < runs.size(); ++i) {
        rows.push_back(rowOf(runs[i]));
        if (isMeasured(runs[i]))
            addSpread(rows, runs, i);
    }
    return rows;
}

} // namespace monotail
