// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pace.h"

#include <QtTest>

using namespace monotail;
using namespace std::chrono_literals;

class PaceTest : public QObject
{
    Q_OBJECT

    const PaceMeter::Clock::time_point m_start{};

private Q_SLOTS:
    void itIsTooEarlyToTellAtFirst()
    {
        PaceMeter meter;
        QVERIFY(!meter.at(0, 100, m_start));
        QVERIFY(!meter.at(50, 100, m_start + 1900ms));
        QVERIFY(meter.at(50, 100, m_start + 2s));
    }

    void whatAnEarlierRunDidCountsForNothing()
    {
        PaceMeter meter;
        meter.at(60, 100, m_start);
        QVERIFY(!meter.at(60, 100, m_start + 10s)); // nothing done yet
        const auto pace = meter.at(80, 100, m_start + 10s);
        QCOMPARE(pace->perSecond, 2.0);
        QCOMPARE(pace->secondsLeft, 10.0);
    }

    void lessDoneIsOtherWork()
    {
        PaceMeter meter;
        meter.at(0, 100, m_start);
        meter.at(90, 100, m_start + 9s);
        QVERIFY(!meter.at(0, 10, m_start + 10s));
        QCOMPARE(meter.at(4, 10, m_start + 12s)->perSecond, 2.0);
    }

    void timeReadsAsOnAClock()
    {
        QCOMPARE(clockText(0.4), std::string("0:00"));
        QCOMPARE(clockText(65), std::string("1:05"));
        QCOMPARE(clockText(3600), std::string("60:00"));
    }
};

QTEST_APPLESS_MAIN(PaceTest)
#include "tst_pace.moc"
