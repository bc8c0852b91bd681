// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window opens and saves.
#include <QDir>
#include <QFileDialog>

#include "platform/outputs.h"
#include "render/figures.h"
#include "session/dropped.h"
#include "session/session_file.h"
#include "session/training.h"
#include "views/docks.h"
#include "views/error_banner.h"
#include "views/images_dialog.h"
#include "views/main_window.h"
#include "words/words.h"

namespace monotail {

void MainWindow::openPaths(const std::vector<std::string>& paths)
{
    if (isSessionFile(paths.front()))
        return openSession(paths.front());
    const Snapshot& now = m_session.snapshot();
    const Inputs inputs = withFiles(now.hasFile() ? now.document->inputs : Inputs{}, paths);
    if (inputs.checkpoint.empty())
        m_banner->showError(tr("%1: there is no checkpoint in it. Drop the checkpoint first, or "
                               "together with counts and data.")
                                .arg(fileName(paths.front())));
    else if (now.hasFile() && inputs.checkpoint == now.document->inputs.checkpoint &&
             inputs.counts == now.document->inputs.counts)
        openData(inputs);
    else if (const auto whole = withImageOptions(inputs, Ask::IfNew))
        openFiles(*whole, {});
}

void MainWindow::openInputs(const Inputs& inputs, const std::optional<Choices>& choices)
{
    if (const auto whole = withImageOptions(inputs, Ask::IfNew))
        openFiles(*whole, choices);
}

/// How images reach the network is asked before they are read; nothing if the user calls it off.
std::optional<Inputs> MainWindow::withImageOptions(const Inputs& inputs, Ask ask)
{
    const bool isSettled = ask == Ask::IfNew && inputs.images != ImageOptions{};
    if (inputs.data.empty() || isSettled || !isImageSource(inputs.data))
        return inputs;
    ImagesDialog dialog(inputs, this);
    if (dialog.exec() != QDialog::Accepted)
        return {};
    Inputs whole = inputs;
    whole.images = dialog.options();
    return whole;
}

/// Other data for what is open.
void MainWindow::openData(const Inputs& inputs)
{
    if (const auto whole = withImageOptions(inputs, Ask::Always))
        m_session.setData(whole->data, whole->images);
}

/// Files that are no session: Ctrl+S asks where to save them.
void MainWindow::openFiles(const Inputs& inputs, const std::optional<Choices>& choices)
{
    m_sessionFile.clear();
    m_session.open(inputs, choices);
}

void MainWindow::openDemo(const QString& part)
{
    m_sessionFile.clear();
    m_session.openDemo(part);
}

void MainWindow::openSession(const std::string& path)
{
    try {
        const SavedSession saved = readSession(path);
        m_sessionFile = QString::fromStdString(path);
        if (!saved.missing)
            return m_session.openSaved(saved);
        QStringList lines;
        for (const std::string& line : saved.changed)
            lines << QString::fromStdString(line);
        m_banner->showError(tr("%1. Say where it is now.").arg(lines.join(QStringLiteral("; "))));
        askOpen(saved.inputs, saved.choices);
    } catch (const Error& error) {
        m_banner->showError(QString::fromUtf8(error.what()));
    }
}

/// A checkpoint, perhaps with features of its own; what is what, their contents say.
void MainWindow::compareWith()
{
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Compare with: another checkpoint (and its features, if its backbone differs)"),
        outputFolder());
    if (paths.isEmpty())
        return;
    std::vector<std::string> files;
    for (const QString& path : paths)
        files.push_back(path.toStdString());
    const Inputs other = withFiles({}, files);
    if (other.checkpoint.empty())
        return m_banner->showError(tr("%1: there is no checkpoint in it. Choose the other "
                                      "checkpoint, alone or together with its features.")
                                       .arg(fileName(files.front())));
    m_docks->raiseCompare();
    m_session.compareWith(other);
}

void MainWindow::chooseTrainingSource(TrainingSourcesBox::Source source)
{
    using Source = TrainingSourcesBox::Source;
    const QString title = source == Source::Features ? tr("Training split: features or images")
                          : source == Source::View   ? tr("A further view of the training images")
                                                     : tr("Validation: features or images");
    const QString path = QFileDialog::getOpenFileName(this, title, outputFolder());
    const auto own = ownOf(m_session.snapshot().document);
    if (path.isEmpty() || !own)
        return;
    TrainingPlan plan = m_session.training().plan();
    Inputs inputs = own->inputs; // images are asked about as those for evaluation are
    inputs.data = path.toStdString();
    if (plan.sources.images != ImageOptions{})
        inputs.images = plan.sources.images;
    const auto whole = withImageOptions(inputs, Ask::IfNew);
    if (!whole)
        return;
    plan.sources.images = whole->images;
    if (source == Source::Features)
        plan.sources.features = inputs.data;
    else if (source == Source::View)
        plan.sources.views.push_back(inputs.data);
    else
        plan.sources.validation = inputs.data;
    m_session.training().setPlan(plan);
}

void MainWindow::saveSessionAs()
{
    QFileDialog dialog(this, tr("Save session"), outputFolder(),
                       tr("Monotail session (*.monotail.json)"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(QStringLiteral("monotail.json"));
    dialog.selectFile(fileName(m_session.snapshot().document->inputs.checkpoint)
                          .section(QLatin1Char('.'), 0, 0, QString::SectionSkipEmpty) +
                      QStringLiteral(".monotail.json"));
    if (dialog.exec() != QDialog::Accepted)
        return;
    m_sessionFile = dialog.selectedFiles().first();
    saveSession();
}

void MainWindow::saveSession()
{
    if (m_sessionFile.isEmpty())
        return saveSessionAs();
    const std::string target = m_sessionFile.toStdString();
    try {
        checkOutputs(filesOf(*m_session.snapshot().document), {target}, Overwrite::Replace);
        monotail::saveSession(m_session.snapshot(), m_session.selection().classes(), target,
                              Overwrite::Replace);
        m_banner->showNotice(tr("The session is saved as %1.").arg(m_sessionFile));
    } catch (const Error& error) {
        m_sessionFile.clear();
        m_banner->showError(QString::fromUtf8(error.what()));
    }
}

} // namespace monotail
