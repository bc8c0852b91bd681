// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the main window.
#include <QActionGroup>
#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>

#include "charts/before_after_chart.h"
#include "charts/curve_chart.h"
#include "charts/group_chart.h"
#include "charts/norm_chart.h"
#include "render/report.h"
#include "session/settings.h"
#include "session/training.h"
#include "views/appearance.h"
#include "views/docks.h"
#include "views/error_banner.h"
#include "views/figure_dialog.h"
#include "views/help_dialog.h"
#include "views/main_window.h"
#include "views/norm_panel.h"
#include "views/runs_panel.h"
#include "views/training_panel.h"
#include "words/words.h"

namespace monotail {

namespace {

template <typename Chart>
std::function<void(QPainter&, const QSizeF&)> drawing(Chart& chart)
{
    return [&chart](QPainter& painter, const QSizeF& size) { chart.drawFigure(painter, size); };
}

} // namespace

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    menu->addAction(tr("&Open\u2026"), QKeySequence::Open, this, qOverload<>(&MainWindow::askOpen));
    m_recent = menu->addMenu(tr("Open &recent"));
    QMenu* demo = menu->addMenu(tr("Open the &demo"));
    const std::pair<QString, QString> parts[] = {
        {QStringLiteral("stage1"), tr("&Stage 1: trained jointly")},
        {QStringLiteral("crt"), tr("&cRT: a fresh head, class-balanced sampling")},
        {QStringLiteral("lws"), tr("&LWS: one learned scale per class")}};
    for (const auto& [part, title] : parts)
        demo->addAction(title, this, [this, part = part] { openDemo(part); });
    m_withFile.push_back(
        menu->addAction(tr("&Save session"), QKeySequence::Save, this, &MainWindow::saveSession));
    m_withFile.push_back(
        menu->addAction(tr("Save session &as\u2026"), this, &MainWindow::saveSessionAs));
    menu->addSeparator();
    m_withHead.push_back(
        menu->addAction(tr("Add training &counts\u2026"), this, &MainWindow::addCounts));
    m_withCounts.push_back(menu->addAction(tr("Add d&ata\u2026"), this, &MainWindow::addData));
    m_withData.push_back(
        menu->addAction(tr("Co&mpare with\u2026"), this, &MainWindow::compareWith));
    menu->addSeparator();
    m_withCounts.push_back(menu->addAction(tr("&Export corrected checkpoint\u2026"),
                                           QKeySequence(tr("Ctrl+E")), this,
                                           &MainWindow::exportCheckpoint));
    menu->addMenu(buildFigureMenu());
    m_withCounts.push_back(menu->addAction(tr("Export re&port with all figures\u2026"), this,
                                           &MainWindow::exportReport));
    menu->addSeparator();
    m_withFile.push_back(
        menu->addAction(tr("C&lose"), QKeySequence(tr("Ctrl+W")), &m_session, &Session::close));
    menu->addAction(tr("&Quit"), QKeySequence(tr("Ctrl+Q")), this, &QWidget::close);
}

void MainWindow::exportReport()
{
    const QString parent = QFileDialog::getExistingDirectory(
        this, tr("Where the report's folder goes"), outputFolder());
    if (parent.isEmpty())
        return;
    const Snapshot& now = m_session.snapshot();
    const QString name = fileName(now.document->inputs.checkpoint)
                             .section(QLatin1Char('.'), 0, 0, QString::SectionSkipEmpty);
    QString folder = QDir(parent).filePath(name + QStringLiteral("-report"));
    for (int number = 2; QFileInfo::exists(folder); ++number)
        folder = QDir(parent).filePath(QStringLiteral("%1-report-%2").arg(name).arg(number));
    QApplication::setOverrideCursor(Qt::WaitCursor);
    try {
        writeReport(now, folder.toStdString(), Overwrite::Refuse);
        m_banner->showNotice(tr("The report is in %1: open report.html there.").arg(folder));
    } catch (const Error& error) {
        m_banner->showError(QString::fromUtf8(error.what()));
    }
    QApplication::restoreOverrideCursor();
}

QAction* MainWindow::addFigure(QMenu* menu, const QString& title, const QString& name,
                               const QSizeF& size, const DrawFigure& draw)
{
    return menu->addAction(title, this, [this, name, title, size, draw] {
        QString plain = title;
        plain.remove(QLatin1Char('&')).remove(QChar(0x2026));
        const Figure figure{name, plain, size, draw};
        const SavedFigure saved =
            askAndSaveFigure(figure, outputFolder(), m_session.snapshot().document->inputs, this);
        if (!saved.problem.isEmpty())
            m_banner->showError(saved.problem);
        else if (!saved.path.isEmpty())
            m_banner->showNotice(tr("The figure is saved as %1.").arg(saved.path));
    });
}

QMenu* MainWindow::buildFigureMenu()
{
    auto* menu = new QMenu(tr("Export &figure"), this);
    m_withHead.push_back(addFigure(menu, tr("&Norm chart\u2026"), QStringLiteral("norms"),
                                   chartSize, drawing(m_norms->chart())));
    m_withData.push_back(addFigure(menu, tr("&Recall per class\u2026"), QStringLiteral("recall"),
                                   chartSize, drawing(m_docks->recallChart())));
    m_withData.push_back(addFigure(menu, tr("&Group accuracies\u2026"), QStringLiteral("groups"),
                                   groupsSize, drawing(m_docks->groupChart())));
    QAction* curve = addFigure(menu, tr("&Sweep of the parameter\u2026"), QStringLiteral("sweep"),
                               curveSize, drawing(m_docks->curveChart()));
    connect(menu, &QMenu::aboutToShow, curve,
            [this, curve] { curve->setEnabled(m_session.snapshot().sweep != nullptr); });
    addRunFigures(menu);
    return menu;
}

