// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/main_window.h"

#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>
#include <numeric>

#include "charts/norm_chart.h"
#include "platform/paths.h"
#include "session/settings.h"
#include "session/training.h"
#include "views/docks.h"
#include "views/error_banner.h"
#include "views/export_dialog.h"
#include "views/norm_panel.h"
#include "views/open_dialog.h"
#include "views/start_page.h"
#include "views/status_area.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr QSize roomySize(1680, 1050);

std::vector<std::string> droppedPaths(const QMimeData& mime)
{
    std::vector<std::string> paths;
    for (const QUrl& url : mime.urls())
        if (url.isLocalFile())
            paths.push_back(url.toLocalFile().toStdString());
    return paths;
}

bool isInside(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    std::error_code none;
    const auto relative = std::filesystem::relative(path, folder, none);
    return !relative.empty() && *relative.begin() != "..";
}

/// Of the embedded example, wherever it is installed; it may be missing.
bool isDemo(const std::filesystem::path& path)
{
    try {
        return isInside(path, resourceFolder());
    } catch (const Error&) {
        return false;
    }
}

std::string absolute(const std::string& source)
{
    std::error_code none;
    return std::filesystem::exists(source, none) ? std::filesystem::absolute(source, none).string()
                                                 : source;
}

} // namespace

MainWindow::MainWindow(Session& session, AppSettings& settings, QWidget* parent)
    : QMainWindow(parent), m_session(session), m_settings(settings),
      m_banner(new ErrorBanner(this)), m_centre(new QStackedWidget(this)),
      m_start(new StartPage(settings, this)), m_norms(new NormPanel(session, this))
{
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    if (!restoreGeometry(settings.geometry()))
        resize(screen()->availableSize().boundedTo(roomySize / 0.95) * 0.95);
    buildCentre();
    m_docks = new Docks(*this, session, m_norms->chart());
    m_docks->restore(settings.layout());
    auto* status = new StatusArea(session, this);
    statusBar()->addPermanentWidget(status);
    connect(status, &StatusArea::notesAsked, m_docks, &Docks::raiseFindings);
    buildMenus();
    connectSession();
    showDocument();
}

void MainWindow::buildCentre()
{
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_centre, 1);
    m_centre->addWidget(m_start);
    m_centre->addWidget(m_norms);
    setCentralWidget(centre);
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::documentChanged, this, &MainWindow::showDocument);
    connect(&m_session, &Session::failed, m_banner, &ErrorBanner::showError);
    connect(&m_session.jobs(), &JobRunner::cancelled, m_banner, [this](const QString& title) {
        m_banner->showNotice(tr("Cancelled: %1. Everything is as it was before.").arg(title));
    });
    connect(m_docks, &Docks::failed, m_banner, &ErrorBanner::showError);
    connect(m_docks, &Docks::otherAsked, this, &MainWindow::compareWith);
    connect(m_docks, &Docks::trainingSourceAsked, this, &MainWindow::chooseTrainingSource);
    connect(m_start, &StartPage::openAsked, this, qOverload<>(&MainWindow::askOpen));
    connect(m_start, &StartPage::demoAsked, this, &MainWindow::openDemo);
    connect(m_start, &StartPage::recentChosen, &m_session,
            [this](const Inputs& inputs) { openFiles(inputs, {}); });
    connect(&m_settings, &AppSettings::recentChanged, this, &MainWindow::showRecent);
    showRecent();
}

void MainWindow::showDocument()
{
    const Snapshot& now = m_session.snapshot();
    m_banner->hide();
    if (!m_session.isReadingData())
        m_typed.reset();
    m_centre->setCurrentWidget(now.hasFile() ? static_cast<QWidget*>(m_norms) : m_start);
    m_docks->setVisible(now.hasFile());
    const auto enable = [](const std::vector<QAction*>& actions, bool on) {
        for (QAction* action : actions)
            action->setEnabled(on);
    };
    enable(m_withFile, now.hasFile());
    enable(m_withHead, now.hasHead());
    enable(m_withCounts, now.hasCounts());
    enable(m_withData, now.document && now.document->hasData());
    if (!now.hasFile()) {
        m_sessionFile.clear();
        return setWindowTitle(tr("Monotail"));
    }
    setWindowTitle(tr("%1 - Monotail").arg(headName(*now.document)));
    if (!now.hasHead())
        return m_docks->raiseInspect(); // there it says why, and what to do
    if (isDemo(now.document->inputs.checkpoint))
        return;
    Inputs read = now.document->inputs; // what could not be read is not worth coming back to
    if (!now.hasCounts())
        read.counts.clear();
    if (!now.hasCounts() || !(now.document->hasData() || m_session.isReadingData()))
        read.data.clear();
    for (std::string* source : {&read.checkpoint, &read.counts, &read.data})
        *source = absolute(*source); // the next start may be from another folder
    m_settings.addRecent(read);
}

void MainWindow::askOpen()
{
    const Snapshot& now = m_session.snapshot();
    askOpen(m_typed ? *m_typed : now.hasFile() ? now.document->inputs : Inputs{}, {});
}

void MainWindow::askOpen(const Inputs& inputs, const std::optional<Choices>& choices)
{
    OpenDialog dialog(inputs, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    m_typed = dialog.inputs();
    if (isSessionFile(dialog.inputs().checkpoint))
        openSession(dialog.inputs().checkpoint);
    else if (const auto whole = withImageOptions(dialog.inputs(), Ask::Always))
        openFiles(*whole, choices);
}

void MainWindow::addCounts()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Training counts"), outputFolder());
    if (path.isEmpty())
        return;
    Inputs inputs = m_session.snapshot().document->inputs;
    inputs.counts = path.toStdString();
    m_session.open(inputs);
}

void MainWindow::addData()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Features and labels, or a list of images"), outputFolder());
    if (path.isEmpty())
        return;
    Inputs inputs = m_session.snapshot().document->inputs;
    inputs.data = path.toStdString();
    openData(inputs);
}

void MainWindow::exportCheckpoint()
{
    auto* dialog = new ExportDialog(m_session, outputFolder(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

QString MainWindow::outputFolder() const
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasFile() || isDemo(now.document->inputs.checkpoint))
        return QDir::currentPath(); // the demo's own folder is not for results
    return QFileInfo(QString::fromStdString(now.document->inputs.checkpoint)).absolutePath();
}

void MainWindow::selectAll()
{
    const Snapshot& now = m_session.snapshot();
    if (!now.hasHead())
        return;
    std::vector<std::int64_t> all(now.document->head->norms.size());
    std::iota(all.begin(), all.end(), std::int64_t(0));
    m_session.selection().set(std::move(all));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const std::vector<std::string> paths = droppedPaths(*event->mimeData());
    if (paths.empty())
        return;
    event->acceptProposedAction();
    openPaths(paths);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_session.training().cancelAll();
    if (m_session.isExporting()) {
        m_banner->showNotice(tr("An export is being written; the window closes when it is done."));
        connect(&m_session.jobs(), &JobRunner::idle, this, &QWidget::close, Qt::UniqueConnection);
        return event->ignore();
    }
    m_settings.setWindow(saveGeometry(), m_docks->layout());
    m_session.jobs().dropAll();
    QMainWindow::closeEvent(event);
}

} // namespace monotail
