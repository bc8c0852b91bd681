// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "report/table.h"
#include "session/snapshot.h"

namespace monotail {

enum class CauseColumn { Class, Samples, Wrong, Norm, Bias, Both, Direction };
enum class CauseSide { Before, After };

/// Per class, how many samples are wrong, and by what they are lost. Sorts by any column; classes
/// without samples have no row.
class SampleCausesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Null study: no rows.
    void setCauses(std::shared_ptr<const Document> document,
                   std::shared_ptr<const CauseStudy> study);
    void setSide(CauseSide side);
    CauseSide side() const { return m_side; }
    std::int64_t classAt(int row) const { return m_order[static_cast<std::size_t>(row)]; }
    int rowOf(std::int64_t c) const;
    CauseCounts total() const;
    Table table() const; ///< both sides

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    const CauseCounts& of(int row) const;
    CauseColumn columnAt(int section) const { return m_columns[static_cast<std::size_t>(section)]; }
    void makeOrder();
    void sortNow();

    std::shared_ptr<const Document> m_document;
    std::shared_ptr<const CauseStudy> m_study;
    CauseSide m_side = CauseSide::Before;
    std::vector<CauseColumn> m_columns; ///< without causes that no sample has
    std::vector<std::int64_t> m_order;  ///< row -> class
    CauseColumn m_by = CauseColumn::Wrong;
    Qt::SortOrder m_direction = Qt::DescendingOrder;
};

} // namespace monotail
