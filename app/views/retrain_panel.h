// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "base/pace.h"
#include "views/training_sources_box.h"

class QComboBox;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace monotail {

class RecipeForm;

/// Stage 2: what a head is trained on and how, and its start.
class RetrainPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RetrainPanel(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void sourceAsked(monotail::TrainingSourcesBox::Source source);
    void started();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildRecipe();
    QWidget* buildRuns();
    QWidget* buildStart();
    void takePlan();
    void showDocument();
    void showPlan();
    void showSweep();
    void showState();
    void showProgress(const QString& title, qint64 done, qint64 total);
    void start();
    QString queueText() const;

    Session& m_session;
    RecipeForm* m_form;
    QSpinBox* m_seeds = nullptr;
    QComboBox* m_parameter = nullptr; ///< to sweep
    QLineEdit* m_values = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_notes = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_cancel = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_left = nullptr; ///< time, and what waits
    PaceMeter m_pace;
    QString m_timed; ///< the job that the pace is of
};

} // namespace monotail
