// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <limits>

#include "base/error.h"
#include "core/isotonic/fit_checks.h"
#include "isotonic/isotonic_fit.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Numbers = std::vector<double>;

IsotonicFit fitUp(const Numbers& values, const Numbers& weights)
{
    return isotonicFit(values, weights, Monotone::NonDecreasing);
}

} // namespace

class IsotonicFitTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingGivesAnEmptyFit()
    {
        const IsotonicFit fit = fitUp({}, {});
        QVERIFY(fit.fitted.empty());
        QVERIFY(fit.blocks.empty());
        QVERIFY(isotonicTrace({}, {}, Monotone::NonIncreasing).empty());
    }

    void onePointIsItsOwnBlock()
    {
        const IsotonicFit fit = fitUp({-2.5}, {4});
        QCOMPARE(fit.fitted, Numbers{-2.5});
        QCOMPARE(fit.blocks, std::vector<Block>({{0, 1, -2.5, 4}}));
    }

    void violatorsPoolToTheirWeightedMean()
    {
        // 4 and 2 pool to (2 * 4 + 6 * 2) / 8 = 2.5; 8 and 3 to (8 + 3 * 3) / 4 = 4.25.
        const IsotonicFit fit = fitUp({1, 4, 2, 8, 3}, {1, 2, 6, 1, 3});
        QCOMPARE(fit.fitted, Numbers({1, 2.5, 2.5, 4.25, 4.25}));
        QCOMPARE(fit.blocks, std::vector<Block>({{0, 1, 1, 1}, {1, 3, 2.5, 8}, {3, 5, 4.25, 4}}));
    }

    void poolingReachesBackOverEarlierBlocks()
    {
        // 3 and 0 pool to 1.5, which is below the 2 before them: (2 + 3 + 0 + 1) / 4 = 1.5.
        const IsotonicFit fit = fitUp({1, 2, 3, 0, 1}, {1, 1, 1, 1, 1});
        QCOMPARE(fit.fitted, Numbers({1, 1.5, 1.5, 1.5, 1.5}));
    }

    void equalNeighboursShareABlock()
    {
        const IsotonicFit fit = fitUp({1, 2, 2, 2, 3}, {1, 5, 1, 1, 1});
        QCOMPARE(fit.fitted, Numbers({1, 2, 2, 2, 3}));
        QCOMPARE(fit.blocks, std::vector<Block>({{0, 1, 1, 1}, {1, 4, 2, 7}, {4, 5, 3, 1}}));
    }

    void aBlockThatPoolsToItsNeighboursValueJoinsIt()
    {
        const IsotonicFit fit = fitUp({2, 3, 1, 2}, {1, 1, 1, 1});
        QCOMPARE(fit.blocks, std::vector<Block>({{0, 4, 2, 4}}));
    }

    void matchesTheReferenceValues()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto cases = readJson(sharedFolder() / "reference/pava.json");
        QVERIFY(cases.size() >= 10);
        for (const auto& item : cases) {
            const auto name = item["name"].get<std::string>();
            const Sequence s{item["y"].get<Numbers>(), item["weights"].get<Numbers>()};
            const IsotonicFit fit = isotonicFit(
                s.values, s.weights,
                item["increasing"].get<bool>() ? Monotone::NonDecreasing : Monotone::NonIncreasing);
            const auto expected = item["fitted"].get<Numbers>();
            QCOMPARE(fit.fitted.size(), expected.size());
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(
                    near(fit.fitted[i], expected[i]),
                    message("{}: point {} is {}, expected {}", name, i, fit.fitted[i], expected[i])
                        .c_str());
            std::vector<std::size_t> starts{0};
            for (const Block& block : fit.blocks)
                starts.push_back(block.end);
            QVERIFY2(starts == item["block_starts"].get<std::vector<std::size_t>>(), name.c_str());
            QCOMPARE(faultInBlocks(fit, s), std::string());
        }
    }

    void extremeMagnitudesStayFinite_data()
    {
        constexpr double huge = std::numeric_limits<double>::max();
        constexpr double tiny = std::numeric_limits<double>::denorm_min();
        QTest::addColumn<Numbers>("values");
        QTest::addColumn<Numbers>("weights");
        QTest::addColumn<Numbers>("fitted");
        QTest::newRow("largest numbers of one sign")
            << Numbers{huge, huge / 2} << Numbers{1, 1} << Numbers(2, 0.75 * huge);
        QTest::newRow("largest numbers of both signs")
            << Numbers{huge, -huge} << Numbers{1, 1} << Numbers(2, 0.0);
        QTest::newRow("three quarters of the way down")
            << Numbers{huge, -huge} << Numbers{1, 3} << Numbers(2, -huge / 2);
        QTest::newRow("denormals")
            << Numbers{8 * tiny, 2 * tiny} << Numbers{1, 1} << Numbers(2, 5 * tiny);
        QTest::newRow("light outlier that weighs as much as the rest")
            << Numbers{1e20, 1} << Numbers{1e-20, 1} << Numbers(2, 2.0);
        QTest::newRow("light outlier after")
            << Numbers{-1, -1e20} << Numbers{1, 1e-20} << Numbers(2, -2.0);
        QTest::newRow("weights 600 powers of ten apart")
            << Numbers{5, 3, 4} << Numbers{1e-300, 1e300, 1e-300} << Numbers{3, 3, 4};
        QTest::newRow("tiny weights")
            << Numbers{4, 1} << Numbers{1e-300, 2e-300} << Numbers(2, 2.0);
        QTest::newRow("denormal weights")
            << Numbers{4, 2} << Numbers{tiny, tiny} << Numbers(2, 3.0);
        QTest::newRow("huge weights") << Numbers{4, 1} << Numbers{1e300, 2e300} << Numbers(2, 2.0);
    }
    void extremeMagnitudesStayFinite()
    {
        QFETCH(Numbers, values);
        QFETCH(Numbers, weights);
        QFETCH(Numbers, fitted);
        const IsotonicFit fit = fitUp(values, weights);
        for (std::size_t i = 0; i < fitted.size(); ++i)
            QVERIFY2(std::abs(fit.fitted[i] - fitted[i]) <= 1e-15 * std::abs(fitted[i]),
                     toText(fit.fitted[i]).c_str());
        for (const Block& block : fit.blocks)
            QVERIFY(std::isfinite(block.weight));
    }

    void aMillionPooledPointsKeepTwelveDigits()
    {
        const std::size_t n = 1'000'000;
        Numbers values;
        for (std::size_t i = 0; i < n; ++i)
            values.push_back(0.1 * static_cast<double>(n - i));
        const IsotonicFit fit = fitUp(values, Numbers(n, 1.0));
        QCOMPARE(fit.blocks.size(), std::size_t(1));
        QVERIFY(near(fit.blocks[0].value, 0.1 * (static_cast<double>(n) + 1) / 2));
    }

    void badInputIsNamed_data()
    {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        constexpr double inf = std::numeric_limits<double>::infinity();
        QTest::addColumn<Numbers>("values");
        QTest::addColumn<Numbers>("weights");
        QTest::addColumn<QString>("sentence");
        const QString weight("monotone fit: weight 1 is %1, expected a finite number above 0");
        const QString value("monotone fit: value 1 is %1, expected a finite number");
        QTest::newRow("a weight too few")
            << Numbers{1, 2} << Numbers{1}
            << "monotone fit: 2 values but 1 weights; every value needs one weight";
        QTest::newRow("not a number") << Numbers{1, nan} << Numbers{1, 1} << value.arg("nan");
        QTest::newRow("infinite") << Numbers{1, -inf} << Numbers{1, 1} << value.arg("-inf");
        QTest::newRow("weight 0") << Numbers{1, 2} << Numbers{1, 0} << weight.arg("0");
        QTest::newRow("weight -1") << Numbers{1, 2} << Numbers{1, -1} << weight.arg("-1");
        QTest::newRow("weight not a number")
            << Numbers{1, 2} << Numbers{1, nan} << weight.arg("nan");
        QTest::newRow("infinite weight") << Numbers{1, 2} << Numbers{1, inf} << weight.arg("inf");
        QTest::newRow("weights that add up to infinity")
            << Numbers{1, 2} << Numbers{1e308, 1e308}
            << "monotone fit: the weights' sum is too large for a float64; divide all weights by "
               "one number";
    }
    void badInputIsNamed()
    {
        QFETCH(Numbers, values);
        QFETCH(Numbers, weights);
        QFETCH(QString, sentence);
        const auto direction = Monotone::NonDecreasing;
        QCOMPARE(errorOf([&] { isotonicFit(values, weights, direction); }), sentence.toStdString());
        QCOMPARE(errorOf([&] { isotonicTrace(values, weights, direction); }),
                 sentence.toStdString());
    }

    void theTraceTellsTheMergesInOrder()
    {
        const Numbers values{1, 4, 2, 0}, weights{1, 1, 2, 4};
        const auto trace = isotonicTrace(values, weights, Monotone::NonDecreasing);
        // 4 and 2 * 2 pool to 8/3; with 4 * 0 to 8/7, which is above 1.
        QCOMPARE(trace.size(), std::size_t(2));
        QVERIFY(trace[0].begin == 1 && trace[0].middle == 2 && trace[0].end == 3);
        QVERIFY(trace[0].left == 4 && trace[0].right == 2);
        QVERIFY(trace[0].leftWeight == 1 && trace[0].rightWeight == 2);
        QVERIFY(near(trace[0].pooled, 8.0 / 3));
        QVERIFY(trace[1].begin == 1 && trace[1].middle == 3 && trace[1].end == 4);
        QVERIFY(near(trace[1].left, 8.0 / 3) && trace[1].right == 0);
        QVERIFY(trace[1].leftWeight == 3 && trace[1].rightWeight == 4);
        QVERIFY(near(trace[1].pooled, 8.0 / 7));
    }

    void onlyTheBlocksThatDifferHaveChanged()
    {
        const Numbers ones(6, 1.0);
        const IsotonicFit before = fitUp({1, 3, 2, 5, 4, 9}, ones);
        const IsotonicFit after = fitUp({1, 3, 2, 5, 8, 9}, ones);
        QCOMPARE(changedBlocks(before, after), std::vector<Block>({{3, 4, 5, 1}, {4, 5, 8, 1}}));
        QCOMPARE(changedBlocks(after, before), std::vector<Block>({{3, 5, 4.5, 2}}));
        QVERIFY(changedBlocks(before, before).empty());
        QCOMPARE(changedBlocks({}, after), after.blocks);
    }

    void aMovedValueChangesABlockOfTheSameExtent()
    {
        const IsotonicFit before = fitUp({1, 4, 2}, {1, 1, 1});
        const IsotonicFit after = fitUp({1, 5, 2}, {1, 1, 1});
        QCOMPARE(changedBlocks(before, after), std::vector<Block>({{1, 3, 3.5, 2}}));
    }
};

QTEST_APPLESS_MAIN(IsotonicFitTest)
#include "tst_isotonic_fit.moc"
