// SPDX-License-Identifier: GPL-3.0-or-later
// The cells of the table of runs.
#include <QCoreApplication>

#include "base/text.h"
#include "models/run_rows.h"
#include "report/text.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("RunRows", text);
}

std::optional<std::size_t> rateAt(RunColumn column)
{
    if (column < RunColumn::Top1 || column > RunColumn::Few)
        return std::nullopt;
    return static_cast<std::size_t>(column) - static_cast<std::size_t>(RunColumn::Top1);
}

QString rateCell(const RunRow& row, std::size_t at)
{
    const Rate& rate = row.rates[at];
    if (!rate)
        return tr("n/a");
    const QString text = QString::fromStdString(rateText(rate, 2));
    const Rate& deviation = row.deviations[at];
    return deviation ? tr("%1 \u00b1 %2").arg(text, QString::fromStdString(rateText(deviation, 2)))
                     : text;
}

template <typename Value>
QString text(const std::optional<Value>& value)
{
    return value ? QString::number(*value) : QString();
}

template <typename Value>
std::string inFull(const std::optional<Value>& value)
{
    return value ? message("{}", *value) : std::string();
}

} // namespace

QString runCell(const RunRow& row, RunColumn column)
{
    if (const auto at = rateAt(column))
        return rateCell(row, *at);
    switch (column) {
    case RunColumn::Number:
        return row.kind == RunRow::Kind::Run ? QString::number(row.run) : QString();
    case RunColumn::Name:
        return row.name;
    case RunColumn::Seed:
        return text(row.seed);
    case RunColumn::Epochs:
        return text(row.epochs);
    case RunColumn::Chosen:
        return text(row.chosenEpoch);
    case RunColumn::Loss:
        return row.loss ? QString::fromStdString(toText(*row.loss, 4)) : QString();
    default:
        return row.state;
    }
}

std::optional<double> runKey(const RunRow& row, RunColumn column)
{
    const auto number = [](const auto& value) {
        return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
    };
    if (const auto at = rateAt(column))
        return row.rates[*at];
    switch (column) {
    case RunColumn::Number:
        return row.run + (row.kind == RunRow::Kind::Spread ? 0.5 : 0);
    case RunColumn::Seed:
        return number(row.seed);
    case RunColumn::Epochs:
        return number(row.epochs);
    case RunColumn::Chosen:
        return number(row.chosenEpoch);
    case RunColumn::Loss:
        return row.loss;
    default:
        return std::nullopt;
    }
}

QString runTip(const RunRow& row)
{
    QStringList lines;
    for (const QString& line : {row.name, row.recipe, row.problem})
        if (!line.isEmpty())
            lines << line;
    if (!row.chosenBy.isEmpty())
        lines << tr("Its head is that of epoch %1: %2.").arg(text(row.chosenEpoch), row.chosenBy);
    return wrapped(lines.join(QLatin1Char('\n')));
}

QString columnTitle(RunColumn column)
{
    const QString titles[runColumns] = {
        tr("Run"), tr("Recipe"),     tr("Seed"), tr("Epochs"), tr("Kept epoch"), tr("Loss"),
        tr("All"), tr("Class-mean"), tr("Many"), tr("Medium"), tr("Few"),        tr("State")};
    return titles[static_cast<std::size_t>(column)];
}

QString columnMeaning(RunColumn column)
{
    switch (column) {
    case RunColumn::Number:
        return tr("The number that the run is called by.");
    case RunColumn::Name:
        return tr("The preset, or the axes that are not the usual ones.");
    case RunColumn::Chosen:
        return tr("The epoch whose head is kept: the best by class-mean accuracy on the validation "
                  "data, or the last one. The evaluation data never choose it.");
    case RunColumn::Loss:
        return tr("Mean loss of that epoch's samples, as they were met.");
    case RunColumn::Top1:
        return definition(Term::Top1);
    case RunColumn::ClassMean:
        return definition(Term::ClassMean);
    case RunColumn::Many:
        return definition(Term::Many);
    case RunColumn::Medium:
        return definition(Term::Medium);
    case RunColumn::Few:
        return definition(Term::Few);
    default:
        return {};
    }
}

bool isText(RunColumn column)
{
    return column == RunColumn::Name || column == RunColumn::State;
}

Table runCsv(const std::vector<RunRow>& rows)
{
    const std::string names[] = {"top1", "class_mean", "many", "medium", "few"};
    Table table{
        {"name", "recipe", "run", "state", "seed", "epochs", "chosen_epoch", "chosen_by", "loss"},
        {},
        2};
    for (const std::string& name : names)
        table.header.push_back(name);
    for (const std::string& name : names)
        table.header.push_back(name + "_deviation");
    for (const RunRow& row : rows) {
        std::vector<std::string> cells{row.name.toStdString(),
                                       row.recipe.toStdString(),
                                       runCell(row, RunColumn::Number).toStdString(),
                                       row.state.toStdString(),
                                       inFull(row.seed),
                                       inFull(row.epochs),
                                       inFull(row.chosenEpoch),
                                       row.chosenBy.toStdString(),
                                       inFull(row.loss)};
        for (const Rate& rate : row.rates)
            cells.push_back(inFull(rate));
        for (const Rate& rate : row.deviations)
            cells.push_back(inFull(rate));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

} // namespace monotail
