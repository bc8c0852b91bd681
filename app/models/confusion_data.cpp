// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/confusion_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>

#include "base/text.h"
#include "evaluate/confusion.h"
#include "report/text.h"
#include "words/terms.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr Shot shots[] = {Shot::Many, Shot::Medium, Shot::Few};

QString tr(const char* text)
{
    return QCoreApplication::translate("ConfusionData", text);
}

QString grouped(std::int64_t value)
{
    return QString::fromStdString(toGroupedText(value));
}

std::string arrow(const QString& before, const QString& after)
{
    return tr("%1 \u2192 %2").arg(before, after).toStdString();
}

QString shareText(const GroupConfusion& confusion, Shot truth, Shot predicted)
{
    const Rate share = confusion.share(truth, predicted);
    return share ? QString::fromStdString(rateText(share)) : tr("n/a");
}

QString countText(const GroupConfusion& confusion, Shot truth, Shot predicted)
{
    return grouped(
        confusion.counts[static_cast<std::size_t>(truth)][static_cast<std::size_t>(predicted)]);
}

struct PairCounts
{
    std::int64_t before = 0, after = 0;
};
using Pair = std::pair<std::int64_t, std::int64_t>; // true, predicted
using PairMap = std::map<Pair, PairCounts>;

PairMap offDiagonal(const Snapshot& snapshot)
{
    PairMap pairs;
    const std::vector<std::int64_t>& labels = snapshot.document->features->labels;
    const auto add = [&](const std::vector<std::int32_t>& predicted,
                         std::int64_t PairCounts::*count) {
        for (const ConfusionCell& cell : confusionCells(predicted, labels))
            if (cell.label != cell.predicted)
                pairs[{cell.label, cell.predicted}].*count = cell.count;
    };
    add(snapshot.document->base->beforePredictions.predicted, &PairCounts::before);
    add(snapshot.accuracy->predicted, &PairCounts::after);
    return pairs;
}

std::string changeOf(const PairCounts& counts)
{
    return signedText(static_cast<double>(counts.after - counts.before), 0).toStdString();
}

} // namespace

TextTable groupConfusionText(const Snapshot& snapshot)
{
    const LiveAccuracy& live = *snapshot.accuracy;
    const GroupConfusion &before = live.before.confusion, &after = live.after.confusion;
    TextTable out;
    out.table.textColumns = 1;
    out.table.header = {tr("true group").toStdString()};
    out.columnExplanations = {definition(Term::Confusion)};
    for (const Shot predicted : shots) {
        out.table.header.push_back(tr("as %1").arg(groupName(predicted)).toStdString());
        out.columnExplanations.push_back(
            tr("Samples predicted as a class of this group (%1), before \u2192 after.")
                .arg(groupDetail(live.groups, predicted)));
    }
    for (const Shot truth : shots) {
        std::vector<std::string> percents{tr("%1, %").arg(groupName(truth)).toStdString()};
        std::vector<std::string> samples{tr("%1, samples").arg(groupName(truth)).toStdString()};
        for (const Shot predicted : shots) {
            percents.push_back(
                arrow(shareText(before, truth, predicted), shareText(after, truth, predicted)));
            samples.push_back(
                arrow(countText(before, truth, predicted), countText(after, truth, predicted)));
        }
        out.table.rows.push_back(std::move(percents));
        out.table.rows.push_back(std::move(samples));
        const QString tip = definition(Term::Confusion) + QLatin1Char('\n') +
                            tr("%1: %2; %3 samples.")
                                .arg(groupName(truth), groupDetail(live.groups, truth),
                                     grouped(before.total(truth)));
        out.rowExplanations.insert(out.rowExplanations.end(), {tip, tip});
    }
    return out;
}

ConfusedPairs confusedPairs(const Snapshot& snapshot, std::size_t most)
{
    const PairMap all = offDiagonal(snapshot);
    std::vector<std::pair<Pair, PairCounts>> order(all.begin(), all.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return std::max(a.second.before, a.second.after) >
               std::max(b.second.before, b.second.after);
    });
    ConfusedPairs out;
    Table& table = out.text.table;
    table.textColumns = 2;
    table.header = {tr("true class").toStdString(), tr("taken for").toStdString(),
                    tr("before").toStdString(), tr("after").toStdString(),
                    tr("change").toStdString()};
    out.text.columnExplanations = {
        tr("The class that the samples are of."), tr("The class that they are predicted as."),
        tr("Samples before the rescaling."), tr("Samples after the rescaling."),
        tr("After less before: fewer is better.")};
    PairCounts others;
    const auto add = [&](const QString& truth, const QString& predicted, const PairCounts& counts) {
        table.rows.push_back({truth.toStdString(), predicted.toStdString(),
                              toGroupedText(counts.before), toGroupedText(counts.after),
                              changeOf(counts)});
    };
    const std::vector<QString>& names = snapshot.document->names;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto& [pair, counts] = order[i];
        if (i >= most) {
            others.before += counts.before;
            others.after += counts.after;
            continue;
        }
        add(names[static_cast<std::size_t>(pair.first)],
            names[static_cast<std::size_t>(pair.second)], counts);
        out.classes.push_back(pair);
    }
    if (order.size() > most) {
        out.text.minor = static_cast<int>(table.rows.size());
        add(tr("(other)"),
            tr("%1 pairs").arg(grouped(static_cast<std::int64_t>(order.size() - most))), others);
    }
    return out;
}

SampleCell cellOf(const Snapshot& snapshot, std::int64_t truth, std::int64_t predicted)
{
    const std::vector<QString>& names = snapshot.document->names;
    return {tr("%1 taken for %2, before or after")
                .arg(names[static_cast<std::size_t>(truth)],
                     names[static_cast<std::size_t>(predicted)]),
            {std::min(truth, predicted), std::max(truth, predicted)},
            {truth},
            {predicted}};
}

SampleCell groupCellOf(const Snapshot& snapshot, Shot truth, Shot predicted)
{
    const auto classesOf = [&](Shot group) {
        std::vector<std::int64_t> classes;
        const auto& of = snapshot.accuracy->groups.of;
        for (std::size_t c = 0; c < of.size(); ++c)
            if (of[c] == group)
                classes.push_back(static_cast<std::int64_t>(c));
        return classes;
    };
    const std::vector<std::int64_t> classes = classesOf(truth);
    return {tr("%1 taken for %2, before or after").arg(groupName(truth), groupName(predicted)),
            classes, classes, classesOf(predicted)};
}

} // namespace monotail
