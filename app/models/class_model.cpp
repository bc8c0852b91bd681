// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/class_model.h"

#include <QFont>
#include <algorithm>

#include "models/class_cell.h"

namespace monotail {

namespace {

bool sameNames(const std::vector<ClassRow>& a, const std::vector<ClassRow>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const ClassRow& x, const ClassRow& y) { return x.name == y.name; });
}

std::vector<int> inverse(const std::vector<int>& shown, std::size_t classes)
{
    std::vector<int> rowOf(classes, -1);
    for (std::size_t row = 0; row < shown.size(); ++row)
        rowOf[static_cast<std::size_t>(shown[row])] = static_cast<int>(row);
    return rowOf;
}

bool has(const std::vector<ClassColumn>& columns, ClassColumn column)
{
    return std::find(columns.begin(), columns.end(), column) != columns.end();
}

ClassOrder possibleOrder(const ClassOrder& order, const std::vector<ClassColumn>& columns)
{
    if (has(columns, order.column))
        return order;
    return {has(columns, ClassColumn::Rank) ? ClassColumn::Rank : ClassColumn::Index};
}

QString tipOf(const ClassRow& row, ClassColumn column)
{
    if (column == ClassColumn::Name)
        return row.name;
    if (column == ClassColumn::Change || column == ClassColumn::AdjustedP)
        return changeInWords(row);
    return {};
}

QVariant fontOf(const ClassRow& row, ClassColumn column)
{
    if (column != ClassColumn::Change || !isBeyondNoise(row))
        return {};
    QFont font;
    font.setBold(true);
    return font;
}

/// Numbers to the right; groups between, away from the numbers on either side.
QVariant alignmentOf(ClassColumn column)
{
    const Qt::AlignmentFlag across =
        isNumber(column)                                                 ? Qt::AlignRight
        : column == ClassColumn::Group || column == ClassColumn::Verdict ? Qt::AlignHCenter
                                                                         : Qt::AlignLeft;
    return QVariant::fromValue(across | Qt::AlignVCenter);
}

} // namespace

void ClassModel::setRows(std::vector<ClassRow> rows, std::vector<ClassColumn> columns)
{
    if (!sameNames(rows, m_rows))
        m_places = namePlaces(rows);
    if (columns != m_columns || rows.size() != m_rows.size())
        return reset(std::move(rows), std::move(columns));
    std::vector<int> shown = arranged(rows, m_filter, order(), m_places);
    if (shown == m_shown)
        m_rows = std::move(rows);
    else
        enter(std::move(shown), std::move(rows));
    if (!m_shown.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void ClassModel::reset(std::vector<ClassRow> rows, std::vector<ClassColumn> columns)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_columns = std::move(columns);
    m_shown = arranged(m_rows, m_filter, order(), m_places);
    m_rowOf = inverse(m_shown, m_rows.size());
    endResetModel();
}

void ClassModel::setFilter(const ClassFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    rearrange();
}

void ClassModel::setOrder(const ClassOrder& order)
{
    m_order = order;
    rearrange();
}

ClassOrder ClassModel::order() const
{
    return possibleOrder(m_order, m_columns);
}

void ClassModel::sort(int column, Qt::SortOrder direction)
{
    if (column >= 0 && column < columnCount())
        setOrder({m_columns[static_cast<std::size_t>(column)], direction});
}

void ClassModel::rearrange()
{
    std::vector<int> shown = arranged(m_rows, m_filter, order(), m_places);
    if (shown != m_shown)
        enter(std::move(shown), std::nullopt);
}

void ClassModel::enter(std::vector<int> shown, std::optional<std::vector<ClassRow>> fresh)
{
    // Columns stay, so the header need not look after its sections.
    constexpr auto hint = QAbstractItemModel::VerticalSortHint;
    Q_EMIT layoutAboutToBeChanged({}, hint);
    const QModelIndexList before = persistentIndexList();
    const std::vector<int> classOf = std::exchange(m_shown, std::move(shown));
    if (fresh)
        m_rows = std::move(*fresh);
    m_rowOf = inverse(m_shown, m_rows.size());
    QModelIndexList after;
    after.reserve(before.size());
    for (const QModelIndex& old : before) {
        const int row = rowOf(classOf[static_cast<std::size_t>(old.row())]);
        after.append(row < 0 ? QModelIndex() : index(row, old.column()));
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, hint);
}

int ClassModel::columnOf(ClassColumn column) const
{
    const auto at = std::find(m_columns.begin(), m_columns.end(), column);
    return at == m_columns.end() ? -1 : static_cast<int>(at - m_columns.begin());
}

int ClassModel::rowOf(std::int64_t classIndex) const
{
    return classIndex < 0 || classIndex >= classes()
               ? -1
               : m_rowOf[static_cast<std::size_t>(classIndex)];
}

const ClassRow& ClassModel::rowAt(int row) const
{
    return m_rows[static_cast<std::size_t>(m_shown[static_cast<std::size_t>(row)])];
}

Table ClassModel::table(const std::vector<int>& rows) const
{
    Table table;
    table.textColumns = has(m_columns, ClassColumn::Name) ? 1 : 0;
    for (const ClassColumn column : m_columns)
        table.header.push_back(plainTitleOf(column).toStdString());
    for (const int row : rows) {
        std::vector<std::string> cells;
        for (const ClassColumn column : m_columns)
            cells.push_back(plainText(rowAt(row), column).toStdString());
        table.rows.push_back(std::move(cells));
    }
    return table;
}

int ClassModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int ClassModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant ClassModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ClassRow& row = rowAt(index.row());
    const ClassColumn column = m_columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return shownText(row, column);
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    case Qt::ToolTipRole:
        return tipOf(row, column);
    case Qt::AccessibleTextRole:
        return column == ClassColumn::Change && row.change ? changeInWords(row)
                                                           : shownText(row, column);
    case Qt::FontRole:
        return fontOf(row, column);
    default:
        return {};
    }
}

QVariant ClassModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ClassColumn column = m_columns[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return titleOf(column);
    case Qt::AccessibleTextRole:
        return plainTitleOf(column);
    case Qt::ToolTipRole:
        return explanationOf(column);
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    default:
        return {};
    }
}

} // namespace monotail
