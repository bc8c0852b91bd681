// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pair_data.h"

#include <QCoreApplication>
#include <QStringList>

#include "base/text.h"
#include "report/text.h"
#include "words/words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("PairData", text);
}

QString rated(const Rate& rate)
{
    return rate ? QString::fromStdString(rateText(rate)) : tr("n/a");
}

QString grouped(std::int64_t value)
{
    return QString::fromStdString(toGroupedText(value));
}

QString verdict(const Change& change)
{
    return change.low > 0 ? tr("better") : change.high < 0 ? tr("worse") : tr("cannot be told");
}

QString overallOf(const QString& name, const Rate& before, const Rate& after,
                  const std::optional<Change>& change)
{
    QString text =
        tr("<b>%1</b>&nbsp;%2&nbsp;\u2192&nbsp;%3").arg(name, rated(before), rated(after));
    if (!change)
        return text;
    return text + tr(", %1&nbsp;[%2,&nbsp;%3] %4")
                      .arg(signedText(change->difference, 1), signedText(change->low, 1),
                           signedText(change->high, 1), verdict(*change));
}

std::string inFull(const Rate& rate)
{
    return rate ? toText(*rate) : std::string();
}

} // namespace

std::vector<ClassRow> pairRows(const Snapshot& snapshot)
{
    const PairStudy& pair = *snapshot.pair;
    const HeadComparison& result = pair.result;
    Snapshot compared = snapshot; // names, counts and groups are the same
    auto live = std::make_shared<LiveAccuracy>();
    live->before = result.before.accuracy;
    live->after = result.after.accuracy;
    live->comparison = result.comparison;
    live->groups = result.groups;
    compared.accuracy = live;
    std::vector<ClassRow> rows = classRows(compared);
    for (std::size_t c = 0; c < rows.size(); ++c) {
        rows[c].normBefore = pair.normsBefore[c];
        rows[c].normAfter = pair.normsAfter[c];
    }
    return rows;
}

std::vector<ClassColumn> pairColumns(const Snapshot& snapshot)
{
    using C = ClassColumn;
    const bool named = !snapshot.document->classes->namesSource.empty();
    std::vector<C> columns{named ? C::Name : C::Index,
                           C::RecallBefore,
                           C::RecallAfter,
                           C::Change,
                           C::Verdict,
                           C::AdjustedP,
                           C::Images,
                           C::Group,
                           C::Samples,
                           C::NormBefore,
                           C::NormAfter,
                           C::Rank};
    if (named)
        columns.push_back(C::Index);
    return columns;
}

QString pairSummary(const Snapshot& snapshot)
{
    const HeadComparison& result = snapshot.pair->result;
    const auto name = [](const std::string& text) {
        return QString::fromStdString(text).toHtmlEscaped();
    };
    return tr("Before: %1. After: %2. %3 samples: gained %4, lost %5 (McNemar %6).")
        .arg(name(result.before.name), name(result.after.name), grouped(result.samples),
             grouped(result.comparison.gained), grouped(result.comparison.lost),
             pText(result.comparison.p).toHtmlEscaped());
}

QString pairOverall(const Snapshot& snapshot)
{
    const HeadComparison& result = snapshot.pair->result;
    const AccuracyReport &before = result.before.accuracy, &after = result.after.accuracy;
    QStringList parts{overallOf(tr("All (top-1)"), before.top1, after.top1, result.comparison.top1),
                      overallOf(tr("Class-mean"), before.classMean, after.classMean,
                                result.comparison.classMean)};
    const QString names[] = {tr("Many"), tr("Medium"), tr("Few")};
    for (std::size_t g = 0; g < 3; ++g)
        parts << overallOf(names[g], before.groups[g], after.groups[g],
                           result.comparison.groups[g]);
    return parts.join(QStringLiteral("<br>"));
}

Table pairCsv(const Snapshot& snapshot)
{
    const HeadComparison& result = snapshot.pair->result;
    Table table{
        {"class", "index", "before", "after", "difference", "p", "adjusted_p", "samples"}, {}, 1};
    for (const std::int64_t c : result.order) {
        const auto at = static_cast<std::size_t>(c);
        const ClassChange& change = result.comparison.perClass[at];
        table.rows.push_back({className(*snapshot.document->classes, c), toText(c),
                              inFull(result.before.accuracy.perClass[at].recall),
                              inFull(result.after.accuracy.perClass[at].recall),
                              toText(change.difference), toText(change.p), toText(change.adjusted),
                              toText(result.before.accuracy.perClass[at].total)});
    }
    return table;
}

QString sideName(const Snapshot& snapshot, const Side& side)
{
    switch (side.kind) {
    case Side::Kind::AsItIs:
        return snapshot.document && snapshot.document->own
                   ? tr("%1, as it is").arg(snapshot.document->headLabel)
                   : tr("this head as it is");
    case Side::Kind::Shown:
        return tr("as rescaled now");
    case Side::Kind::Method: {
        Rescaling named;
        named.method = side.method;
        return methodText(named);
    }
    case Side::Kind::Own:
        return tr("the checkpoint's own head");
    case Side::Kind::Run:
        for (const auto& one : snapshot.runs)
            if (one->run.number == side.run)
                return tr("run %1: %2").arg(QString::number(side.run),
                                            QString::fromStdString(shortName(one->run.recipe)));
        return tr("run %1").arg(side.run);
    case Side::Kind::Other:
        break;
    }
    return snapshot.other ? fileName(snapshot.other->inputs.checkpoint) : tr("other checkpoint");
}

std::vector<Side> possibleSides(const Snapshot& snapshot)
{
    std::vector<Side> sides{{Side::Kind::AsItIs, {}, 0}, {Side::Kind::Shown, {}, 0}};
    if (snapshot.document->own)
        sides.push_back({Side::Kind::Own, {}, 0});
    if (snapshot.other)
        sides.push_back({Side::Kind::Other, {}, 0});
    for (const auto& one : snapshot.runs)
        sides.push_back({Side::Kind::Run, {}, one->run.number});
    if (snapshot.methods)
        for (const MethodResult& result : snapshot.methods->methods)
            if (result.rescaling.method != "none")
                sides.push_back({Side::Kind::Method, result.rescaling.method, 0});
    return sides;
}

} // namespace monotail
