// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "report/table.h"
#include "session/snapshot.h"

namespace monotail {

enum class SampleColumn {
    Sample,
    Truth,
    Before,
    After,
    ScoreBefore,
    ScoreAfter,
    MarginBefore,
    MarginAfter,
};

/// The samples of a study, a row each, in its order.
class SampleModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Null study: no rows.
    void setSamples(std::shared_ptr<const Document> document,
                    std::shared_ptr<const SampleStudy> study);
    const PickedSample& at(int row) const;
    int rowOf(std::int64_t sample) const; ///< -1: not among them
    const Document* document() const { return m_document.get(); }
    QString className(std::int64_t c) const;
    /// With plain numbers in full.
    Table table() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const PickedSample& of, SampleColumn column) const;

    std::shared_ptr<const Document> m_document;
    std::shared_ptr<const SampleStudy> m_study;
};

} // namespace monotail
