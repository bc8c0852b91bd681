// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "models/class_order.h"
#include "report/table.h"

namespace monotail {

/// The class table. It filters and sorts by itself, by a permutation: while a slider moves, all
/// rows change at once, and thousands of classes must follow.
class ClassModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// `rows` by class: rows[c].index == c. Filter and order are kept; while the column to sort by
    /// is not there, rank or else index takes its place.
    void setRows(std::vector<ClassRow> rows, std::vector<ClassColumn> columns);
    void setFilter(const ClassFilter& filter);
    void setOrder(const ClassOrder& order);
    void sort(int column, Qt::SortOrder direction) override;

    const ClassFilter& filter() const { return m_filter; }
    ClassOrder order() const; ///< as the rows are now
    const std::vector<ClassColumn>& columns() const { return m_columns; }
    int columnOf(ClassColumn column) const; ///< -1 if it is not there
    int classes() const { return static_cast<int>(m_rows.size()); }
    std::int64_t classAt(int row) const { return rowAt(row).index; }
    int rowOf(std::int64_t classIndex) const; ///< -1 if it is filtered out
    /// These rows, as plain text, with the columns that are shown.
    Table table(const std::vector<int>& rows) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const ClassRow& rowAt(int row) const;
    void reset(std::vector<ClassRow> rows, std::vector<ClassColumn> columns);
    void rearrange();
    void enter(std::vector<int> shown, std::optional<std::vector<ClassRow>> fresh);

    std::vector<ClassRow> m_rows;
    std::vector<ClassColumn> m_columns;
    std::vector<double> m_places; ///< namePlaces() of the rows
    ClassFilter m_filter;
    ClassOrder m_order;       ///< as asked for
    std::vector<int> m_shown; ///< row -> class
    std::vector<int> m_rowOf; ///< class -> row, or -1
};

} // namespace monotail
