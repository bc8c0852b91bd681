// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/isotonic/fit_checks.h"
#include "isotonic/isotonic_fit.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Numbers = std::vector<double>;

/// Random sequences of 1 to 40 points, half of them with many ties.
std::vector<Sequence> manySequences()
{
    Random random(7);
    std::vector<Sequence> all;
    for (int i = 0; i < 400; ++i) {
        const std::size_t n = 1 + random.below(40);
        all.push_back(i % 2 ? smallIntegers(random, n) : uniformNumbers(random, n));
    }
    return all;
}

IsotonicFit fitUp(const Sequence& s)
{
    return isotonicFit(s.values, s.weights, Monotone::NonDecreasing);
}

Numbers negated(Numbers values)
{
    for (double& value : values)
        value = -value;
    return values;
}

/// The blocks that remain when every merge is replayed on single points; empty if one does not
/// apply.
std::vector<Block> replayed(const Sequence& s, const std::vector<Merge>& trace)
{
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < s.values.size(); ++i)
        blocks.push_back({i, i + 1, s.values[i], s.weights[i]});
    for (const Merge& merge : trace) {
        const auto left = std::find(blocks.begin(), blocks.end(),
                                    Block{merge.begin, merge.middle, merge.left, merge.leftWeight});
        if (left == blocks.end() || left + 1 == blocks.end())
            return {};
        if (left[1] != Block{merge.middle, merge.end, merge.right, merge.rightWeight})
            return {};
        *left = {merge.begin, merge.end, merge.pooled, merge.leftWeight + merge.rightWeight};
        blocks.erase(left + 1);
    }
    return blocks;
}

} // namespace

class IsotonicPropertiesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheMinMaxFormula()
    {
        for (const Sequence& s : manySequences()) {
            const Numbers expected = minMaxFit(s);
            const IsotonicFit fit = fitUp(s);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(near(fit.fitted[i], expected[i]), toText(fit.fitted[i]).c_str());
        }
    }

    void blocksAreMaximalRunsInStrictOrder()
    {
        for (const Sequence& s : manySequences()) {
            const IsotonicFit fit = fitUp(s);
            QCOMPARE(faultInBlocks(fit, s), std::string());
            for (std::size_t b = 1; b < fit.blocks.size(); ++b)
                QVERIFY(fit.blocks[b - 1].value < fit.blocks[b].value);
        }
    }

    // With monotonicity these are the KKT conditions of the least squares problem: in each block
    // the residuals balance, and no first part of a block lies below the block's value (such a part
    // would rather be a block of its own).
    void everyBlockBalancesAndNoFirstPartLiesBelowIt()
    {
        for (const Sequence& s : manySequences()) {
            const IsotonicFit fit = fitUp(s);
            for (const Block& block : fit.blocks) {
                double residual = 0;
                for (std::size_t i = block.begin; i < block.end; ++i) {
                    residual += s.weights[i] * (s.values[i] - block.value);
                    QVERIFY2(residual >= -1e-11, toText(residual).c_str());
                }
                QVERIFY2(std::abs(residual) <= 1e-11, toText(residual).c_str());
            }
        }
    }

    void fittingTheFitChangesNothing()
    {
        for (const Sequence& s : manySequences()) {
            const IsotonicFit once = fitUp(s);
            const IsotonicFit twice = fitUp({once.fitted, s.weights});
            QCOMPARE(twice.fitted, once.fitted);
            QVERIFY(changedBlocks(once, twice).empty());
        }
    }

    void fallingIsTheNegativeOfRising()
    {
        for (const Sequence& s : manySequences()) {
            const IsotonicFit down = isotonicFit(s.values, s.weights, Monotone::NonIncreasing);
            const IsotonicFit up = fitUp({negated(s.values), s.weights});
            QCOMPARE(down.fitted, negated(up.fitted));
            QCOMPARE(down.blocks.size(), up.blocks.size());
        }
    }

    void aWeightOfThreeIsThreeCopies()
    {
        Random random(11);
        for (int round = 0; round < 100; ++round) {
            const Sequence s = smallIntegers(random, 20);
            Sequence copies;
            for (std::size_t i = 0; i < s.values.size(); ++i) {
                const auto times = static_cast<std::size_t>(s.weights[i]);
                copies.values.insert(copies.values.end(), times, s.values[i]);
            }
            copies.weights.assign(copies.values.size(), 1.0);
            const IsotonicFit weighted = fitUp(s);
            const IsotonicFit repeated = fitUp(copies);
            for (std::size_t i = 0, copy = 0; i < s.values.size(); ++i)
                for (double k = 0; k < s.weights[i]; ++k)
                    QVERIFY(near(repeated.fitted[copy++], weighted.fitted[i]));
        }
    }

    void scalingAllWeightsChangesNoValue()
    {
        for (const Sequence& s : manySequences()) {
            Sequence scaled = s;
            for (double& weight : scaled.weights)
                weight *= 1024; // a power of two, so that no rounding differs
            QCOMPARE(fitUp(scaled).fitted, fitUp(s).fitted);
        }
    }

    void replayingTheTraceGivesTheBlocks()
    {
        for (const Sequence& s : manySequences())
            for (const Monotone direction : {Monotone::NonDecreasing, Monotone::NonIncreasing}) {
                const auto trace = isotonicTrace(s.values, s.weights, direction);
                const auto blocks = isotonicFit(s.values, s.weights, direction).blocks;
                QCOMPARE(difference(replayed(s, trace), blocks), std::string());
            }
    }

    void equalMeansJoinHoweverTheyArePooled()
    {
        // Means of thirds: (1 + 0 + 0) / 3 before (1 + 1 + 0 + 1 + 0 - 1) / 6, both 1/3.
        const Sequence s{{1, 0, 0, 1, 1, 0, 1, 0, -1}, Numbers(9, 1.0)};
        QCOMPARE(fitUp(s).blocks, std::vector<Block>({{0, 9, 1.0 / 3, 9}}));
        // 0 to 199, -199 to 199, -199 to 0: the ends pool to 0 only if nothing is rounded away.
        Sequence ramps;
        for (int i = 0; i < 799; ++i)
            ramps.values.push_back(i < 200 ? i : i < 599 ? i - 399 : i - 798);
        ramps.weights.assign(799, 1.0);
        QCOMPARE(fitUp(ramps).blocks, std::vector<Block>({{0, 799, 0, 799}}));
    }

    // Multiplied by powers of two the sums no longer fit, and the means are stepped instead.
    void extremeMagnitudesGiveTheSameFit()
    {
        for (const Sequence& s : manySequences())
            for (const double factor : {0x1p1000, 0x1p-980}) {
                Sequence extreme = s;
                for (std::size_t i = 0; i < s.values.size(); ++i) {
                    extreme.values[i] *= factor;
                    extreme.weights[i] *= factor;
                }
                const IsotonicFit expected = fitUp(s);
                const IsotonicFit fit = fitUp(extreme);
                QCOMPARE(faultInBlocks(fit, extreme), std::string());
                for (std::size_t i = 0; i < s.values.size(); ++i)
                    QVERIFY(near(fit.fitted[i] / factor, expected.fitted[i]));
            }
    }

    void theWorkIsOneMergePerLostBlock_data()
    {
        const std::size_t n = 20'000;
        Numbers falling, sawtooth, lastIsLowest, random;
        Random numbers(3);
        for (std::size_t i = 0; i < n; ++i) {
            const auto x = static_cast<double>(i);
            falling.push_back(-x);
            sawtooth.push_back(x + (i % 2 ? -5 : 5));
            lastIsLowest.push_back(i + 1 == n ? -1e12 : x);
            random.push_back(numbers.uniform());
        }
        QTest::addColumn<Numbers>("values");
        QTest::newRow("falling") << falling;
        QTest::newRow("sawtooth") << sawtooth;
        QTest::newRow("the last point pools everything before it") << lastIsLowest;
        QTest::newRow("random") << random;
    }
    void theWorkIsOneMergePerLostBlock()
    {
        QFETCH(Numbers, values);
        const Sequence s{values, Numbers(values.size(), 1.0)};
        const IsotonicFit fit = fitUp(s);
        const auto trace = isotonicTrace(s.values, s.weights, Monotone::NonDecreasing);
        QCOMPARE(trace.size(), values.size() - fit.blocks.size());
        QVERIFY(fit.blocks.size() < values.size());
    }
};

QTEST_APPLESS_MAIN(IsotonicPropertiesTest)
#include "tst_isotonic_properties.moc"
