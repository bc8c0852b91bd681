// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/docks.h"

#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QScrollArea>
#include <algorithm>

#include "session/session.h"
#include "views/accuracy_panel.h"
#include "views/class_accuracy_panel.h"
#include "views/class_panel.h"
#include "views/compare_panel.h"
#include "views/confusion_panel.h"
#include "views/findings_panel.h"
#include "views/inspect_panel.h"
#include "views/method_panel.h"
#include "views/method_table_panel.h"
#include "views/retrain_panel.h"
#include "views/runs_panel.h"
#include "views/samples_panel.h"
#include "views/sweep_view.h"
#include "views/training_panel.h"
#include "views/why_panel.h"

namespace monotail {

namespace {

constexpr int layoutVersion = 4; // another number forgets layouts of other docks
constexpr int roomyWidth = 1500; ///< from here on curves and table stand side by side

QWidget* scrolling(QWidget* panel)
{
    auto* area = new QScrollArea;
    area->setWidget(panel);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumWidth(panel->minimumSizeHint().width() + 24);
    return area;
}

} // namespace

Docks::Docks(QMainWindow& window, Session& session, SlotChart& norms)
    : QObject(&window), m_window(window), m_session(session)
{
    auto* accuracy = new AccuracyPanel(session);
    auto* recall = new ClassAccuracyPanel(session, norms);
    auto* methods = new MethodTablePanel(session);
    m_classPanel = new ClassPanel(session);
    m_groupChart = &accuracy->chart();
    m_recallChart = &recall->chart();
    auto* method = new MethodPanel(session);
    auto* compare = new ComparePanel(session);
    m_curveChart = &method->sweep().chart();
    m_method = add(QStringLiteral("method"), tr("Method"), scrolling(method));
    m_accuracy = add(QStringLiteral("accuracy"), tr("Accuracy"), scrolling(accuracy));
    m_recall = add(QStringLiteral("recall"), tr("Recall per class"), recall);
    m_classes = add(QStringLiteral("classes"), tr("Classes"), m_classPanel);
    m_methods = add(QStringLiteral("methods"), tr("All methods"), methods);
    m_compare = add(QStringLiteral("compare"), tr("Compare"), compare);
    addSampleDocks(session);
    addTrainingDocks(session);
    // In the bottom row the highest panel would decide for all.
    m_findings = add(QStringLiteral("findings"), tr("Findings"), new FindingsPanel(session));
    m_inspectPanel = new InspectPanel(session);
    // Layouts saved when it was called "File" know it by that name.
    m_inspect = add(QStringLiteral("file"), tr("Inspect"), m_inspectPanel);
    connect(m_classPanel, &ClassPanel::failed, this, &Docks::failed);
    connect(methods, &MethodTablePanel::failed, this, &Docks::failed);
    connect(compare, &ComparePanel::failed, this, &Docks::failed);
    connect(compare, &ComparePanel::otherAsked, this, &Docks::otherAsked);
    for (QDockWidget* dock : m_all)
        dock->hide();
}

void Docks::addSampleDocks(Session& session)
{
    auto* confusion = new ConfusionPanel(session);
    auto* samples = new SamplesPanel(session);
    auto* why = new WhyPanel(session);
    m_confusion = add(QStringLiteral("confusion"), tr("Confusion"), confusion);
    m_samples = add(QStringLiteral("samples"), tr("Samples"), samples);
    m_why = add(QStringLiteral("why"), tr("Why this image"), scrolling(why));
    const auto raise = [](QDockWidget* dock) {
        return [dock] {
            dock->show();
            dock->raise();
        };
    };
    connect(confusion, &ConfusionPanel::samplesAsked, this, raise(m_samples));
    connect(samples, &SamplesPanel::chosen, this, raise(m_why));
    connect(samples, &SamplesPanel::failed, this, &Docks::failed);
    connect(why, &WhyPanel::failed, this, &Docks::failed);
}

void Docks::addTrainingDocks(Session& session)
{
    auto* retrain = new RetrainPanel(session);
    m_trainingPanel = new TrainingPanel(session);
    m_runsPanel = new RunsPanel(session);
    m_retrain = add(QStringLiteral("retrain"), tr("Retrain"), retrain);
    m_training = add(QStringLiteral("training"), tr("Training"), m_trainingPanel);
    m_runs = add(QStringLiteral("runs"), tr("Runs"), m_runsPanel);
    connect(retrain, &RetrainPanel::sourceAsked, this, &Docks::trainingSourceAsked);
    connect(retrain, &RetrainPanel::started, this, [this] {
        for (QDockWidget* dock : {m_training, m_runs}) {
            dock->show();
            dock->raise();
        }
    });
    connect(m_runsPanel, &RunsPanel::shown, m_trainingPanel, &TrainingPanel::showRun);
    connect(m_runsPanel, &RunsPanel::compared, this, &Docks::raiseCompare);
    connect(m_runsPanel, &RunsPanel::failed, this, &Docks::failed);
}

QDockWidget* Docks::add(const QString& name, const QString& title, QWidget* panel)
{
    auto* dock = new QDockWidget(title, &m_window);
    dock->setObjectName(name);
    dock->setWidget(panel);
    m_window.addDockWidget(Qt::BottomDockWidgetArea, dock);
    m_all.push_back(dock);
    return dock;
}

void Docks::arrange()
{
    const bool wide = m_window.width() >= roomyWidth;
    for (QDockWidget* dock : m_all) {
        m_window.removeDockWidget(dock);
        dock->setFloating(false);
    }
    m_window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_window.addDockWidget(Qt::RightDockWidgetArea, m_method);
    m_window.addDockWidget(Qt::RightDockWidgetArea, m_accuracy);
    m_window.tabifyDockWidget(m_method, m_retrain);
    m_window.tabifyDockWidget(m_accuracy, m_why);
    m_window.addDockWidget(Qt::BottomDockWidgetArea, m_recall);
    if (wide)
        m_window.splitDockWidget(m_recall, m_classes, Qt::Horizontal);
    else
        m_window.tabifyDockWidget(m_recall, m_classes);
    // A cell of the confusion stays in sight beside its samples.
    m_window.tabifyDockWidget(m_recall, m_samples);
    m_window.tabifyDockWidget(m_recall, m_training);
    for (QDockWidget* dock : {m_methods, m_runs, m_compare, m_confusion, m_findings, m_inspect})
        m_window.tabifyDockWidget(m_classes, dock);
    for (QDockWidget* dock : m_all)
        dock->show();
    m_visible = true;
    m_method->raise();
    m_accuracy->raise();
    m_recall->raise();
    m_classes->raise();
    const int height = m_window.height();
    m_window.resizeDocks({m_method}, {std::clamp(m_window.width() / 5, 320, 460)}, Qt::Horizontal);
    m_window.resizeDocks({m_recall}, {height * 36 / 100}, Qt::Vertical);
    // "Few" must be in sight while the slider moves; the choices below it can be scrolled to.
    m_window.resizeDocks({m_method, m_accuracy}, {height * 43 / 100, height * 57 / 100},
                         Qt::Vertical);
    if (wide)
        m_window.resizeDocks({m_recall, m_classes}, {m_window.width(), m_window.width()},
                             Qt::Horizontal); // as much one as the other
}

void Docks::setVisible(bool visible)
{
    if (visible == m_visible)
        return;
    if (!visible) {
        m_layout = m_window.saveState(layoutVersion);
        for (QDockWidget* dock : m_all)
            dock->hide();
        m_visible = false;
        return;
    }
    m_visible = true;
    if (m_layout.isEmpty() || !m_window.restoreState(m_layout, layoutVersion))
        arrange();
}

QByteArray Docks::layout() const
{
    return m_visible ? m_window.saveState(layoutVersion) : m_layout;
}

void Docks::restore(const QByteArray& layout)
{
    m_layout = layout;
}

std::vector<QAction*> Docks::toggles() const
{
    std::vector<QAction*> actions;
    for (const QDockWidget* dock : m_all)
        actions.push_back(dock->toggleViewAction());
    return actions;
}

void Docks::raiseFindings()
{
    m_findings->show();
    m_findings->raise();
}

void Docks::raiseInspect()
{
    m_inspect->show();
    m_inspect->raise();
}

void Docks::raiseCompare()
{
    m_compare->show();
    m_compare->raise();
}

void Docks::find()
{
    const QWidget* focus = QApplication::focusWidget();
    const bool isInside = focus && m_inspectPanel->isVisible() &&
                          (focus == m_inspectPanel || m_inspectPanel->isAncestorOf(focus));
    if (isInside || !m_session.snapshot().hasHead()) { // without a head there are no classes
        raiseInspect();
        return m_inspectPanel->focusSearch();
    }
    m_classes->show();
    m_classes->raise();
    m_classPanel->focusFilter();
}

} // namespace monotail
