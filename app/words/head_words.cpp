// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/head_words.h"

#include <QCoreApplication>
#include <QStringList>

#include "base/text.h"

namespace monotail {

namespace {

constexpr std::size_t longestName = 300;

QString tr(const char* text)
{
    return QCoreApplication::translate("HeadWords", text);
}

QString quoted(const std::string& name)
{
    return QString::fromStdString(printable(name, longestName));
}

QString factorText(const HeadCandidate& head)
{
    if (head.logitScale)
        return tr("factor %1").arg(QString::fromStdString(toText(*head.logitScale)));
    return head.factor.empty() ? tr("factor not in the file, 1 is taken")
                               : tr("factor %1").arg(quoted(head.factor));
}

QString biasText(const HeadCandidate& head)
{
    if (head.bias.empty())
        return tr("no bias");
    return head.experts.empty() ? tr("bias %1").arg(quoted(head.bias)) : tr("each with a bias");
}

/// What the kind alone does not tell everybody.
QString effectText(HeadKind kind)
{
    switch (kind) {
    case HeadKind::Lws:
        return tr("linear with one scale per class");
    case HeadKind::Cosine:
        return tr("norms have no effect");
    case HeadKind::Samn:
        return tr("folded into one linear head");
    case HeadKind::SampleDependent:
        return tr("not rescaled (DisAlign)");
    default:
        return {};
    }
}

QString partsText(const HeadCandidate& head)
{
    return head.experts.empty() ? QString() : tr("mean of %1 experts").arg(head.experts.size());
}

} // namespace

QString kindName(HeadKind kind)
{
    switch (kind) {
    case HeadKind::Linear:
        return tr("linear");
    case HeadKind::Lws:
        return tr("learned scales (LWS)");
    case HeadKind::Cosine:
        return tr("cosine");
    case HeadKind::WeightNorm:
        return tr("weight norm");
    case HeadKind::Samn:
        return tr("trained SAMN head");
    case HeadKind::Experts:
        return tr("experts");
    case HeadKind::SampleDependent:
        return tr("depends on each sample");
    }
    return {};
}

QString kindExplanation(HeadKind kind)
{
    switch (kind) {
    case HeadKind::Linear:
        return tr("Linear head: a class's score is its row of the weight times the features, plus "
                  "its bias. The row's length is the class's weight norm.");
    case HeadKind::Lws:
        return tr("LWS head: a linear head whose rows are each multiplied by a learned scale. "
                  "Norms are shown with the scales in them; a corrected copy changes the scales.");
    case HeadKind::Cosine:
        return tr("Cosine head: rows and features are brought to length 1 before they are "
                  "multiplied, so weight norms have no effect on what it predicts. The norms shown "
                  "are those stored. Only logit adjustment changes its predictions, and there is "
                  "nothing to export.");
    case HeadKind::WeightNorm:
        return tr("Weight-norm head: each row is stored as a direction and a magnitude, and the "
                  "magnitude is its weight norm. A corrected copy changes the magnitudes alone.");
    case HeadKind::Samn:
        return tr("SAMN head: row norms and part of the bias come from two monotone modules that "
                  "were trained with it. They are folded in here. A corrected checkpoint is a new "
                  "file with a plain linear head in its place.");
    case HeadKind::Experts:
        return tr("Experts: several linear heads whose scores are averaged. That is one linear "
                  "head on the features of all side by side, and is shown as one. A corrected copy "
                  "changes the rows of every expert by the same scale.");
    case HeadKind::SampleDependent:
        return tr("Sample-dependent head (DisAlign): a confidence computed from each image decides "
                  "between two readings of its scores, so row norms alone do not decide and are "
                  "not rescaled. Read as linear, it is the plain layer underneath.");
    }
    return {};
}

QString reading(const HeadCandidate& head)
{
    QStringList parts{kindName(head.kind), effectText(head.kind)};
    parts += partsText(head);
    parts += biasText(head);
    if (!head.scales.empty())
        parts += tr("scales %1").arg(quoted(head.scales));
    if (!head.magnitude.empty())
        parts += tr("magnitudes %1").arg(quoted(head.magnitude));
    if (head.kind == HeadKind::Cosine)
        parts += factorText(head);
    if (head.background == BackgroundRow::First)
        parts += tr("first row is background");
    if (head.background == BackgroundRow::Last)
        parts += tr("last row is background");
    if (head.orientation == Orientation::FeatureByClass)
        parts += tr("stored with one column per class");
    parts.removeAll(QString());
    return parts.join(QStringLiteral("; "));
}

QString readingExplanation(const HeadCandidate& head)
{
    QStringList lines{kindExplanation(head.kind)};
    if (head.kind == HeadKind::Cosine && !head.experts.empty())
        lines += tr("Experts: the scores of %1 such heads are averaged.").arg(head.experts.size());
    if (head.kind == HeadKind::Cosine)
        lines += factorExplanation();
    if (head.background != BackgroundRow::None)
        lines += backgroundExplanation();
    if (head.orientation == Orientation::FeatureByClass)
        lines += columnsExplanation();
    return lines.join(QLatin1Char('\n'));
}

QString backgroundExplanation()
{
    return tr("Background: a row of the stored weight that means \"no object\" and is no class, as "
              "detectors have it. It is left out of norms and fit, and never changed.");
}

QString columnsExplanation()
{
    return tr("One column per class: the weight is stored the other way round, features x classes; "
              "a class's row is a column of it.");
}

QString factorExplanation()
{
    return tr("Factor: the number that multiplies all scores of a cosine head (its scale, or one "
              "by its temperature). It changes confidences and logit adjustment, not which class "
              "has the highest score.");
}

} // namespace monotail
