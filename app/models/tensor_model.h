// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// The tensors of a checkpoint, in file order; sorted and filtered by a proxy.
class TensorModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Type, Shape, Elements, Bytes };
    /// Numbers as numbers, for a proxy's sort role.
    static constexpr int sortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;

    void setCheckpoint(std::shared_ptr<const Checkpoint> checkpoint);
    const Tensor& tensor(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const Checkpoint> m_checkpoint;
};

/// "1.2 MB"; powers of 1,000.
QString bytesText(std::uint64_t bytes);

} // namespace monotail
