// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <limits>

#include "base/error.h"
#include "core/isotonic/fit_checks.h"
#include "isotonic/isotonic_tree.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Numbers = std::vector<double>;
using Blocks = std::vector<Block>;

/// How the points of a sequence, and the numbers they are changed to, are made.
enum class Kind { Uniform, Tied, Rising, Falling, Plateau, Outliers, Trend };

double valueOf(Kind kind, Random& random, std::size_t i, std::size_t n)
{
    const double at = static_cast<double>(i) / static_cast<double>(n);
    switch (kind) {
    case Kind::Uniform:
        return random.uniform() * 10 - 5;
    case Kind::Tied:
        return static_cast<double>(random.below(7)) - 3;
    case Kind::Rising:
        return static_cast<double>(i) + 0.3;
    case Kind::Falling:
        return -static_cast<double>(i);
    case Kind::Plateau:
        return 0.1;
    case Kind::Outliers:
        return random.below(10) == 0 ? (random.uniform() - 0.5) * 1e12 : random.uniform();
    case Kind::Trend:
        return 4 * at + random.uniform();
    }
    return 0;
}

double weightOf(Kind kind, Random& random)
{
    if (kind == Kind::Tied || kind == Kind::Plateau)
        return static_cast<double>(1 + random.below(5));
    return kind == Kind::Falling || kind == Kind::Rising ? 1 : 0.1 + random.uniform();
}

Sequence madeOf(Kind kind, Random& random, std::size_t n)
{
    Sequence s;
    for (std::size_t i = 0; i < n; ++i) {
        s.values.push_back(valueOf(kind, random, i, n));
        s.weights.push_back(weightOf(kind, random));
    }
    return s;
}

/// Where the blocks' values differ from the fit by more than rounding; empty if nowhere.
std::string faultAgainst(const Blocks& blocks, const IsotonicFit& fit)
{
    std::size_t point = 0;
    for (const Block& block : blocks) {
        if (block.begin != point)
            return message("a block begins at {} instead of {}", block.begin, point);
        for (; point < block.end; ++point)
            if (!near(block.value, fit.fitted[point]))
                return message("point {} is {}, expected {}", point, block.value,
                               fit.fitted[point]);
    }
    return point == fit.fitted.size() ? "" : "the blocks do not cover the points";
}

std::string faultInOrder(const Blocks& blocks, Monotone direction)
{
    for (std::size_t b = 1; b < blocks.size(); ++b)
        if (direction == Monotone::NonDecreasing ? blocks[b - 1].value >= blocks[b].value
                                                 : blocks[b - 1].value <= blocks[b].value)
            return message("block {} of value {} after {}", b, blocks[b].value,
                           blocks[b - 1].value);
    return "";
}

/// The blocks of `before` with those of the change in their place.
Blocks changedTo(const Blocks& before, const IsotonicTree::Change& change)
{
    Blocks after;
    for (const Block& block : before)
        if (block.end <= change.begin)
            after.push_back(block);
    after.insert(after.end(), change.blocks.begin(), change.blocks.end());
    for (const Block& block : before)
        if (block.begin >= change.end)
            after.push_back(block);
    return after;
}

} // namespace

class IsotonicTreeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyChangeGivesTheFitOfTheChangedPoints_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("points");
        QTest::addColumn<int>("changes");
        const std::pair<const char*, Kind> kinds[] = {
            {"uniform", Kind::Uniform},  {"tied", Kind::Tied},       {"rising", Kind::Rising},
            {"falling", Kind::Falling},  {"plateau", Kind::Plateau}, {"outliers", Kind::Outliers},
            {"on a trend", Kind::Trend},
        };
        for (const auto& [name, kind] : kinds)
            for (const auto& [points, changes] : {std::pair(1, 20),
                                                  {2, 50},
                                                  {63, 100},
                                                  {64, 100},
                                                  {65, 200},
                                                  {200, 500},
                                                  {1000, 500},
                                                  {10'000, 60}})
                QTest::newRow(message("{}, {} points", name, points).c_str())
                    << static_cast<int>(kind) << points << changes;
    }
    void everyChangeGivesTheFitOfTheChangedPoints()
    {
        QFETCH(int, kind);
        QFETCH(int, points);
        QFETCH(int, changes);
        Random random(static_cast<std::uint64_t>(kind + 10 * points));
        const auto n = static_cast<std::size_t>(points);
        for (const Monotone direction : {Monotone::NonDecreasing, Monotone::NonIncreasing}) {
            Sequence s = madeOf(static_cast<Kind>(kind), random, n);
            IsotonicTree tree(s.values, s.weights, direction);
            Blocks blocks = tree.blocks();
            QCOMPARE(faultAgainst(blocks, isotonicFit(s.values, s.weights, direction)),
                     std::string());
            for (int c = 0; c < changes; ++c) {
                const std::size_t i = random.below(n);
                // Half of the changes bring numbers of another kind.
                const auto other = static_cast<Kind>(c % 2 ? kind : static_cast<int>(c / 2 % 7));
                s.values[i] = valueOf(other, random, random.below(n), n);
                s.weights[i] = weightOf(other, random);
                const auto change = tree.set(i, s.values[i], s.weights[i]);
                QVERIFY(change.begin <= i && i < change.end);
                blocks = changedTo(blocks, change);
                QCOMPARE(blocks, tree.blocks());
                const IsotonicFit expected = isotonicFit(s.values, s.weights, direction);
                QCOMPARE(faultAgainst(blocks, expected), std::string());
                QCOMPARE(faultInOrder(blocks, direction), std::string());
            }
        }
    }

    void wholeNumbersGiveTheVeryBlocks()
    {
        Random random(17);
        for (int round = 0; round < 200; ++round) {
            const std::size_t n = 1 + random.below(400);
            Sequence s = smallIntegers(random, n);
            IsotonicTree tree(s.values, s.weights, Monotone::NonDecreasing);
            for (int c = 0; c < 20; ++c) {
                const std::size_t i = random.below(n);
                s.values[i] = static_cast<double>(random.below(7)) - 3;
                tree.set(i, s.values[i], s.weights[i]);
                QCOMPARE(tree.blocks(),
                         isotonicFit(s.values, s.weights, Monotone::NonDecreasing).blocks);
            }
        }
    }

    void onlyTheBlocksAroundAChangeAreReturned()
    {
        Numbers values;
        for (int i = 0; i < 1000; ++i)
            values.push_back(i);
        IsotonicTree tree(values, Numbers(1000, 1.0), Monotone::NonDecreasing);
        // 501 falls to 498: it pools with 499 and 500.
        const auto down = tree.set(501, 498, 1);
        QCOMPARE(down.begin, std::size_t(499));
        QCOMPARE(down.end, std::size_t(502));
        QCOMPARE(down.blocks, Blocks({{499, 502, 499, 3}}));
        const auto up = tree.set(501, 501, 1);
        QCOMPARE(up.begin, std::size_t(499));
        QCOMPARE(up.end, std::size_t(502));
        QCOMPARE(up.blocks, Blocks({{499, 500, 499, 1}, {500, 501, 500, 1}, {501, 502, 501, 1}}));
    }

    void aBlockOfAllPointsComesApartAndTogether()
    {
        Numbers values;
        for (int i = 0; i < 1000; ++i)
            values.push_back(-i);
        IsotonicTree tree(values, Numbers(1000, 1.0), Monotone::NonDecreasing);
        QCOMPARE(tree.blocks(), Blocks({{0, 1000, -499.5, 1000}}));
        // The last point above the mean of the others: -(0 + ... + 998) / 999 = -499.
        const auto apart = tree.set(999, 1, 1);
        QCOMPARE(apart.blocks, Blocks({{0, 999, -499, 999}, {999, 1000, 1, 1}}));
        const auto together = tree.set(999, -999, 1);
        QCOMPARE(together.blocks, Blocks({{0, 1000, -499.5, 1000}}));
        // (-499500 - 500 * 999) / (1000 + 999), by a heavier last point.
        const auto heavier = tree.set(999, -999, 1 + 999);
        QCOMPARE(heavier.blocks.size(), std::size_t(1));
        QVERIFY(near(heavier.blocks[0].value, (-499'500.0 - 999.0 * 999) / 1999));
        QCOMPARE(heavier.blocks[0].weight, 1999.0);
    }

    void aTinyLastValuePoolsAllThatRose()
    {
        const std::size_t n = 5000;
        Numbers values;
        for (std::size_t i = 0; i < n; ++i)
            values.push_back(static_cast<double>(i));
        IsotonicTree tree(values, Numbers(n, 1.0), Monotone::NonDecreasing);
        const auto one = tree.set(n - 1, -1e9, 1);
        QCOMPARE(one.blocks.size(), std::size_t(1));
        const auto all = tree.set(n - 1, static_cast<double>(n), 1);
        QCOMPARE(all.blocks.size(), n);
        QVERIFY(all.begin == 0 && all.end == n);
    }

    void aLongSumKeepsTheDigitsOfASmallBlock()
    {
        Random random(2);
        Numbers values{-1e15};
        for (int i = 1; i < 3000; ++i)
            values.push_back(random.uniform() + i / 100);
        values.push_back(1e15);
        const Numbers ones(values.size(), 1.0);
        IsotonicTree tree(values, ones, Monotone::NonDecreasing);
        values[1500] = 7;
        tree.set(1500, 7, 1);
        QCOMPARE(
            difference(tree.blocks(), isotonicFit(values, ones, Monotone::NonDecreasing).blocks),
            std::string());
    }

    void noPointsHaveNoBlocks()
    {
        IsotonicTree tree({}, {}, Monotone::NonIncreasing);
        QVERIFY(tree.blocks().empty());
        QCOMPARE(errorOf([&] { tree.set(0, 1, 1); }),
                 std::string("monotone fit: point 0 of 0 points, which count from 0, cannot be "
                             "changed"));
    }

    void badChangesAreNamedAndChangeNothing_data()
    {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("weight");
        QTest::addColumn<QString>("sentence");
        const QString extreme("monotone fit: values or weights too large or too small to be "
                              "changed one by one; multiply all by one number");
        QTest::newRow("value") << nan << 1.0
                               << "monotone fit: value 1 is nan, expected a finite number";
        QTest::newRow("weight") << 1.0 << 0.0
                                << "monotone fit: weight 1 is 0, expected a finite number above 0";
        QTest::newRow("too large") << 1e300 << 1.0 << extreme;
        QTest::newRow("too small") << 1e-200 << 1e-100 << extreme;
    }
    void badChangesAreNamedAndChangeNothing()
    {
        QFETCH(double, value);
        QFETCH(double, weight);
        QFETCH(QString, sentence);
        IsotonicTree tree(Numbers{1, 3, 2}, Numbers{1, 1, 1}, Monotone::NonDecreasing);
        const Blocks before = tree.blocks();
        QCOMPARE(errorOf([&] { tree.set(1, value, weight); }), sentence.toStdString());
        QCOMPARE(tree.blocks(), before);
        tree.set(1, 2, 1);
        QCOMPARE(tree.blocks(), Blocks({{0, 1, 1, 1}, {1, 3, 2, 2}}));
    }

    void badInputIsRefusedAsByTheFit()
    {
        const auto made = [](const Numbers& values, const Numbers& weights) {
            return errorOf([&] { IsotonicTree(values, weights, Monotone::NonDecreasing); });
        };
        QCOMPARE(made({1, 2}, {1}),
                 std::string("monotone fit: 2 values but 1 weights; every value needs one weight"));
        QCOMPARE(made({1, 2}, {1, -1}),
                 std::string("monotone fit: weight 1 is -1, expected a finite number above 0"));
        QVERIFY(made({1e200, 2}, {1e200, 1}).find("too large or too small") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(IsotonicTreeTest)
#include "tst_isotonic_tree.moc"
