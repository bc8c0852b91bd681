// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/class_row_selection.h"
#include "session/session.h"

class QTableView;

namespace monotail {

class ClassFilterBar;
class HintStack;

/// A table of classes, one row each, with the controls to filter it: to sort, select and copy. What
/// its rows are is for the panel around it.
class ClassList : public QWidget
{
    Q_OBJECT

public:
    /// `name` is for screen readers.
    ClassList(Session& session, const QString& name, QWidget* parent = nullptr);

    /// `rows` by class, as ClassModel::setRows() has them; what can be filtered is what `snapshot`
    /// knows.
    void setRows(const Snapshot& snapshot, std::vector<ClassRow> rows,
                 std::vector<ClassColumn> columns);
    void showLargestFirst();
    void focusFilter();

Q_SIGNALS:
    void saveAsked(); ///< all classes, whatever is filtered

protected:
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    void addActions();
    void connectAll();
    void takeSelection();
    void applyFilter();
    void showOrder();
    void showCounts();
    void showHints();
    void fitToFont();
    void reveal();
    Table copied() const;

    Session& m_session;
    ClassModel* m_model;
    ClassRowSelection* m_rows;
    ClassFilterBar* m_bar;
    QTableView* m_view;
    HintStack* m_table; ///< the view, or why it would be empty
    /// "Selected only" shows these: a click in the table itself does not take rows away.
    std::optional<std::vector<std::int64_t>> m_only;
};

} // namespace monotail
