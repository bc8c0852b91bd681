// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "evaluate/statistics.h"

using namespace monotail;

namespace {

/// Both tails by Pascal's triangle, for small n.
double mcnemarByTriangle(std::size_t gained, std::size_t lost)
{
    const std::size_t n = gained + lost;
    std::vector<double> row{1};
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<double> next(row.size() + 1, 0);
        for (std::size_t j = 0; j < row.size(); ++j) {
            next[j] += row[j] / 2;
            next[j + 1] += row[j] / 2;
        }
        row = next;
    }
    double tail = 0;
    for (std::size_t j = 0; j <= std::min(gained, lost); ++j)
        tail += row[j];
    return std::min(1.0, 2 * tail);
}

} // namespace

class StatisticsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wilsonSolvesItsEquation_data()
    {
        QTest::addColumn<int>("successes");
        QTest::addColumn<int>("total");
        QTest::newRow("none of three") << 0 << 3;
        QTest::newRow("one of three") << 1 << 3;
        QTest::newRow("all of three") << 3 << 3;
        QTest::newRow("one of one") << 1 << 1;
        QTest::newRow("half of many") << 500000 << 1000000;
        QTest::newRow("none of many") << 0 << 1000000;
    }
    void wilsonSolvesItsEquation()
    {
        QFETCH(int, successes);
        QFETCH(int, total);
        const Interval interval = wilson(successes, total);
        const double share = double(successes) / total;
        // Wilson's ends p are where |share - p| is z standard errors of p.
        const double z2 = 1.959963984540054 * 1.959963984540054;
        for (const double p : {interval.low, interval.high})
            QVERIFY(std::fabs((share - p) * (share - p) - z2 * p * (1 - p) / total) < 1e-12);
        QVERIFY(0 <= interval.low && interval.low <= share);
        QVERIFY(share <= interval.high && interval.high <= 1 && interval.low < interval.high);
    }

    void wilsonOfTwoInThreeByHand()
    {
        // share 2/3, z^2 = 3.841459: centre (2/3 + 1.920729/3) / (1 + 3.841459/3) = 0.573084,
        // reach 1.959964 sqrt(2/27 + 3.841459/36) / 2.280486 = 0.365424
        const Interval interval = wilson(2, 3);
        QVERIFY(std::fabs(interval.low - 0.207660) < 2e-6);
        QVERIFY(std::fabs(interval.high - 0.938508) < 2e-6);
        QCOMPARE(wilson(0, 3).low, 0.0);
        QCOMPARE(wilson(3, 3).high, 1.0);
    }

    void mcnemarByHand()
    {
        QCOMPARE(mcnemarExact(1, 9), 0.021484375); // 2 * (1 + 10) / 1024
        QCOMPARE(mcnemarExact(9, 1), 0.021484375);
        QCOMPARE(mcnemarExact(0, 5), 0.0625);
        QCOMPARE(mcnemarExact(0, 0), 1.0);
        QCOMPARE(mcnemarExact(5, 5), 1.0);
        QCOMPARE(mcnemarExact(3, 4), 1.0);
        QCOMPARE(mcnemarExact(1, 0), 1.0);
    }

    void mcnemarAgreesWithPascalsTriangle()
    {
        for (std::size_t gained = 0; gained < 30; ++gained)
            for (std::size_t lost = 0; lost < 30; ++lost)
                QCOMPARE(mcnemarExact(std::int64_t(gained), std::int64_t(lost)),
                         mcnemarByTriangle(gained, lost));
    }

    void mcnemarStaysRightForManyChanges()
    {
        // The normal approximation with continuity correction is good to a few per mille here.
        const double n = 1000000, gained = 499000;
        const double z = (n / 2 - gained - 0.5) / (std::sqrt(n) / 2);
        const double expected = std::erfc(z / std::sqrt(2.0));
        QVERIFY(std::fabs(mcnemarExact(499000, 501000) / expected - 1) < 1e-3);
        const double tiny = mcnemarExact(400000, 600000);
        QVERIFY(tiny >= 0 && tiny < 1e-300);
        QCOMPARE(mcnemarExact(500000, 500000), 1.0);
    }

    void benjaminiHochbergByHand()
    {
        // sorted .005 .009 .02 .04 .8 times 5/1 5/2 5/3 5/4 5/5 = .025 .0225 .0333 .05 .8
        const std::vector<double> adjusted = benjaminiHochberg({0.02, 0.8, 0.005, 0.04, 0.009});
        const std::vector<double> expected{0.1 / 3, 0.8, 0.0225, 0.05, 0.0225};
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(adjusted[i], expected[i]);
        QVERIFY(benjaminiHochberg({}).empty());
        QCOMPARE(benjaminiHochberg({0.3}).front(), 0.3);
        for (const double one : benjaminiHochberg({1, 1, 0.9}))
            QCOMPARE(one, 1.0);
    }
};

QTEST_APPLESS_MAIN(StatisticsTest)
#include "tst_statistics.moc"
