// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "report/table.h"

namespace monotail {

/// What a table shows. Explanations are for tooltips; there may be fewer than columns and rows.
struct TextTable
{
    Table table;
    int marked = -1; ///< the row in use; -1 = none
    std::vector<QString> columnExplanations = {}, rowExplanations = {};
    int minor = -1;    ///< rows from here on matter less, and look it; -1 = none
    int pending = -1;  ///< rows from here on are not known yet, and greyed; -1 = none
    int searched = -1; ///< so many columns are looked at by a search; -1 = all
};

/// A small table of text, one of its rows marked as the one in use.
class TextTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setTable(TextTable table);
    const TextTable& table() const { return m_table; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const QModelIndex& index) const;
    QString shownText(const QModelIndex& index) const;
    QVariant alignment(int column) const;

    TextTable m_table;
};

} // namespace monotail
