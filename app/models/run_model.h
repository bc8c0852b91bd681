// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "models/run_rows.h"

namespace monotail {

/// The table of runs, which sorts by itself and by number.
class RunModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// `used`: the number of the run whose head is shown, 0: the checkpoint's own.
    void setRows(std::vector<RunRow> rows, int used);
    const RunRow& rowAt(int row) const;
    Table table() const; ///< as shown, in the order shown
    Table csv() const;   ///< in full, by number
    void sort(int column, Qt::SortOrder direction) override;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<int> arranged(const std::vector<RunRow>& rows) const;
    bool isUsed(const RunRow& row) const;
    QVariant fontOf(const RunRow& row) const;
    void enter(std::vector<RunRow> rows);

    std::vector<RunRow> m_rows;
    std::vector<int> m_shown; ///< row -> place in m_rows
    int m_used = 0;
    RunColumn m_column = RunColumn::Number;
    Qt::SortOrder m_direction = Qt::AscendingOrder;
};

} // namespace monotail
