// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sample_parts.h"

#include <QCoreApplication>

#include "base/text.h"
#include "models/sample_words.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Samples", text);
}

QString number(double value, int decimals)
{
    return QString::fromStdString(toText(value, decimals));
}

/// What the rescaling leaves as it is has one number.
std::string change(const QString& before, const QString& after)
{
    return before == after ? before.toStdString()
                           : tr("%1 \u2192 %2").arg(before, after).toStdString();
}

/// A class of the table under both sides.
struct PartsColumn
{
    QString title;
    ScoreParts before, after;
    float probabilityBefore = 0, probabilityAfter = 0;
};

std::vector<PartsColumn> columnsOf(const SampleStory& story)
{
    const SampleSide &before = story.before, &after = story.after;
    std::vector<PartsColumn> columns{{tr("true class"), before.truth, after.truth,
                                      before.truthProbability, after.truthProbability}};
    const bool isOne = before.rival.classIndex == after.rival.classIndex;
    const auto role = [](const SampleSide& side) {
        return side.isRight() ? tr("runner-up") : tr("winner");
    };
    if (isOne) {
        const bool isSame = before.isRight() == after.isRight();
        columns.push_back({isSame ? role(before) : tr("rival"), before.rival, after.rival,
                           before.rivalProbability, after.rivalProbability});
        return columns;
    }
    const QString first = tr("%1 before").arg(role(before));
    columns.push_back(
        {first, before.rival, after.otherRival, before.rivalProbability, after.otherProbability});
    columns.push_back({tr("%1 after").arg(role(after)), before.otherRival, after.rival,
                       before.otherProbability, after.rivalProbability});
    return columns;
}

} // namespace

TextTable partsTable(const Snapshot& snapshot)
{
    const std::vector<PartsColumn> columns = columnsOf(snapshot.story->story);
    TextTable out;
    out.table.textColumns = 1;
    out.table.header = {tr("before \u2192 after").toStdString()};
    out.columnExplanations = {
        tr("How a class's score on this sample comes about, read downwards.")};
    for (const PartsColumn& column : columns) {
        out.table.header.push_back(column.title.toStdString());
        out.columnExplanations.push_back(
            tr("The class that the sample is of, the class that wins, and where the true class "
               "wins the best of the others: the runner-up. A rival is one before and the other "
               "after."));
    }
    const auto addRow = [&](const QString& name, const QString& explanation, auto text) {
        std::vector<std::string> row{name.toStdString()};
        for (const PartsColumn& column : columns)
            row.push_back(text(column));
        out.table.rows.push_back(std::move(row));
        out.rowExplanations.push_back(explanation);
    };
    const auto addNumbers = [&](const QString& name, const QString& explanation, int decimals,
                                auto value) {
        addRow(name, explanation, [&](const PartsColumn& column) {
            return change(number(value(column.before), decimals),
                          number(value(column.after), decimals));
        });
    };
    addRow(tr("class"), tr("The class."), [&](const PartsColumn& column) {
        return snapshot.document->names[static_cast<std::size_t>(column.before.classIndex)]
            .toStdString();
    });
    addNumbers(tr("weight norm"), tr("Length of the class's row, as the forward pass has it."), 2,
               [](const ScoreParts& of) { return of.norm; });
    addNumbers(tr("\u00d7 feature norm"),
               tr("Length of the sample's features: the same for every class."), 2,
               [](const ScoreParts& of) { return of.featureNorm; });
    addNumbers(tr("\u00d7 cosine"),
               tr("Of the angle between the features and the class's row: 1 is the same "
                  "direction, 0 none in common."),
               3, [](const ScoreParts& of) { return of.cosine; });
    addNumbers(tr("+ bias"), tr("Added whatever the image is."), 2,
               [](const ScoreParts& of) { return of.bias; });
    addNumbers(tr("= score (logit)"), tr("The class with the largest score is predicted."), 2,
               [](const ScoreParts& of) { return of.score(); });
    addRow(tr("probability"), tr("Softmax of the scores of all classes."),
           [](const PartsColumn& column) {
               return change(probabilityText(column.probabilityBefore),
                             probabilityText(column.probabilityAfter));
           });
    return out;
}

std::vector<GapBar> gapBars(const Snapshot& snapshot)
{
    const SampleStory& story = snapshot.story->story;
    const ScoreGap before = gapBetween(story.before.truth, story.before.rival);
    const ScoreGap after = gapBetween(story.after.truth, story.after.rival);
    std::vector<GapBar> bars{{tr("norm"),
                              tr("What the rival's norm would add to the true class's score."),
                              before.norm, after.norm}};
    if (before.bias != 0 || after.bias != 0)
        bars.push_back(
            {tr("bias"), tr("What the rival's bias would add to it."), before.bias, after.bias});
    bars.push_back({tr("direction"),
                    tr("What would be left between them with the same norm and bias: how much "
                       "more the features point along the rival's row."),
                    before.direction, after.direction});
    bars.push_back({tr("together"),
                    tr("The rival's score less the true class's: above 0 the "
                       "sample is wrong."),
                    before.sum(), after.sum()});
    return bars;
}

QString gapTitle(const Snapshot& snapshot)
{
    const SampleStory& story = snapshot.story->story;
    const auto name = [&](const SampleSide& side) {
        return snapshot.document->names[static_cast<std::size_t>(side.rival.classIndex)];
    };
    const QString first = name(story.before), second = name(story.after);
    return first == second
               ? tr("Lead of %1 over the true class, in parts").arg(first)
               : tr("Lead of %1 (after: %2) over the true class, in parts").arg(first, second);
}

} // namespace monotail
