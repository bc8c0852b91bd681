// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "base/pace.h"

class QLabel;
class QProgressBar;
class QToolButton;

namespace monotail {

class Session;

/// The right end of the status bar: what runs, how far it is, a way to cancel it; how many notes
/// there are; what computes.
class StatusArea : public QWidget
{
    Q_OBJECT

public:
    explicit StatusArea(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void notesAsked();

private:
    void showProgress(const QString& title, qint64 done, qint64 total);
    void showIdle();
    void showNotes();

    Session& m_session;
    PaceMeter m_pace;
    QLabel* m_title;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
    QToolButton* m_notes;
    QLabel* m_device;
};

} // namespace monotail
