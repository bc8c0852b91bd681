// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/status_area.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include "session/session.h"

namespace monotail {

namespace {

constexpr int progressSteps = 1000;

} // namespace

StatusArea::StatusArea(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_title(new QLabel(this)),
      m_progress(new QProgressBar(this)), m_cancel(new QToolButton(this)),
      m_notes(new QToolButton(this)), m_device(new QLabel(this))
{
    m_progress->setMaximumWidth(140);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setToolTip(tr("Stop what is running; nothing is lost."));
    m_cancel->setObjectName(QStringLiteral("cancelJob"));
    m_notes->setAutoRaise(true);
    m_notes->setToolTip(tr("What the program wants you to know: click to read."));
    m_device->setToolTip(tr("What computes the scores: device, LibTorch version and BLAS."));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 6, 0);
    for (QWidget* widget : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_progress),
                            static_cast<QWidget*>(m_cancel), static_cast<QWidget*>(m_notes),
                            static_cast<QWidget*>(m_device)})
        layout->addWidget(widget);
    // What comes and goes leaves its height behind, so that nothing above it moves.
    setFixedHeight(m_notes->sizeHint().height());
    JobRunner& jobs = session.jobs();
    connect(m_cancel, &QToolButton::clicked, &jobs, &JobRunner::cancelCurrent);
    connect(m_notes, &QToolButton::clicked, this, &StatusArea::notesAsked);
    connect(&jobs, &JobRunner::progressed, this, &StatusArea::showProgress);
    connect(&jobs, &JobRunner::idle, this, &StatusArea::showIdle);
    connect(&session, &Session::documentChanged, this, &StatusArea::showNotes);
    connect(&session, &Session::choicesChanged, this, &StatusArea::showNotes);
    connect(&session, &Session::accuracyChanged, this, &StatusArea::showNotes);
    showIdle();
    showNotes();
}

void StatusArea::showProgress(const QString& title, qint64 done, qint64 total)
{
    const auto pace = m_pace.at(done, total);
    const QString left = pace ? QString::fromStdString(clockText(pace->secondsLeft)) : QString();
    // Images are what takes long enough for the rate to be of interest.
    m_title->setText(!pace ? title
                     : m_session.isExtracting()
                         ? tr("%1, %2 images/s, %3 left")
                               .arg(title, QString::number(pace->perSecond, 'f', 0), left)
                         : tr("%1, %2 left").arg(title, left));
    m_title->show();
    m_progress->setRange(0, total > 0 ? progressSteps : 0);
    if (total > 0)
        m_progress->setValue(
            static_cast<int>(static_cast<double>(progressSteps) * static_cast<double>(done) /
                             static_cast<double>(total)));
    m_progress->show();
    m_cancel->show();
}

void StatusArea::showIdle()
{
    m_title->hide();
    m_progress->hide();
    m_cancel->hide();
}

void StatusArea::showNotes()
{
    const auto notes = static_cast<int>(m_session.warnings().size());
    m_notes->setText(notes == 1 ? tr("\u26a0 1 note") : tr("\u26a0 %1 notes").arg(notes));
    m_notes->setVisible(notes > 0);
    const Snapshot& now = m_session.snapshot();
    m_device->setText(now.hasFile() ? now.document->device : QString());
    m_device->setVisible(!m_device->text().isEmpty());
}

} // namespace monotail
