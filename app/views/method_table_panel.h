// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <filesystem>

#include "models/text_table_model.h"
#include "session/session.h"

class QLabel;
class QPushButton;
class QTableView;

namespace monotail {

class HintStack;

/// The reviewer's table: every rescaling at once, with intervals; a row can be applied.
class MethodTablePanel : public QWidget
{
    Q_OBJECT

public:
    explicit MethodTablePanel(Session& session, QWidget* parent = nullptr);

    /// Plain numbers in full. Reports by failed().
    void saveCsv(const std::filesystem::path& target);

Q_SIGNALS:
    void failed(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    void addApplying();
    QWidget* makeButtons();
    void connectAll();
    void refresh();
    void showTable();
    bool isCurrent() const; ///< the table is of the groups that are chosen
    QString hint() const;
    QString status() const;
    bool isApplicable(int row) const;
    void apply(int row);
    void askAndSave();

    Session& m_session;
    TextTableModel* m_model;
    QLabel* m_about;
    QLabel* m_status;
    QTableView* m_view;
    HintStack* m_all;
    QPushButton* m_apply = nullptr;
    std::vector<QPushButton*> m_copies; ///< need a table that is current
    bool m_cancelled = false;           ///< nobody makes the table that is missing
};

} // namespace monotail
