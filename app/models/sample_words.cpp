// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sample_words.h"

#include <QCoreApplication>
#include <QStringList>

#include "base/text.h"

namespace monotail {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Samples", text);
}

QString grouped(std::int64_t value)
{
    return QString::fromStdString(toGroupedText(value));
}

QString nameOf(const Document& document, std::int64_t c)
{
    return document.names[static_cast<std::size_t>(c)];
}

/// "Coat", "3 classes", "all classes", or the cell.
QString whose(const Snapshot& snapshot, const std::vector<std::int64_t>& selected)
{
    if (snapshot.sampleView.cell)
        return snapshot.sampleView.cell->name;
    if (selected.empty())
        return tr("all classes");
    if (selected.size() == 1)
        return nameOf(*snapshot.document, selected.front());
    return tr("%1 selected classes").arg(grouped(static_cast<std::int64_t>(selected.size())));
}

/// Of a class with its probability: "Shirt 0.61".
QString predictedText(const Document& document, std::int64_t c, float score)
{
    return tr("%1, probability %2").arg(nameOf(document, c), probabilityText(score));
}

QString marginText(double margin)
{
    return QString::fromStdString(toText(margin, 2));
}

} // namespace

QString changeName(SampleChange change)
{
    switch (change) {
    case SampleChange::All:
        return tr("All");
    case SampleChange::Lost:
        return tr("Lost");
    case SampleChange::Gained:
        return tr("Gained");
    case SampleChange::Changed:
        return tr("Changed");
    case SampleChange::StillWrong:
        return tr("Still wrong");
    case SampleChange::Correct:
        return tr("Correct");
    }
    return {};
}

QString changeExplanation(SampleChange change)
{
    switch (change) {
    case SampleChange::All:
        return tr("whatever is predicted");
    case SampleChange::Lost:
        return tr("right before, wrong after");
    case SampleChange::Gained:
        return tr("wrong before, right after");
    case SampleChange::Changed:
        return tr("predicted as another class after than before");
    case SampleChange::StillWrong:
        return tr("wrong before and after");
    case SampleChange::Correct:
        return tr("right after");
    }
    return {};
}

QString orderName(SampleOrder order)
{
    switch (order) {
    case SampleOrder::File:
        return tr("as in the file");
    case SampleOrder::MarginAfter:
        return tr("most wrong after");
    case SampleOrder::MarginBefore:
        return tr("most wrong before");
    }
    return {};
}

QString samplesSummary(const Snapshot& snapshot, const std::vector<std::int64_t>& selected)
{
    const auto count = static_cast<std::int64_t>(snapshot.samples->samples.size());
    const SampleChange change = snapshot.sampleView.change;
    const QString what =
        count == 1 ? tr("1 sample of %1").arg(whose(snapshot, selected))
                   : tr("%1 samples of %2").arg(grouped(count), whose(snapshot, selected));
    if (change == SampleChange::All)
        return what;
    return tr("%1: %2 (%3)").arg(what, changeName(change).toLower(), changeExplanation(change));
}

QString noSamples(const Snapshot& snapshot, const std::vector<std::int64_t>& selected)
{
    const SampleChange change = snapshot.sampleView.change;
    const QString of = whose(snapshot, selected);
    if (change == SampleChange::All)
        return tr("The evaluation data hold no sample of %1.").arg(of);
    return tr("No sample of %1 is \u201c%2\u201d: %3. Choose another change, or other classes.")
        .arg(of, changeName(change).toLower(), changeExplanation(change));
}

QString probabilityText(float probability)
{
    if (probability < 0.005F)
        return tr("< 0.01");
    if (probability > 0.995F)
        return tr("> 0.99");
    return QString::fromStdString(toText(static_cast<double>(probability), 2));
}

QString sampleCard(const Document& document, const PickedSample& of)
{
    QStringList lines{sampleName(*document.features, of.sample),
                      tr("true class: %1").arg(nameOf(document, of.label)),
                      tr("before: %1 (%2)")
                          .arg(predictedText(document, of.before, of.scoreBefore),
                               of.wasRight() ? tr("right") : tr("wrong")),
                      tr("after: %1 (%2)")
                          .arg(predictedText(document, of.after, of.scoreAfter),
                               of.isRight() ? tr("right") : tr("wrong")),
                      tr("probability of the true class: %1 \u2192 %2")
                          .arg(probabilityText(of.truthBefore), probabilityText(of.truthAfter)),
                      tr("margin (score of the true class less the best other's): %1 \u2192 %2")
                          .arg(marginText(static_cast<double>(of.marginBefore)),
                               marginText(static_cast<double>(of.marginAfter)))};
    return lines.join(QLatin1Char('\n'));
}

QString storySentence(const Document& document, const SampleSide& side)
{
    const QString truth = nameOf(document, side.truth.classIndex);
    const QString rival = nameOf(document, side.rival.classIndex);
    switch (side.cause) {
    case ErrorCause::None:
        return tr("right, %1 is ahead of %2 by %3.").arg(truth, rival, marginText(side.margin));
    case ErrorCause::Norm:
        return tr("lost to %2 by norm; with the norm of %2, %1 would win.").arg(truth, rival);
    case ErrorCause::Bias:
        return tr("lost to %2 by bias; with the bias of %2, %1 would win.").arg(truth, rival);
    case ErrorCause::NormAndBias:
        return tr("lost to %2 by norm and bias together; with both of %2's, %1 would win.")
            .arg(truth, rival);
    case ErrorCause::Direction:
        return tr("lost to %2 by direction; the features point more along the row of %2, and "
                  "with its norm and bias %1 would not win either.")
            .arg(truth, rival);
    }
    return {};
}

QString storyText(const Snapshot& snapshot)
{
    const StoryStudy& study = *snapshot.story;
    const QString before = storySentence(*snapshot.document, study.story.before);
    const QString after = storySentence(*snapshot.document, study.story.after);
    if (study.after.method == "none")
        return tr("As it is: %1").arg(before);
    if (before == after)
        return tr("Before and after: %1").arg(before);
    return tr("Before: %1\nAfter: %2").arg(before, after);
}

} // namespace monotail