void MainWindow::addRunFigures(QMenu* menu)
{
    TrainingPanel& training = m_docks->trainingPanel();
    CurveChart& sweep = m_docks->runsPanel().sweepChart();
    menu->addSeparator();
    QAction* norms =
        addFigure(menu, tr("Norms by &epoch, of a run\u2026"), QStringLiteral("run-norms"),
                  chartSize, drawing(training.normChart()));
    QAction* curve = addFigure(menu, tr("&Curve of a run\u2026"), QStringLiteral("run-curve"),
                               curveSize, drawing(training.curveChart()));
    QAction* runs = addFigure(menu, tr("S&weep of runs\u2026"), QStringLiteral("run-sweep"),
                              curveSize, drawing(sweep));
    connect(menu, &QMenu::aboutToShow, this, [this, norms, curve, runs, &training, &sweep] {
        norms->setEnabled(!m_session.training().runs().empty());
        curve->setEnabled(!training.curveChart().data().isEmpty());
        runs->setEnabled(!sweep.data().isEmpty());
    });
}

void MainWindow::buildEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_session.undoStack().createUndoAction(this, tr("Undo"));
    QAction* redo = m_session.undoStack().createRedoAction(this, tr("Redo"));
    undo->setShortcut(QKeySequence(tr("Ctrl+Z")));
    redo->setShortcuts({QKeySequence(tr("Ctrl+Shift+Z")), QKeySequence(tr("Ctrl+Y"))});
    menu->addAction(undo);
    menu->addAction(redo);
    menu->addSeparator();
    m_withHead.push_back(menu->addAction(tr("Select &all classes"), this, &MainWindow::selectAll));
    m_withHead.push_back(
        menu->addAction(tr("Select &none"), &m_session.selection(), &ClassSelection::clear));
    QAction* find = menu->addAction(tr("&Find\u2026"), QKeySequence::Find, m_docks, &Docks::find);
    find->setToolTip(tr("A class; with the focus in Inspect, a tensor."));
    m_withFile.push_back(find);
}

void MainWindow::buildViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    for (QAction* toggle : m_docks->toggles()) {
        menu->addAction(toggle);
        m_withFile.push_back(toggle);
    }
    m_withFile.push_back(menu->addAction(tr("&Default arrangement"), m_docks, &Docks::arrange));
    menu->addSeparator();
    menu->addActions(m_norms->chart().zoomActions());
    menu->addSeparator();
    menu->addMenu(buildAppearanceMenu());
}

QMenu* MainWindow::buildAppearanceMenu()
{
    auto* menu = new QMenu(tr("&Appearance"), this);
    auto* group = new QActionGroup(menu);
    const std::pair<Appearance, QString> choices[] = {{Appearance::System, tr("As the &system")},
                                                      {Appearance::Light, tr("&Light")},
                                                      {Appearance::Dark, tr("&Dark")}};
    for (const auto& [appearance, title] : choices) {
        QAction* action = menu->addAction(
            title, this, [this, appearance = appearance] { m_settings.setAppearance(appearance); });
        action->setCheckable(true);
        action->setChecked(m_settings.appearance() == appearance);
        group->addAction(action);
    }
    connect(&m_settings, &AppSettings::appearanceChanged, this, &applyAppearance);
    return menu;
}

void MainWindow::buildHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(tr("&Words, keys and mouse"), QKeySequence(Qt::Key_F1), this, [this] {
        auto* dialog = new HelpDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    menu->addAction(tr("&About Monotail"), this, &MainWindow::showAbout);
}

void MainWindow::showRecent()
{
    m_recent->clear();
    const std::vector<Inputs> recent = m_settings.recent();
    for (const Inputs& inputs : recent) {
        QString title =
            tr("%1 in %2")
                .arg(fileName(inputs.checkpoint),
                     QFileInfo(QFileInfo(QString::fromStdString(inputs.checkpoint)).path())
                         .fileName());
        title.replace(QLatin1Char('&'), QStringLiteral("&&"));
        QAction* action =
            m_recent->addAction(title, this, [this, inputs] { openFiles(inputs, {}); });
        action->setToolTip(QString::fromStdString(inputs.checkpoint));
    }
    m_recent->setToolTipsVisible(true);
    m_recent->setEnabled(!recent.empty());
    if (recent.empty())
        return;
    m_recent->addSeparator();
    m_recent->addAction(tr("&Forget these"), &m_settings, &AppSettings::clearRecent);
}

void MainWindow::showAbout()
{
    QMessageBox::about(
        this, tr("About Monotail"),
        tr("<p><b>Monotail %1</b></p><p>Class frequency against classifier weight norm, before and "
           "after PAVA; corrected checkpoints.</p><p>The method is SAMN, Self-Adaptive Monotonic "
           "Normalization (CVPR 2026, arXiv 2606.02526).</p><p>GPL-3.0-or-later. With Qt %2.</p>")
            .arg(QApplication::applicationVersion(), QLatin1String(qVersion())));
}

} // namespace monotail
