// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/text_table_model.h"

#include <QFont>
#include <QGuiApplication>
#include <QPalette>
#include <QStringList>

#include "models/search_role.h"

namespace monotail {

namespace {

QString textAt(const std::vector<QString>& texts, int at)
{
    return static_cast<std::size_t>(at) < texts.size() ? texts[static_cast<std::size_t>(at)]
                                                       : QString();
}

QVariant fontOf(const TextTable& table, int row)
{
    QFont font;
    const bool isMinor = table.minor >= 0 && row >= table.minor;
    font.setBold(row == table.marked);
    font.setItalic(isMinor);
    return row == table.marked || isMinor ? QVariant(font) : QVariant();
}

/// Shapes are found with and without their spaces.
QString searchedText(const TextTable& table, int row)
{
    const auto& cells = table.table.rows[static_cast<std::size_t>(row)];
    QStringList lines;
    for (std::size_t column = 0; column < cells.size(); ++column)
        if (table.searched < 0 || column < static_cast<std::size_t>(table.searched))
            lines += QString::fromStdString(cells[column]);
    const QString all = lines.join(QLatin1Char('\n'));
    return all + QLatin1Char('\n') + QString(all).remove(QLatin1Char(' '));
}

} // namespace

void TextTableModel::setTable(TextTable table)
{
    const bool sameShape = table.table.header == m_table.table.header &&
                           table.table.rows.size() == m_table.table.rows.size();
    if (!sameShape)
        beginResetModel();
    m_table = std::move(table);
    if (!sameShape)
        endResetModel();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int TextTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.table.rows.size());
}

int TextTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.table.header.size());
}

QString TextTableModel::text(const QModelIndex& index) const
{
    const auto& row = m_table.table.rows[static_cast<std::size_t>(index.row())];
    return QString::fromStdString(row[static_cast<std::size_t>(index.column())]);
}

QString TextTableModel::shownText(const QModelIndex& index) const
{
    if (index.column() > 0 || m_table.marked < 0)
        return text(index);
    // As wide as the mark, roughly: names stay under each other.
    return (index.row() == m_table.marked ? QStringLiteral("▶ ") : QStringLiteral("\u2003 ")) +
           text(index);
}

QVariant TextTableModel::alignment(int column) const
{
    const bool isText = static_cast<std::size_t>(column) < m_table.table.textColumns;
    return QVariant::fromValue((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
}

QVariant TextTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool isMarked = index.row() == m_table.marked;
    switch (role) {
    case Qt::DisplayRole:
        return shownText(index);
    case Qt::AccessibleTextRole:
        return isMarked && index.column() == 0 ? tr("%1, in use").arg(text(index)) : text(index);
    case Qt::ToolTipRole:
        if (const QString tip = textAt(m_table.rowExplanations, index.row()); !tip.isEmpty())
            return tip;
        return text(index);
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case Qt::FontRole:
        return fontOf(m_table, index.row());
    case Qt::ForegroundRole:
        return m_table.pending >= 0 && index.row() >= m_table.pending
                   ? QVariant(QGuiApplication::palette().brush(QPalette::PlaceholderText))
                   : QVariant();
    case searchRole:
        return searchedText(m_table, index.row());
    default:
        return {};
    }
}

QVariant TextTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::DisplayRole)
        return QString::fromStdString(m_table.table.header[static_cast<std::size_t>(section)]);
    if (role == Qt::ToolTipRole)
        return textAt(m_table.columnExplanations, section);
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    return {};
}

} // namespace monotail
