// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>

class QAction;
class QLabel;
class QPushButton;
class QTableView;
class QTimer;

namespace monotail {

class CurveChart;
class HintStack;
class RunModel;
class Session;

/// Every run, and what can be done with its head.
class RunsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RunsPanel(Session& session, QWidget* parent = nullptr);

    CurveChart& sweepChart() const { return *m_sweep; }
    /// Plain numbers in full. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

Q_SIGNALS:
    void failed(const QString& sentence);
    void shown(int run); ///< it is to be shown by its epochs
    void compared();     ///< two were chosen to be compared

private:
    void layOut();
    QWidget* makeButtons();
    void addActions();
    QAction* addAction(const QString& text, void (RunsPanel::*work)());
    void refresh();
    void showSweep();
    void offer();
    std::vector<int> selectedRuns() const; ///< numbers; 0 is the checkpoint's own head
    void use();
    void compare();
    void cancel();
    void remove();
    void askAndSave();

    Session& m_session;
    RunModel* m_model;
    QTableView* m_view;
    CurveChart* m_sweep;
    QLabel* m_sweepWords;
    QWidget* m_sweepBox = nullptr;
    HintStack* m_all = nullptr;
    QPushButton* m_use = nullptr;
    QPushButton* m_compare = nullptr;
    QAction* m_cancel = nullptr;
    QAction* m_remove = nullptr;
    QTimer* m_rest;  ///< epochs come faster than a table need follow
    int m_rows = -1; ///< that columns were fitted to
};

} // namespace monotail
