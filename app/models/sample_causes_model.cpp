// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sample_causes_model.h"

#include <algorithm>

#include "base/text.h"
#include "words/terms.h"

namespace monotail {

namespace {

std::int64_t countOf(const CauseCounts& counts, CauseColumn column)
{
    switch (column) {
    case CauseColumn::Samples:
        return counts.samples;
    case CauseColumn::Wrong:
        return counts.wrong();
    case CauseColumn::Norm:
        return counts.norm;
    case CauseColumn::Bias:
        return counts.bias;
    case CauseColumn::Both:
        return counts.normAndBias;
    case CauseColumn::Direction:
        return counts.direction;
    case CauseColumn::Class:
        break;
    }
    return 0;
}

QString titleOf(CauseColumn column)
{
    switch (column) {
    case CauseColumn::Class:
        return SampleCausesModel::tr("class");
    case CauseColumn::Samples:
        return SampleCausesModel::tr("samples");
    case CauseColumn::Wrong:
        return SampleCausesModel::tr("wrong");
    case CauseColumn::Norm:
        return SampleCausesModel::tr("by norm");
    case CauseColumn::Bias:
        return SampleCausesModel::tr("by bias");
    case CauseColumn::Both:
        return SampleCausesModel::tr("by both");
    case CauseColumn::Direction:
        return SampleCausesModel::tr("by direction");
    }
    return {};
}

QString explanationOf(CauseColumn column)
{
    switch (column) {
    case CauseColumn::Class:
        return SampleCausesModel::tr("The class that the samples are of.");
    case CauseColumn::Samples:
        return SampleCausesModel::tr("Evaluation samples of the class.");
    case CauseColumn::Wrong:
        return SampleCausesModel::tr("Those that are predicted as another class.");
    default:
        return definition(Term::ErrorCause);
    }
}

/// Without causes that no sample has.
std::vector<CauseColumn> columnsOf(const CauseStudy& study)
{
    using C = CauseColumn;
    const auto isThere = [&](C column) {
        const auto has = [&](const CauseCounts& of) { return countOf(of, column) > 0; };
        return std::any_of(study.before.begin(), study.before.end(), has) ||
               std::any_of(study.afterwards.begin(), study.afterwards.end(), has);
    };
    std::vector<C> columns{C::Class, C::Wrong, C::Norm};
    for (const C column : {C::Bias, C::Both})
        if (isThere(column))
            columns.push_back(column);
    columns.insert(columns.end(), {C::Direction, C::Samples});
    return columns;
}

void append(std::vector<std::string>& row, const CauseCounts& counts)
{
    for (const CauseColumn column : {CauseColumn::Wrong, CauseColumn::Norm, CauseColumn::Bias,
                                     CauseColumn::Both, CauseColumn::Direction})
        row.push_back(toText(countOf(counts, column)));
}

} // namespace

void SampleCausesModel::setCauses(std::shared_ptr<const Document> document,
                                  std::shared_ptr<const CauseStudy> study)
{
    if (document == m_document && study == m_study)
        return;
    beginResetModel();
    m_document = std::move(document);
    m_study = std::move(study);
    m_columns = m_study ? columnsOf(*m_study) : std::vector<CauseColumn>();
    makeOrder();
    endResetModel();
}

void SampleCausesModel::setSide(CauseSide side)
{
    if (side == m_side)
        return;
    beginResetModel();
    m_side = side;
    makeOrder();
    endResetModel();
}

void SampleCausesModel::makeOrder()
{
    m_order.clear();
    if (!m_study)
        return;
    for (std::size_t c = 0; c < m_study->before.size(); ++c)
        if (m_study->before[c].samples > 0)
            m_order.push_back(static_cast<std::int64_t>(c));
    sortNow();
}

void SampleCausesModel::sortNow()
{
    const auto& counts = m_side == CauseSide::Before ? m_study->before : m_study->afterwards;
    const auto key = [&](std::int64_t c) {
        return countOf(counts[static_cast<std::size_t>(c)], m_by);
    };
    const auto isLess = [&](std::int64_t a, std::int64_t b) {
        if (m_by != CauseColumn::Class)
            return key(a) < key(b);
        const auto& names = m_document->names;
        return names[static_cast<std::size_t>(a)].localeAwareCompare(
                   names[static_cast<std::size_t>(b)]) < 0;
    };
    std::sort(m_order.begin(), m_order.end());
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::int64_t a, std::int64_t b) {
        return m_direction == Qt::AscendingOrder ? isLess(a, b) : isLess(b, a);
    });
}

void SampleCausesModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= columnCount())
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    std::vector<std::int64_t> classes;
    for (const QModelIndex& of : from)
        classes.push_back(classAt(of.row()));
    m_by = columnAt(column);
    m_direction = order;
    sortNow();
    QModelIndexList to;
    for (int i = 0; i < from.size(); ++i)
        to << index(rowOf(classes[static_cast<std::size_t>(i)]), from[i].column());
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

int SampleCausesModel::rowOf(std::int64_t c) const
{
    const auto at = std::find(m_order.begin(), m_order.end(), c);
    return at == m_order.end() ? -1 : static_cast<int>(at - m_order.begin());
}

const CauseCounts& SampleCausesModel::of(int row) const
{
    const auto& counts = m_side == CauseSide::Before ? m_study->before : m_study->afterwards;
    return counts[static_cast<std::size_t>(classAt(row))];
}

CauseCounts SampleCausesModel::total() const
{
    CauseCounts all;
    for (int row = 0; row < rowCount(); ++row) {
        const CauseCounts& one = of(row);
        all.samples += one.samples;
        all.norm += one.norm;
        all.bias += one.bias;
        all.normAndBias += one.normAndBias;
        all.direction += one.direction;
    }
    return all;
}

int SampleCausesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int SampleCausesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant SampleCausesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const CauseColumn column = columnAt(index.column());
    const QString name = m_document->names[static_cast<std::size_t>(classAt(index.row()))];
    switch (role) {
    case Qt::DisplayRole:
        return column == CauseColumn::Class
                   ? name
                   : QString::fromStdString(toGroupedText(countOf(of(index.row()), column)));
    case Qt::ToolTipRole:
        return column == CauseColumn::Class ? name : explanationOf(column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((column == CauseColumn::Class ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant SampleCausesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const CauseColumn column = columnAt(section);
    if (role == Qt::DisplayRole)
        return titleOf(column);
    if (role == Qt::ToolTipRole)
        return explanationOf(column);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((column == CauseColumn::Class ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    return {};
}

Table SampleCausesModel::table() const
{
    Table out;
    out.textColumns = 1;
    out.header = {"class", "index", "samples"};
    for (const char* side : {"before", "after"})
        for (const char* what : {"wrong", "norm", "bias", "both", "direction"})
            out.header.push_back(std::string(what) + "_" + side);
    for (const std::int64_t c : m_order) {
        const auto at = static_cast<std::size_t>(c);
        std::vector<std::string> row{m_document->names[at].toStdString(), toText(c),
                                     toText(m_study->before[at].samples)};
        append(row, m_study->before[at]);
        append(row, m_study->afterwards[at]);
        out.rows.push_back(std::move(row));
    }
    return out;
}

} // namespace monotail
