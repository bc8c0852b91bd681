// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/confusion_data.h"

class QTableView;

namespace monotail {

class HintStack;
class Session;

/// Which groups are taken for which, and the pairs of classes confused most, before and after.
class ConfusionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ConfusionPanel(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void samplesAsked(); ///< of the cell that the session now shows

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    QTableView* addTable(TextTableModel& model, const QString& name);
    void refresh();
    void refreshPairs();
    void selectPair();
    void selectGroups(const QModelIndex& cell);
    void fitGroups();
    QString hint() const;

    Session& m_session;
    TextTableModel* m_groupModel;
    TextTableModel* m_pairModel;
    QTableView* m_groups = nullptr;
    QTableView* m_pairs = nullptr;
    HintStack* m_all = nullptr;
    std::vector<std::pair<std::int64_t, std::int64_t>> m_classes; ///< of the pairs
    std::shared_ptr<const LiveAccuracy> m_shownPairs;
};

} // namespace monotail
