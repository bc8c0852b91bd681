// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/run_model.h"

#include <QFont>
#include <algorithm>
#include <numeric>

namespace monotail {

namespace {

bool isSame(const RunRow& a, const RunRow& b)
{
    return a.kind == b.kind && a.run == b.run;
}

/// Absent keys come last whichever way it is sorted.
bool isBefore(const RunRow& a, const RunRow& b, RunColumn column, Qt::SortOrder direction)
{
    const bool up = direction == Qt::AscendingOrder;
    if (isText(column)) {
        const int order = QString::localeAwareCompare(runCell(a, column), runCell(b, column));
        return up ? order < 0 : order > 0;
    }
    const auto x = runKey(a, column), y = runKey(b, column);
    if (!x || !y)
        return x && !y;
    return up ? *x < *y : *x > *y;
}

} // namespace

std::vector<int> RunModel::arranged(const std::vector<RunRow>& rows) const
{
    std::vector<int> shown(rows.size());
    std::iota(shown.begin(), shown.end(), 0);
    std::stable_sort(shown.begin(), shown.end(), [&](int a, int b) {
        return isBefore(rows[static_cast<std::size_t>(a)], rows[static_cast<std::size_t>(b)],
                        m_column, m_direction);
    });
    return shown;
}

void RunModel::setRows(std::vector<RunRow> rows, int used)
{
    m_used = used;
    const bool same = rows.size() == m_rows.size() &&
                      std::equal(rows.begin(), rows.end(), m_rows.begin(), isSame);
    if (same)
        return enter(std::move(rows));
    beginResetModel();
    m_rows = std::move(rows);
    m_shown = arranged(m_rows);
    endResetModel();
}

/// The same rows with other contents, and perhaps in another order.
void RunModel::enter(std::vector<RunRow> rows)
{
    std::vector<int> shown = arranged(rows);
    if (shown != m_shown) {
        Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        const QModelIndexList before = persistentIndexList();
        QModelIndexList after;
        for (const QModelIndex& old : before) {
            const int place = m_shown[static_cast<std::size_t>(old.row())];
            const auto now = std::find(shown.begin(), shown.end(), place);
            after.append(index(static_cast<int>(now - shown.begin()), old.column()));
        }
        m_rows = std::move(rows);
        m_shown = std::move(shown);
        changePersistentIndexList(before, after);
        Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    } else {
        m_rows = std::move(rows);
    }
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void RunModel::sort(int column, Qt::SortOrder direction)
{
    if (column < 0 || column >= columnCount())
        return;
    m_column = static_cast<RunColumn>(column);
    m_direction = direction;
    enter(m_rows);
}

const RunRow& RunModel::rowAt(int row) const
{
    return m_rows[static_cast<std::size_t>(m_shown[static_cast<std::size_t>(row)])];
}

Table RunModel::table() const
{
    Table table;
    table.textColumns = 2;
    for (int column = 0; column < runColumns; ++column)
        table.header.push_back(columnTitle(static_cast<RunColumn>(column)).toStdString());
    for (int row = 0; row < rowCount(); ++row) {
        std::vector<std::string> cells;
        for (int column = 0; column < runColumns; ++column)
            cells.push_back(runCell(rowAt(row), static_cast<RunColumn>(column)).toStdString());
        table.rows.push_back(std::move(cells));
    }
    return table;
}

Table RunModel::csv() const
{
    return runCsv(m_rows);
}

int RunModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int RunModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : runColumns;
}

bool RunModel::isUsed(const RunRow& row) const
{
    return row.kind != RunRow::Kind::Spread && row.run == m_used;
}

QVariant RunModel::fontOf(const RunRow& row) const
{
    QFont font;
    font.setBold(isUsed(row));
    font.setItalic(row.kind != RunRow::Kind::Run);
    return font;
}

QVariant RunModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RunRow& row = rowAt(index.row());
    const auto column = static_cast<RunColumn>(index.column());
    const bool marked = column == RunColumn::Name && isUsed(row);
    switch (role) {
    case Qt::DisplayRole:
        return marked ? QStringLiteral("\u25b6 ") + runCell(row, column) : runCell(row, column);
    case Qt::AccessibleTextRole:
        return marked ? tr("%1, in use").arg(runCell(row, column)) : runCell(row, column);
    case Qt::ToolTipRole:
        return runTip(row);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isText(column) ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    case Qt::FontRole:
        return fontOf(row);
    default:
        return {};
    }
}

QVariant RunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const auto column = static_cast<RunColumn>(section);
    switch (role) {
    case Qt::DisplayRole:
        return columnTitle(column);
    case Qt::ToolTipRole:
        return columnMeaning(column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isText(column) ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    default:
        return {};
    }
}

} // namespace monotail
