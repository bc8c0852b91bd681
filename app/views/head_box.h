// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/text_table_model.h"
#include "session/session.h"

class QBoxLayout;
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace monotail {

class HeadForm;

/// The classifier head: which tensor it is, which others there are, and how it is read.
class HeadBox : public QWidget
{
    Q_OBJECT

public:
    explicit HeadBox(Session& session, QWidget* parent = nullptr);

    void setSearch(const QString& text);
    int shown() const; ///< heads that pass the search
    int all() const;
    void useHead(const HeadQuery& query);
    void fitToFont();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOut();
    void connectAll();
    void refresh();
    void offer();
    const HeadCandidate* selected() const;
    void useSelected();

    Session& m_session;
    TextTableModel* m_heads;
    QSortFilterProxyModel* m_searched;
    QBoxLayout* m_layout = nullptr;
    QLabel* m_words;
    QLabel* m_notes;
    QTableView* m_view;
    QPushButton* m_use;
    HeadForm* m_form;
};

} // namespace monotail
