// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/tensor_model.h"
#include "models/text_table_model.h"
#include "session/session.h"

class QAction;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTabWidget;
class QTableView;

namespace monotail {

class HeadBox;
class HintStack;

/// What the checkpoint holds, and which of its tensors is taken for the classifier's weight. One
/// search looks through all of it.
class InspectPanel : public QWidget
{
    Q_OBJECT

public:
    explicit InspectPanel(Session& session, QWidget* parent = nullptr);

    void focusSearch();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeContent();
    void makeSearch();
    void makeTensorView();
    void refresh();
    void showWarnings(const Document& document);
    void search(const QString& text);
    void showCounts();
    void offer();
    void fitToFont();
    int selectedTensor() const; ///< its place in the file; -1 = none
    void useTensor();

    Session& m_session;
    TensorModel* m_tensors;
    QSortFilterProxyModel* m_searchedTensors;
    TextTableModel* m_others;
    QSortFilterProxyModel* m_searchedOthers;
    QLineEdit* m_search;
    QLabel* m_counts;
    QLabel* m_name;
    QLabel* m_summary;
    QLabel* m_warnings;
    HeadBox* m_head;
    QTableView* m_tensorView;
    QTableView* m_otherView;
    QAction* m_useTensor = nullptr;
    QTabWidget* m_tabs;
    HintStack* m_all = nullptr;
};

} // namespace monotail
