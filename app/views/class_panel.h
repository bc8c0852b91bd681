// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>

#include "models/class_row_selection.h"
#include "session/session.h"

class QTableView;

namespace monotail {

class ClassFilterBar;
class HintStack;

/// The class table: one row a class, to filter, sort, select and copy.
class ClassPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ClassPanel(Session& session, QWidget* parent = nullptr);

    /// All classes, whatever is filtered, with plain numbers in full. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

public Q_SLOTS:
    void focusFilter();

Q_SIGNALS:
    void failed(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    void addActions();
    void connectAll();
    void refresh();
    void takeSelection();
    void applyFilter();
    void showOrder();
    void showCounts();
    void showHints();
    void fitToFont();
    void reveal();
    void askAndSave();
    Table copied() const;

    Session& m_session;
    ClassModel* m_model;
    ClassRowSelection* m_rows;
    ClassFilterBar* m_bar;
    QTableView* m_view;
    HintStack* m_table; ///< the view, or why it would be empty
    HintStack* m_all;   ///< that and the bar, or why there is nothing
    /// "Selected only" shows these: a click in the table itself does not take rows away.
    std::optional<std::vector<std::int64_t>> m_only;
};

} // namespace monotail
