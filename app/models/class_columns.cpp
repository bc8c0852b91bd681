// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_columns.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "words/terms.h"

namespace monotail {

namespace {

constexpr const char* context = "ClassColumns";

struct KnownColumn
{
    ClassColumn column;
    const char* title;
    std::optional<Term> term;
    const char* more = nullptr; ///< said of the column beside, or instead of, the term
};

// In the order of the enumeration.
constexpr std::array<KnownColumn, 18> knownColumns{{
    {ClassColumn::Name, QT_TRANSLATE_NOOP("ClassColumns", "class"), std::nullopt,
     QT_TRANSLATE_NOOP("ClassColumns", "The class's name, as the training counts or a file of "
                                       "names give it.")},
    {ClassColumn::Index, QT_TRANSLATE_NOOP("ClassColumns", "index"), std::nullopt,
     QT_TRANSLATE_NOOP("ClassColumns", "Class index: the number of the class's row in the "
                                       "classifier's weight, from 0.")},
    {ClassColumn::Rank, QT_TRANSLATE_NOOP("ClassColumns", "rank"), Term::FrequencyRank},
    {ClassColumn::Images, QT_TRANSLATE_NOOP("ClassColumns", "images"), Term::TrainingImages},
    {ClassColumn::Group, QT_TRANSLATE_NOOP("ClassColumns", "group"), Term::Groups},
    {ClassColumn::Block, QT_TRANSLATE_NOOP("ClassColumns", "block"), Term::Block},
    {ClassColumn::NormBefore, QT_TRANSLATE_NOOP("ClassColumns", "norm\nbefore"), Term::WeightNorm},
    {ClassColumn::NormAfter, QT_TRANSLATE_NOOP("ClassColumns", "norm\nafter"), Term::Fitted},
    {ClassColumn::Scale, QT_TRANSLATE_NOOP("ClassColumns", "scale"), Term::Scale},
    {ClassColumn::BiasBefore, QT_TRANSLATE_NOOP("ClassColumns", "bias\nbefore"), Term::Bias},
    {ClassColumn::BiasAfter, QT_TRANSLATE_NOOP("ClassColumns", "bias\nafter"), Term::Bias},
    {ClassColumn::Samples, QT_TRANSLATE_NOOP("ClassColumns", "samples"), std::nullopt,
     QT_TRANSLATE_NOOP("ClassColumns", "Evaluation samples: how many of the class the accuracy is "
                                       "measured on.")},
    {ClassColumn::RecallBefore, QT_TRANSLATE_NOOP("ClassColumns", "recall\nbefore, %"),
     Term::Recall},
    {ClassColumn::RecallAfter, QT_TRANSLATE_NOOP("ClassColumns", "recall\nafter, %"), Term::Recall},
    {ClassColumn::IntervalAfter, QT_TRANSLATE_NOOP("ClassColumns", "95 % interval\nafter, %"),
     Term::Interval},
    {ClassColumn::Change, QT_TRANSLATE_NOOP("ClassColumns", "change,\npoints"), Term::Change,
     QT_TRANSLATE_NOOP("ClassColumns",
                       "Filled triangle, bold: p (adjusted) is below 0.05. Hollow triangle: the "
                       "change cannot be told from noise.")},
    {ClassColumn::AdjustedP, QT_TRANSLATE_NOOP("ClassColumns", "p\n(adjusted)"), Term::AdjustedP},
    {ClassColumn::Verdict, QT_TRANSLATE_NOOP("ClassColumns", "verdict"), Term::AdjustedP,
     QT_TRANSLATE_NOOP("ClassColumns", "Better or worse: below 0.05. Else it cannot be told from "
                                       "noise.")},
}};

const KnownColumn& known(ClassColumn column)
{
    return knownColumns[static_cast<std::size_t>(column)];
}

/// Whether anything is added to the scores, before or after the rescaling.
bool hasBias(const Snapshot& snapshot)
{
    if (snapshot.document->head->hasBias())
        return true;
    return snapshot.rescaling &&
           std::any_of(snapshot.rescaling->bias.begin(), snapshot.rescaling->bias.end(),
                       [](double bias) { return bias != 0; });
}

} // namespace

std::vector<ClassColumn> classColumns(const Snapshot& snapshot)
{
    using C = ClassColumn;
    if (!snapshot.hasHead())
        return {};
    std::vector<C> columns;
    const auto add = [&columns](bool there, std::initializer_list<C> more) {
        for (const C column : more)
            if (there)
                columns.push_back(column);
    };
    const ClassSet* classes = snapshot.document->classes.get();
    const bool biased = hasBias(snapshot);
    const bool named = classes && !classes->namesSource.empty();
    add(named, {C::Name});
    add(!named, {C::Index});
    add(snapshot.hasCounts(), {C::Images, C::Group, C::Block});
    add(true, {C::NormBefore});
    add(snapshot.hasCounts(), {C::NormAfter});
    add(snapshot.hasData(),
        {C::RecallBefore, C::RecallAfter, C::Change, C::AdjustedP, C::IntervalAfter, C::Samples});
    add(snapshot.hasCounts(), {C::Scale});
    add(biased, {C::BiasBefore});
    add(biased && snapshot.hasCounts(), {C::BiasAfter});
    add(snapshot.hasCounts(), {C::Rank});
    add(named, {C::Index});
    return columns;
}

QString titleOf(ClassColumn column)
{
    return QCoreApplication::translate(context, known(column).title);
}

QString plainTitleOf(ClassColumn column)
{
    return titleOf(column).replace(QLatin1Char('\n'), QLatin1Char(' '));
}

QString explanationOf(ClassColumn column)
{
    const KnownColumn& of = known(column);
    QStringList parts;
    if (of.term)
        parts += definition(*of.term);
    if (of.more)
        parts += QCoreApplication::translate(context, of.more);
    return parts.join(QLatin1Char(' '));
}

bool isNumber(ClassColumn column)
{
    return column != ClassColumn::Name && column != ClassColumn::Group &&
           column != ClassColumn::Verdict;
}

} // namespace monotail
