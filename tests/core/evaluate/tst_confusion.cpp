// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "evaluate/confusion.h"
#include "support/shared_material.h"

using namespace monotail;

namespace {

/// Classes 0 to 3: many, medium, few, few.
ShotGroups fourClasses()
{
    return groupClasses({500, 50, 5, 4}, parseShotRule("kang"));
}

const std::vector<std::int64_t> labels{0, 0, 0, 1, 1, 2, 2, 2, 3, 3};
const std::vector<std::int32_t> predicted{0, 0, 1, 1, 0, 0, 0, 3, 3, 1};

} // namespace

class ConfusionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void groupsAreCountedTrueByPredicted()
    {
        const GroupConfusion found = groupConfusion(predicted, labels, fourClasses());
        QCOMPARE(found.counts[0], (std::array<std::int64_t, 3>{2, 1, 0}));
        QCOMPARE(found.counts[1], (std::array<std::int64_t, 3>{1, 1, 0}));
        QCOMPARE(found.counts[2], (std::array<std::int64_t, 3>{2, 1, 2}));
        QCOMPARE(found.total(Shot::Few), std::int64_t(5));
        QCOMPARE(found.share(Shot::Few, Shot::Many).value(), 40.0);
        QCOMPARE(found.share(Shot::Medium, Shot::Few).value(), 0.0);
    }

    void groupWithoutSamplesHasNoShares()
    {
        const GroupConfusion found = groupConfusion({0, 1}, {0, 0}, fourClasses());
        QVERIFY(!found.share(Shot::Few, Shot::Many));
        QVERIFY(!found.share(Shot::Medium, Shot::Medium));
        QCOMPARE(found.share(Shot::Many, Shot::Medium).value(), 50.0);
    }

    void cellsAreSparseAndInOrder()
    {
        const std::vector<ConfusionCell> expected{{0, 0, 2}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1},
                                                  {2, 0, 2}, {2, 3, 1}, {3, 1, 1}, {3, 3, 1}};
        QVERIFY(confusionCells(predicted, labels) == expected);
        QVERIFY(confusionCells({}, {}).empty());
    }

    void mostConfusedComesFirstAndTheRestIsCounted()
    {
        const MostConfused found = mostConfused(confusionCells(predicted, labels), 2);
        QVERIFY(found.cells == (std::vector<ConfusionCell>{{2, 0, 2}, {0, 1, 1}}));
        QCOMPARE(found.otherCells, std::int64_t(3));
        QCOMPARE(found.otherSamples, std::int64_t(3));
    }

    void askingForMoreThanThereIsGivesAll()
    {
        const MostConfused found = mostConfused(confusionCells(predicted, labels), 100);
        QCOMPARE(found.cells.size(), std::size_t(5));
        QCOMPARE(found.otherCells, std::int64_t(0));
        QCOMPARE(found.otherSamples, std::int64_t(0));
    }

    void manyClassesTakeNoMatrix()
    {
        // 2^31 - 1 classes: a matrix of them would not fit into any memory.
        const std::int64_t last = 2147483646;
        const auto cells = confusionCells({2147483646, 0, 0}, {last, last, 0});
        QVERIFY(cells == (std::vector<ConfusionCell>{{0, 0, 1}, {last, 0, 1}, {last, last, 1}}));
    }

    void samplesBehindACellAreFound()
    {
        QCOMPARE(samplesOf(predicted, labels, 2, 0), (std::vector<std::int64_t>{5, 6}));
        QVERIFY(samplesOf(predicted, labels, 1, 2).empty());
    }

    void sizesThatDifferAreRefused()
    {
        const std::string expected = "predictions of 1 samples do not fit 2 labels";
        QCOMPARE(test::errorOf([] { confusionCells({0}, {0, 1}); }), expected);
        QCOMPARE(test::errorOf([] { groupConfusion({0}, {0, 1}, fourClasses()); }), expected);
        QCOMPARE(test::errorOf([] { samplesOf({0}, {0, 1}, 0, 0); }), expected);
    }
};

QTEST_APPLESS_MAIN(ConfusionTest)
#include "tst_confusion.moc"
