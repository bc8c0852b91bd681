// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/tensor_model.h"
#include "models/text_table_model.h"
#include "session/session.h"

class QAction;
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTabWidget;
class QTableView;

namespace monotail {

class HintStack;

/// What the checkpoint holds, and which of its tensors is taken for the classifier's weight.
class FilePanel : public QWidget
{
    Q_OBJECT

public:
    explicit FilePanel(Session& session, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    QWidget* makeHeadBox();
    QWidget* makeTensorPage();
    void refresh();
    void offer();
    void fitToFont();
    void useHead(const std::string& weight);
    void useCandidate(int row);
    void useTensor();

    Session& m_session;
    TextTableModel* m_heads;
    TensorModel* m_tensors;
    QSortFilterProxyModel* m_sortedTensors;
    TextTableModel* m_others;
    QLabel* m_name;
    QLabel* m_summary;
    QLabel* m_head;
    QLabel* m_warnings;
    QTableView* m_headView;
    QTableView* m_tensorView;
    QTableView* m_otherView;
    QPushButton* m_useHead;
    QAction* m_useTensor = nullptr;
    QTabWidget* m_tabs;
    HintStack* m_all = nullptr;
};

} // namespace monotail
