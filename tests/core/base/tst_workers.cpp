// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <atomic>

#include "base/error.h"
#include "base/workers.h"

using namespace monotail;

class WorkersTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyIndexIsVisitedOnce_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<qlonglong>("count");
        for (const int threads : {1, 2, 5})
            for (const int count : {0, 1, 2, 1000})
                QTest::addRow("%d by %d threads", count, threads) << threads << qlonglong(count);
    }
    void everyIndexIsVisitedOnce()
    {
        QFETCH(int, threads);
        QFETCH(qlonglong, count);
        const Workers workers(threads);
        for (int round = 0; round < 20; ++round) {
            std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
            workers.run(count, [&](std::int64_t i) { ++visits[static_cast<std::size_t>(i)]; });
            for (const auto& visit : visits)
                QCOMPARE(visit.load(), 1);
        }
    }

    void severalCallersShareTheThreads()
    {
        const Workers workers(3);
        std::atomic<int> visits = 0;
        std::vector<std::thread> callers;
        for (int caller = 0; caller < 4; ++caller)
            callers.emplace_back([&] {
                for (int round = 0; round < 50; ++round)
                    workers.run(20, [&](std::int64_t) { ++visits; });
            });
        for (std::thread& caller : callers)
            caller.join();
        QCOMPARE(visits.load(), 4 * 50 * 20);
    }

    void aLoopWithinALoopEnds()
    {
        const Workers workers(2);
        std::atomic<int> visits = 0;
        workers.run(8, [&](std::int64_t) { workers.run(8, [&](std::int64_t) { ++visits; }); });
        QCOMPARE(visits.load(), 64);
    }

    void anErrorStopsTheRestAndIsThrown()
    {
        const Workers workers(2);
        std::atomic<int> visits = 0;
        try {
            workers.run(1000000, [&](std::int64_t i) {
                ++visits;
                if (i == 10)
                    throw Error("the tenth");
            });
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(error.what(), "the tenth");
        }
        QVERIFY(visits < 1000000);
        workers.run(3, [](std::int64_t) {}); // and goes on
    }

    void progressComesFromTheCallerAndStopsTheWork()
    {
        const Workers workers(2);
        const auto caller = std::this_thread::get_id();
        std::atomic<int> visits = 0;
        const auto watch = [&](std::int64_t done, std::int64_t total) {
            return std::this_thread::get_id() == caller && total == 1000000 && done < 100;
        };
        QVERIFY_EXCEPTION_THROWN(workers.run(
                                     1000000, [&](std::int64_t) { ++visits; }, watch),
                                 Cancelled);
        QVERIFY(visits < 1000000);
    }
};

QTEST_APPLESS_MAIN(WorkersTest)
#include "tst_workers.moc"
