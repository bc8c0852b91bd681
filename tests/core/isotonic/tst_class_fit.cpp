// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <limits>

#include "base/random.h"
#include "base/text.h"
#include "core/isotonic/fit_checks.h"
#include "isotonic/class_fit.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Numbers = std::vector<double>;
using Classes = std::vector<std::int64_t>;

std::vector<bool> none(std::size_t classes)
{
    return std::vector<bool>(classes, false);
}

ClassFit fit(const Numbers& values, const Numbers& metric, Direction direction, Ties ties)
{
    return fitClasses(values, Numbers(values.size(), 1.0), metric, none(values.size()), direction,
                      ties);
}

template <typename T>
std::vector<T> renumbered(const std::vector<T>& items, const std::vector<std::size_t>& places)
{
    std::vector<T> out(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        out[places[i]] = items[i];
    return out;
}

} // namespace

class ClassFitTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tailHighNormsNeverFallTowardTheTail()
    {
        // By count: 100 -> 2, 50 -> 3, 20 -> 1, 5 -> 4. 3 and 1 pool to 2, the value before them.
        const ClassFit f = fit({4, 3, 2, 1}, {5, 50, 100, 20}, Direction::TailHigh, Ties::Average);
        QCOMPARE(f.order, Classes({2, 1, 3, 0}));
        QCOMPARE(f.fitted, Numbers({4, 2, 2, 2}));
        QCOMPARE(f.blocks, std::vector<Block>({{0, 3, 2, 3}, {3, 4, 4, 1}}));
        QCOMPARE(f.blockOf, Classes({1, 0, 0, 0}));
    }

    void headHighNormsNeverRiseTowardTheTail()
    {
        const ClassFit f = fit({4, 3, 2, 1}, {5, 50, 100, 20}, Direction::HeadHigh, Ties::Average);
        // 2, 3, 1, 4 along the ranks: 2 and 3 pool to 2.5, 1 and 4 to 2.5 as well.
        QCOMPARE(f.fitted, Numbers({2.5, 2.5, 2.5, 2.5}));
        const ClassFit falling =
            fit({1, 5, 7, 2}, {5, 50, 100, 20}, Direction::HeadHigh, Ties::Average);
        QCOMPARE(falling.blocks.size(), std::size_t(4));
    }

    void tiedClassesAreAveragedFirstAndShareABlock()
    {
        // Counts 9, 9, 4: the tied 1 and 3 become 2, below 2.5, so nothing else pools.
        const ClassFit averaged = fit({1, 3, 2.5}, {9, 9, 4}, Direction::TailHigh, Ties::Average);
        QCOMPARE(averaged.fitted, Numbers({2, 2, 2.5}));
        QCOMPARE(averaged.blocks, std::vector<Block>({{0, 2, 2, 2}, {2, 3, 2.5, 1}}));
        // In class order 1 stays alone and 3 pools with 2.5.
        const ClassFit ordered = fit({1, 3, 2.5}, {9, 9, 4}, Direction::TailHigh, Ties::ClassOrder);
        QCOMPARE(ordered.fitted, Numbers({1, 2.75, 2.75}));
        QCOMPARE(ordered.blocks, std::vector<Block>({{0, 1, 1, 1}, {1, 3, 2.75, 2}}));
    }

    void weightsOfTiedClassesAreSummed()
    {
        const ClassFit f = fitClasses({1, 5, 2}, {3, 1, 4}, {9, 9, 4}, none(3), Direction::TailHigh,
                                      Ties::Average);
        // (3 * 1 + 5) / 4 = 2 with weight 4, equal to the next class.
        QCOMPARE(f.blocks, std::vector<Block>({{0, 3, 2, 8}}));
    }

    void tiesKeepClassOrderInTheRanks()
    {
        const ClassFit f = fit({1, 2, 3, 4}, {7, 9, 7, 7}, Direction::TailHigh, Ties::ClassOrder);
        QCOMPARE(f.order, Classes({1, 0, 2, 3}));
    }

    void excludedClassesKeepTheirValueAndComeLast()
    {
        const ClassFit f =
            fitClasses({0, 3, 1, 0}, {1, 1, 1, 1}, {100, 9, 4, 50}, {true, false, false, true},
                       Direction::TailHigh, Ties::Average);
        QCOMPARE(f.order, Classes({1, 2, 0, 3}));
        QCOMPARE(f.fitted, Numbers({0, 2, 2, 0}));
        QCOMPARE(f.blocks, std::vector<Block>({{0, 2, 2, 2}}));
        QCOMPARE(f.blockOf, Classes({-1, 0, 0, -1}));
    }

    void nothingButExcludedClassesHasNoBlocks()
    {
        const ClassFit f =
            fitClasses({0, 0}, {1, 1}, {3, 4}, {true, true}, Direction::TailHigh, Ties::Average);
        QVERIFY(f.blocks.empty());
        QCOMPARE(f.fitted, Numbers({0, 0}));
        QCOMPARE(f.blockOf, Classes({-1, -1}));
        QVERIFY(fit({}, {}, Direction::TailHigh, Ties::Average).order.empty());
    }

    void matchesTheReferenceForTies()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto cases = readJson(sharedFolder() / "reference/ties.json");
        QVERIFY(!cases.empty());
        for (const auto& item : cases) {
            const auto expected = item["fitted"].get<Numbers>();
            const ClassFit f =
                fit(item["norms"].get<Numbers>(), item["class_counts"].get<Numbers>(),
                    Direction::TailHigh, Ties::Average);
            QCOMPARE(f.fitted.size(), expected.size());
            for (std::size_t c = 0; c < expected.size(); ++c)
                QVERIFY2(std::abs(f.fitted[c] - expected[c]) <= 1e-12 * expected[c],
                         message("class {}: {} and {}", c, f.fitted[c], expected[c]).c_str());
        }
    }

    void renumberingTheClassesKeepsAnAveragedFitToTheBit()
    {
        Random random(5);
        for (int round = 0; round < 200; ++round) {
            const Sequence s = uniformNumbers(random, 30);
            Numbers metric;
            std::vector<std::size_t> places;
            for (std::size_t c = 0; c < 30; ++c) {
                metric.push_back(static_cast<double>(random.below(8)));
                places.push_back(c);
            }
            random.shuffle(places);
            const auto direction = round % 2 ? Direction::TailHigh : Direction::HeadHigh;
            const ClassFit before =
                fitClasses(s.values, s.weights, metric, none(30), direction, Ties::Average);
            const ClassFit after =
                fitClasses(renumbered(s.values, places), renumbered(s.weights, places),
                           renumbered(metric, places), none(30), direction, Ties::Average);
            QCOMPARE(after.fitted, renumbered(before.fitted, places));
            QCOMPARE(after.blockOf, renumbered(before.blockOf, places));
            QCOMPARE(after.blocks, before.blocks);
        }
    }

    void renumberingTiedClassesChangesAFitInClassOrder()
    {
        const ClassFit f = fit({1, 3}, {9, 9}, Direction::TailHigh, Ties::ClassOrder);
        const ClassFit swapped = fit({3, 1}, {9, 9}, Direction::TailHigh, Ties::ClassOrder);
        QCOMPARE(f.fitted, Numbers({1, 3}));
        QCOMPARE(swapped.fitted, Numbers({2, 2}));
    }

    void theFitIsMonotoneInTheMetric()
    {
        Random random(9);
        for (int round = 0; round < 100; ++round) {
            const Sequence s = uniformNumbers(random, 25);
            Numbers metric;
            for (std::size_t c = 0; c < 25; ++c)
                metric.push_back(static_cast<double>(random.below(10)));
            const ClassFit f = fitClasses(s.values, s.weights, metric, none(25),
                                          Direction::TailHigh, Ties::Average);
            for (std::size_t a = 0; a < 25; ++a)
                for (std::size_t b = 0; b < 25; ++b) {
                    if (metric[a] < metric[b])
                        QVERIFY(f.fitted[a] >= f.fitted[b]);
                    if (metric[a] == metric[b])
                        QCOMPARE(f.fitted[a], f.fitted[b]);
                }
        }
    }

    void traceCountsInRanksAndEndsInTheBlocks()
    {
        // Ranks: {0, 1} tied at 3, then 1, then 5.
        const auto trace = traceClasses({2, 4, 1, 5}, {1, 1, 1, 1}, {9, 9, 4, 2}, none(4),
                                        Direction::TailHigh, Ties::Average);
        QCOMPARE(trace.size(), std::size_t(1));
        QVERIFY(trace[0].begin == 0 && trace[0].middle == 2 && trace[0].end == 3);
        QVERIFY(trace[0].left == 3 && trace[0].leftWeight == 2);
        QVERIFY(trace[0].right == 1 && trace[0].rightWeight == 1);
        QVERIFY(near(trace[0].pooled, 7.0 / 3));
    }

    void everyPooledBlockIsTheEndOfAMerge()
    {
        Random random(21);
        for (const Direction direction : {Direction::TailHigh, Direction::HeadHigh}) {
            const Sequence s = uniformNumbers(random, 60);
            Numbers metric;
            for (std::size_t c = 0; c < 60; ++c)
                metric.push_back(static_cast<double>(c)); // no ties
            const ClassFit f =
                fitClasses(s.values, s.weights, metric, none(60), direction, Ties::Average);
            const auto trace =
                traceClasses(s.values, s.weights, metric, none(60), direction, Ties::Average);
            QCOMPARE(trace.size(), 60 - f.blocks.size());
            for (const Block& block : f.blocks) {
                const bool found = std::any_of(trace.begin(), trace.end(), [&](const Merge& merge) {
                    return merge.begin == block.begin && merge.end == block.end &&
                           near(merge.pooled, block.value) &&
                           near(merge.leftWeight + merge.rightWeight, block.weight);
                });
                QCOMPARE(found, block.size() > 1);
            }
        }
    }

    void badInputNamesTheClass_data()
    {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        QTest::addColumn<Numbers>("values");
        QTest::addColumn<Numbers>("weights");
        QTest::addColumn<Numbers>("metric");
        QTest::addColumn<QString>("sentence");
        const Numbers ones{1, 1};
        QTest::newRow("value") << Numbers{1, nan} << ones << ones
                               << "monotone fit: the value of class 1 is nan, expected a finite "
                                  "number";
        QTest::newRow("weight") << ones << Numbers{1, 0} << ones
                                << "monotone fit: the weight of class 1 is 0, expected a finite "
                                   "number above 0";
        QTest::newRow("metric") << ones << ones << Numbers{nan, 1}
                                << "monotone fit: the order metric of class 0 is nan, expected a "
                                   "finite number";
        QTest::newRow("sizes") << ones << ones << Numbers{1}
                               << "monotone fit: 2 values, 2 weights, 1 order metrics and 2 "
                                  "exclusions; every class needs one of each";
    }
    void badInputNamesTheClass()
    {
        QFETCH(Numbers, values);
        QFETCH(Numbers, weights);
        QFETCH(Numbers, metric);
        QFETCH(QString, sentence);
        const auto run = [&] {
            fitClasses(values, weights, metric, none(2), Direction::TailHigh, Ties::Average);
        };
        QCOMPARE(errorOf(run), sentence.toStdString());
    }
};

QTEST_APPLESS_MAIN(ClassFitTest)
#include "tst_class_fit.moc"
