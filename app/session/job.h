// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <array>
#include <functional>
#include <memory>

#include "base/progress.h"

class QTimer;

namespace monotail {

class JobGate;

/// What a job leaves to be done in the window's thread when it has succeeded.
using Delivery = std::function<void()>;
/// Runs in a background thread; may throw Error, which is reported, or Cancelled, which is not.
using Work = std::function<Delivery(const Progress& progress)>;

enum class Lane {
    Interactive, ///< beside the long ones; of waiting requests only the newest is kept
    Aside,       ///< the same for what is not about accuracies
    Long,        ///< one after the other
    Spare,       ///< as the long ones, beside them; rests while something interactive runs
    Browsing,    ///< as the long ones, beside them: short answers to what was just clicked
    Pictures,    ///< as Aside, for images that are in sight
};

/// Background work: the only place with threads. All functions are called, and all signals come,
/// in the thread that made the object. Destruction cancels what runs and waits for it; its
/// delivery is dropped.
class JobRunner : public QObject
{
    Q_OBJECT

public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;

    /// A job of the same non-empty `key` that waits or runs in a lane that keeps all is superseded:
    /// it is cancelled and never delivers. `title` is shown to the user.
    void start(Lane lane, const QString& title, const QString& key, Work work);
    /// Cancels the long job that runs; those that wait go on.
    void cancelCurrent();
    /// Cancels everything and delivers nothing of it: what it was about is gone.
    void dropAll();

    /// Supersedes without a successor.
    void drop(const QString& key);
    /// Whether a job of this key waits or runs in a lane that keeps all.
    bool isPending(const QString& key) const;
    bool isBusy() const;          ///< whether anything waits or runs, in any lane
    QString currentTitle() const; ///< of the long job that runs; empty = none

Q_SIGNALS:
    /// The long job that runs, now and then; `done` of `total` units, total 0 = not known yet.
    void progressed(const QString& title, qint64 done, qint64 total);
    void cancelled(const QString& title); ///< the user's doing, not superseded
    void failed(const QString& title, const QString& sentence);
    void idle(); ///< nothing waits or runs any more

private:
    class Worker;
    Worker& worker(Lane lane) const { return *m_workers[static_cast<std::size_t>(lane)]; }
    Q_INVOKABLE void collect();
    void look();

    std::shared_ptr<JobGate> m_gate; ///< closed while something interactive waits or runs
    std::array<std::unique_ptr<Worker>, 6> m_workers; ///< by lane; they deliver in this order
    QTimer* m_timer;                                  ///< runs while a long job does
};

} // namespace monotail
