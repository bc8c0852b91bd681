// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sample_model.h"

#include <algorithm>

#include "base/text.h"
#include "models/sample_words.h"
#include "words/terms.h"

namespace monotail {

namespace {

constexpr int columns = 8;

bool isText(SampleColumn column)
{
    return column == SampleColumn::Sample || column == SampleColumn::Truth ||
           column == SampleColumn::Before || column == SampleColumn::After;
}

QString titleOf(SampleColumn column)
{
    switch (column) {
    case SampleColumn::Sample:
        return SampleModel::tr("sample");
    case SampleColumn::Truth:
        return SampleModel::tr("true class");
    case SampleColumn::Before:
        return SampleModel::tr("before");
    case SampleColumn::After:
        return SampleModel::tr("after");
    case SampleColumn::ScoreBefore:
        return SampleModel::tr("score\nbefore");
    case SampleColumn::ScoreAfter:
        return SampleModel::tr("score\nafter");
    case SampleColumn::MarginBefore:
        return SampleModel::tr("margin\nbefore");
    case SampleColumn::MarginAfter:
        return SampleModel::tr("margin\nafter");
    }
    return {};
}

QString explanationOf(SampleColumn column)
{
    switch (column) {
    case SampleColumn::Sample:
        return SampleModel::tr("What the file calls the sample; else its number, from 0.");
    case SampleColumn::Truth:
        return SampleModel::tr("The class that the sample is of.");
    case SampleColumn::Before:
        return SampleModel::tr("The class predicted by the head as it is. \u2713 right, \u2717 "
                               "wrong.");
    case SampleColumn::After:
        return SampleModel::tr("The class predicted after the rescaling. \u2713 right, \u2717 "
                               "wrong.");
    case SampleColumn::ScoreBefore:
    case SampleColumn::ScoreAfter:
        return SampleModel::tr("Probability (softmax) of the class that is predicted.");
    case SampleColumn::MarginBefore:
    case SampleColumn::MarginAfter:
        return definition(Term::Margin);
    }
    return {};
}

std::string inFull(float value)
{
    return toText(static_cast<double>(value));
}

QString marked(const QString& name, bool right)
{
    return (right ? QStringLiteral("\u2713 ") : QStringLiteral("\u2717 ")) + name;
}

} // namespace

void SampleModel::setSamples(std::shared_ptr<const Document> document,
                             std::shared_ptr<const SampleStudy> study)
{
    if (document == m_document && study == m_study)
        return;
    beginResetModel();
    m_document = std::move(document);
    m_study = std::move(study);
    endResetModel();
}

const PickedSample& SampleModel::at(int row) const
{
    return m_study->samples[static_cast<std::size_t>(row)];
}

int SampleModel::rowOf(std::int64_t sample) const
{
    if (!m_study)
        return -1;
    const auto& all = m_study->samples;
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const PickedSample& of) { return of.sample == sample; });
    return at == all.end() ? -1 : static_cast<int>(at - all.begin());
}

QString SampleModel::className(std::int64_t c) const
{
    return m_document->names[static_cast<std::size_t>(c)];
}

int SampleModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_study ? 0 : static_cast<int>(m_study->samples.size());
}

int SampleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString SampleModel::text(const PickedSample& of, SampleColumn column) const
{
    switch (column) {
    case SampleColumn::Sample:
        return sampleName(*m_document->features, of.sample);
    case SampleColumn::Truth:
        return className(of.label);
    case SampleColumn::Before:
        return marked(className(of.before), of.wasRight());
    case SampleColumn::After:
        return marked(className(of.after), of.isRight());
    case SampleColumn::ScoreBefore:
        return probabilityText(of.scoreBefore);
    case SampleColumn::ScoreAfter:
        return probabilityText(of.scoreAfter);
    case SampleColumn::MarginBefore:
        return QString::fromStdString(toText(static_cast<double>(of.marginBefore), 2));
    case SampleColumn::MarginAfter:
        return QString::fromStdString(toText(static_cast<double>(of.marginAfter), 2));
    }
    return {};
}

QVariant SampleModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PickedSample& of = at(index.row());
    const auto column = static_cast<SampleColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(of, column);
    case Qt::ToolTipRole:
        return sampleCard(*m_document, of);
    case Qt::AccessibleTextRole: // the first column stands for the whole in the grid
        return column == SampleColumn::Sample ? sampleCard(*m_document, of) : text(of, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isText(column) ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant SampleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columns)
        return {};
    const auto column = static_cast<SampleColumn>(section);
    if (role == Qt::DisplayRole)
        return titleOf(column);
    if (role == Qt::ToolTipRole)
        return explanationOf(column);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isText(column) ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    return {};
}

Table SampleModel::table() const
{
    Table out;
    out.textColumns = 4;
    out.header = {"sample",      "true_class",   "before",      "after",         "score_before",
                  "score_after", "truth_before", "truth_after", "margin_before", "margin_after"};
    for (int row = 0; row < rowCount(); ++row) {
        const PickedSample& of = at(row);
        out.rows.push_back({sampleName(*m_document->features, of.sample).toStdString(),
                            className(of.label).toStdString(), className(of.before).toStdString(),
                            className(of.after).toStdString(), inFull(of.scoreBefore),
                            inFull(of.scoreAfter), inFull(of.truthBefore), inFull(of.truthAfter),
                            inFull(of.marginBefore), inFull(of.marginAfter)});
    }
    return out;
}

} // namespace monotail
