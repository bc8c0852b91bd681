// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <vector>

#include "views/training_sources_box.h"

class QAction;
class QDockWidget;
class QMainWindow;

namespace monotail {

class BeforeAfterChart;
class ClassPanel;
class ComparePanel;
class CurveChart;
class GroupChart;
class InspectPanel;
class Session;
class NormChart;
class RetrainPanel;
class RunsPanel;
class SlotChart;
class TrainingPanel;

/// The panels around the norm chart, as docks of the main window.
class Docks : public QObject
{
    Q_OBJECT

public:
    Docks(QMainWindow& window, Session& session, SlotChart& norms);

    /// Where everything is by default, for the window's size.
    void arrange();
    void setVisible(bool visible); ///< all that were visible before, or none
    QByteArray layout() const;     ///< as it is while the docks are shown
    void restore(const QByteArray& layout);
    std::vector<QAction*> toggles() const;
    BeforeAfterChart& recallChart() const { return *m_recallChart; }
    GroupChart& groupChart() const { return *m_groupChart; }
    CurveChart& curveChart() const { return *m_curveChart; }
    TrainingPanel& trainingPanel() const { return *m_trainingPanel; }
    RunsPanel& runsPanel() const { return *m_runsPanel; }
    void raiseFindings();
    void raiseInspect();
    void raiseCompare();
    /// To the search field of the panel that has the focus; where no panel has one, to the
    /// classes'.
    void find();

Q_SIGNALS:
    void failed(const QString& sentence);
    void otherAsked(); ///< a checkpoint to compare with
    void trainingSourceAsked(monotail::TrainingSourcesBox::Source source);

private:
    void addSampleDocks(Session& session);
    void addTrainingDocks(Session& session);
    QDockWidget* add(const QString& name, const QString& title, QWidget* panel);

    QMainWindow& m_window;
    const Session& m_session;
    ClassPanel* m_classPanel;
    InspectPanel* m_inspectPanel;
    BeforeAfterChart* m_recallChart;
    GroupChart* m_groupChart;
    CurveChart* m_curveChart;
    TrainingPanel* m_trainingPanel;
    RunsPanel* m_runsPanel;
    QDockWidget* m_method;
    QDockWidget* m_accuracy;
    QDockWidget* m_recall;
    QDockWidget* m_classes;
    QDockWidget* m_methods;
    QDockWidget* m_compare;
    QDockWidget* m_confusion;
    QDockWidget* m_samples;
    QDockWidget* m_why;
    QDockWidget* m_retrain;
    QDockWidget* m_training;
    QDockWidget* m_runs;
    QDockWidget* m_findings;
    QDockWidget* m_inspect;
    std::vector<QDockWidget*> m_all;
    QByteArray m_layout; ///< while hidden
    bool m_visible = false;
};

} // namespace monotail
