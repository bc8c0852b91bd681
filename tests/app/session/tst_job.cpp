// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QtTest>
#include <atomic>
#include <memory>
#include <thread>

#include "base/error.h"
#include "session/job.h"

using namespace monotail;

namespace {

/// A door that a job stands before until the test opens it, or the job is cancelled.
class Door
{
public:
    void open() { m_open = true; }
    bool reached() const { return m_reached; }
    void pass(const Progress& progress)
    {
        m_reached = true;
        while (!m_open) {
            report(progress, 1, 2);
            std::this_thread::yield();
        }
    }

private:
    std::atomic<bool> m_open = false, m_reached = false;
};

Work noting(QStringList& notes, const QString& note)
{
    return
        [&notes, note](const Progress&) -> Delivery { return [&notes, note] { notes << note; }; };
}

Work waiting(const std::shared_ptr<Door>& door, QStringList& notes, const QString& note)
{
    return [door, &notes, note](const Progress& progress) -> Delivery {
        door->pass(progress);
        return [&notes, note] { notes << note; };
    };
}

} // namespace

class JobTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void browsingGoesOnBesideLongWorkAndKeepsWhatHasAnotherKey()
    {
        JobRunner jobs;
        QStringList notes;
        const auto longDoor = std::make_shared<Door>(), door = std::make_shared<Door>();
        jobs.start(Lane::Long, "long", {}, waiting(longDoor, notes, "long"));
        jobs.start(Lane::Browsing, "first", "list", waiting(door, notes, "first"));
        jobs.start(Lane::Browsing, "other", "story", noting(notes, "other"));
        jobs.start(Lane::Browsing, "second", "list", noting(notes, "second"));
        QVERIFY(jobs.isPending("list") && jobs.isPending("story"));
        QTRY_COMPARE(notes, (QStringList{"other", "second"})); // the first is superseded
        longDoor->open();
        QTRY_VERIFY(!jobs.isBusy());
        QCOMPARE(notes.last(), QString("long"));
    }

    void ofWaitingPicturesTheNewestAreKept()
    {
        JobRunner jobs;
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Pictures, "a", {}, waiting(door, notes, "a"));
        QTRY_VERIFY(door->reached());
        jobs.start(Lane::Pictures, "b", {}, noting(notes, "b"));
        jobs.start(Lane::Pictures, "c", {}, noting(notes, "c"));
        jobs.start(Lane::Aside, "plan", {}, noting(notes, "plan"));
        door->open();
        QTRY_VERIFY(!jobs.isBusy());
        notes.sort();
        QCOMPARE(notes, (QStringList{"a", "c", "plan"}));
    }

    void resultsAreDeliveredInTheOwnThread()
    {
        JobRunner jobs;
        QThread* worked = nullptr;
        QThread* delivered = nullptr;
        jobs.start(Lane::Long, "count", {}, [&](const Progress&) -> Delivery {
            worked = QThread::currentThread();
            return [&] { delivered = QThread::currentThread(); };
        });
        QTRY_COMPARE(delivered, QThread::currentThread());
        QVERIFY(worked != delivered);
    }

    void longJobsRunOneAfterTheOther()
    {
        JobRunner jobs;
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Long, "first", "a", waiting(door, notes, "first"));
        jobs.start(Lane::Long, "second", "b", noting(notes, "second"));
        QTRY_VERIFY(door->reached());
        QCOMPARE(jobs.currentTitle(), QString("first"));
        QVERIFY(notes.isEmpty());
        door->open();
        QTRY_COMPARE(notes, QStringList({"first", "second"}));
        QTRY_VERIFY(!jobs.isBusy());
    }

    void interactiveJobsDoNotWaitForLongOnes()
    {
        JobRunner jobs;
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Long, "long", {}, waiting(door, notes, "long"));
        jobs.start(Lane::Interactive, "quick", {}, noting(notes, "quick"));
        QTRY_COMPARE(notes, QStringList("quick"));
        door->open();
        QTRY_COMPARE(notes.size(), 2);
    }

    void onlyTheNewestInteractiveRequestIsKept()
    {
        JobRunner jobs;
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Interactive, "running", {}, waiting(door, notes, "running"));
        QTRY_VERIFY(door->reached());
        for (const char* note : {"1", "2", "3"})
            jobs.start(Lane::Interactive, note, {}, noting(notes, note));
        door->open();
        QTRY_COMPARE(notes, QStringList({"running", "3"}));
        QTRY_VERIFY(!jobs.isBusy());
        QCOMPARE(notes.size(), 2);
    }

    void jobsAsideAndInteractiveOnesLeaveEachOtherAlone()
    {
        JobRunner jobs;
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Interactive, "running", {}, waiting(door, notes, "running"));
        QTRY_VERIFY(door->reached());
        jobs.start(Lane::Interactive, "waits", {}, noting(notes, "waits"));
        jobs.start(Lane::Aside, "aside", {}, noting(notes, "aside"));
        QTRY_COMPARE(notes, QStringList("aside"));
        QVERIFY(jobs.isBusy());
        door->open();
        QTRY_COMPARE(notes, QStringList({"aside", "running", "waits"}));
    }

    void sameKeySupersedes()
    {
        JobRunner jobs;
        QSignalSpy cancelled(&jobs, &JobRunner::cancelled);
        QStringList notes;
        const auto never = std::make_shared<Door>();
        jobs.start(Lane::Long, "old", "table", waiting(never, notes, "old"));
        QTRY_VERIFY(never->reached());
        jobs.start(Lane::Long, "waiting", "table", noting(notes, "waiting"));
        jobs.start(Lane::Long, "new", "table", noting(notes, "new"));
        QTRY_COMPARE(notes, QStringList("new"));
        QTRY_VERIFY(!jobs.isBusy());
        QCOMPARE(cancelled.count(), 0); // nobody asked for it
        QCOMPARE(notes.size(), 1);
    }

    void cancelStopsTheRunningJobAndSaysSo()
    {
        JobRunner jobs;
        QSignalSpy cancelled(&jobs, &JobRunner::cancelled);
        QStringList notes;
        const auto never = std::make_shared<Door>();
        jobs.start(Lane::Long, "endless", {}, waiting(never, notes, "endless"));
        jobs.start(Lane::Long, "next", {}, noting(notes, "next"));
        QTRY_VERIFY(never->reached());
        jobs.cancelCurrent();
        QTRY_COMPARE(cancelled.count(), 1);
        QCOMPARE(cancelled.first().first().toString(), QString("endless"));
        QTRY_COMPARE(notes, QStringList("next"));
    }

    void errorsArriveAsTheirSentence()
    {
        JobRunner jobs;
        QSignalSpy failed(&jobs, &JobRunner::failed);
        jobs.start(Lane::Long, "read", {}, [](const Progress&) -> Delivery {
            throw Error("a.pth: the file is empty; give another");
        });
        jobs.start(Lane::Long, "fill", {},
                   [](const Progress&) -> Delivery { throw std::bad_alloc(); });
        QTRY_COMPARE(failed.count(), 2);
        QCOMPARE(failed[0][0].toString(), QString("read"));
        QCOMPARE(failed[0][1].toString(), QString("a.pth: the file is empty; give another"));
        QVERIFY(failed[1][1].toString().contains("not enough memory"));
    }

    void progressIsShownWhileTheJobRuns()
    {
        JobRunner jobs;
        QSignalSpy progressed(&jobs, &JobRunner::progressed);
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Long, "half", {}, waiting(door, notes, "half"));
        QTRY_VERIFY(progressed.count() > 1);
        QCOMPARE(progressed.last()[0].toString(), QString("half"));
        QCOMPARE(progressed.last()[1].toLongLong(), 1LL);
        QCOMPARE(progressed.last()[2].toLongLong(), 2LL);
        door->open();
        QSignalSpy idle(&jobs, &JobRunner::idle);
        QTRY_COMPARE(idle.count(), 1);
        QVERIFY(!jobs.findChild<QTimer*>()->isActive()); // nothing ticks when nothing runs
    }

    void droppedJobsDeliverNothing()
    {
        JobRunner jobs;
        QStringList notes;
        const auto door = std::make_shared<Door>();
        jobs.start(Lane::Long, "long", {}, waiting(door, notes, "long"));
        jobs.start(Lane::Interactive, "quick", {}, waiting(door, notes, "quick"));
        QTRY_VERIFY(door->reached());
        jobs.dropAll();
        door->open();
        QTRY_VERIFY(!jobs.isBusy());
        QVERIFY(notes.isEmpty());
    }

    void destructionEndsEverything()
    {
        QStringList notes;
        const auto never = std::make_shared<Door>();
        {
            JobRunner jobs;
            jobs.start(Lane::Long, "long", {}, waiting(never, notes, "long"));
            jobs.start(Lane::Long, "waits", {}, noting(notes, "waits"));
            jobs.start(Lane::Interactive, "quick", {}, waiting(never, notes, "quick"));
            QTRY_VERIFY(never->reached());
        }
        QCoreApplication::processEvents();
        QVERIFY(notes.isEmpty());
    }

    void manyShortJobsKeepTheirOrder()
    {
        JobRunner jobs;
        QStringList notes, expected;
        for (int i = 0; i < 500; ++i) {
            jobs.start(Lane::Long, "n", {}, noting(notes, QString::number(i)));
            expected << QString::number(i);
        }
        QTRY_COMPARE(notes, expected);
    }

    void spareWorkRestsWhileSomethingInteractiveRuns()
    {
        JobRunner jobs;
        QStringList notes;
        const auto hand = std::make_shared<Door>(), spare = std::make_shared<Door>();
        std::atomic<bool> begun = false, passed = false;
        jobs.start(Lane::Spare, "spare", "spare", [&](const Progress& progress) -> Delivery {
            begun = true;
            spare->pass(progress); // reports all the time
            passed = true;
            return [&notes] { notes << "spare"; };
        });
        QTRY_VERIFY(spare->reached());
        jobs.start(Lane::Interactive, "hand", {}, waiting(hand, notes, "hand"));
        QTRY_VERIFY(hand->reached());
        spare->open();
        hand->open();
        QTRY_COMPARE(notes.size(), 2);
        QCOMPARE(notes.first(), QString("hand")); // spare work went on only after that
        QVERIFY(begun && passed);
    }

    void spareWorkThatRestsCanBeDropped()
    {
        QStringList notes;
        const auto hand = std::make_shared<Door>(), spare = std::make_shared<Door>();
        JobRunner jobs;
        jobs.start(Lane::Spare, "spare", "spare", waiting(spare, notes, "spare"));
        QTRY_VERIFY(spare->reached());
        jobs.start(Lane::Interactive, "hand", {}, waiting(hand, notes, "hand"));
        QVERIFY(jobs.isPending("spare"));
        jobs.drop("spare");
        QVERIFY(!jobs.isPending("spare"));
        spare->open();
        hand->open();
        QTRY_VERIFY(!jobs.isBusy());
        QCoreApplication::processEvents();
        QCOMPARE(notes, QStringList{"hand"});
    }
};

QTEST_GUILESS_MAIN(JobTest)
#include "tst_job.moc"
