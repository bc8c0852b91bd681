// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <limits>

#include "core/isotonic/fit_checks.h"
#include "isotonic/isotonic_fit.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

// The fit pools pieces and sections of the input apart and then joins them: here are inputs of
// their sizes and larger.

namespace {

using Numbers = std::vector<double>;

/// The textbook loop: points one after the other, means by division.
Numbers plainFit(const Sequence& s)
{
    std::vector<Block> stack;
    for (std::size_t i = 0; i < s.values.size(); ++i) {
        Block top{i, i + 1, s.values[i], s.weights[i]};
        while (!stack.empty() && stack.back().value >= top.value) {
            const Block& last = stack.back();
            const double weight = last.weight + top.weight;
            top = {last.begin, i + 1, (last.weight * last.value + top.weight * top.value) / weight,
                   weight};
            stack.pop_back();
        }
        stack.push_back(top);
    }
    Numbers fitted;
    for (const Block& block : stack)
        fitted.insert(fitted.end(), block.size(), block.value);
    return fitted;
}

Sequence trend(std::size_t n, double noise)
{
    Random random(n);
    Sequence s = uniformNumbers(random, n);
    for (std::size_t i = 0; i < n; ++i)
        s.values[i] = static_cast<double>(i) / static_cast<double>(n) + noise * s.values[i];
    return s;
}

Sequence tied(std::size_t n)
{
    Random random(n);
    return smallIntegers(random, n);
}

/// Rises, then one value so low that all before it pool, then rises again.
Sequence risingToAPit(std::size_t n)
{
    Sequence s = trend(n, 0);
    s.values[n - 1 - n / 8] = -1e9;
    return s;
}

Sequence falling(std::size_t n)
{
    Sequence s = trend(n, 0);
    std::reverse(s.values.begin(), s.values.end());
    return s;
}

Sequence level(std::size_t n)
{
    Sequence s = trend(n, 0);
    std::fill(s.values.begin(), s.values.end(), 0.1);
    return s;
}

void addShapes(std::initializer_list<std::size_t> sizes)
{
    QTest::addColumn<Numbers>("values");
    QTest::addColumn<Numbers>("weights");
    const auto add = [](const char* shape, const Sequence& s) {
        QTest::newRow(message("{}, {} points", shape, s.values.size()).c_str())
            << s.values << s.weights;
    };
    for (const std::size_t n : sizes) {
        add("noise on a trend", trend(n, 1));
        add("faint noise on a trend", trend(n, 2.0 / static_cast<double>(n)));
        add("rising", trend(n, 0));
        add("tied", tied(n));
        add("rising to a pit", risingToAPit(n));
        add("falling", falling(n));
        add("level", level(n));
    }
}

} // namespace

class IsotonicLargeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithThePlainLoop_data()
    {
        addShapes({2, 3, 1023, 1024, 1025, 2047, 2048, 2049, 32'767, 32'768, 32'769, 100'001});
    }
    void agreesWithThePlainLoop()
    {
        QFETCH(Numbers, values);
        QFETCH(Numbers, weights);
        const Sequence s{values, weights};
        const Sequence unit{values, Numbers(values.size(), 1.0)};
        for (const Sequence& sequence : {s, unit}) {
            const IsotonicFit fit =
                isotonicFit(sequence.values, sequence.weights, Monotone::NonDecreasing);
            const Numbers expected = plainFit(sequence);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(near(fit.fitted[i], expected[i], 1e-11),
                         message("{}: {}, expected {}", i, fit.fitted[i], expected[i]).c_str());
            QCOMPARE(faultInBlocks(fit, sequence), std::string());
        }
    }

    void noWeightsAreWeightsOfOne_data() { addShapes({1, 5000, 40'000}); }
    void noWeightsAreWeightsOfOne()
    {
        QFETCH(Numbers, values);
        const Numbers ones(values.size(), 1.0);
        for (const Monotone direction : {Monotone::NonDecreasing, Monotone::NonIncreasing}) {
            const IsotonicFit without = isotonicFit(values, direction);
            const IsotonicFit with = isotonicFit(values, ones, direction);
            QCOMPARE(without.blocks, with.blocks);
            QCOMPARE(without.fitted, with.fitted);
        }
    }

    void theNumberOfThreadsChangesNothing_data() { addShapes({600'000}); }
    void theNumberOfThreadsChangesNothing()
    {
        QFETCH(Numbers, values);
        QFETCH(Numbers, weights);
        const IsotonicFit one = isotonicFit(values, weights, Monotone::NonDecreasing, 1);
        for (const int threads : {0, 2, 3}) {
            const IsotonicFit fit = isotonicFit(values, weights, Monotone::NonDecreasing, threads);
            QCOMPARE(fit.blocks, one.blocks);
            QCOMPARE(fit.fitted, one.fitted);
        }
    }

    void aFaultFarFromTheStartIsNamed()
    {
        Numbers values(500'000, 1.0), weights = values;
        values[400'001] = std::numeric_limits<double>::infinity();
        const auto sentence = [&] {
            return errorOf([&] { isotonicFit(values, weights, Monotone::NonDecreasing); });
        };
        QCOMPARE(sentence(),
                 std::string("monotone fit: value 400001 is inf, expected a finite number"));
        weights[300'002] = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(sentence(), std::string("monotone fit: weight 300002 is nan, expected a finite "
                                         "number above 0"));
    }

    void oneExtremeNumberMakesTheWholeFitStep()
    {
        Sequence s = trend(100'000, 1);
        s.values.back() = 1e306;
        const IsotonicFit fit = isotonicFit(s.values, s.weights, Monotone::NonDecreasing);
        QCOMPARE(fit.fitted.back(), 1e306);
        s.values.pop_back();
        s.weights.pop_back();
        const Numbers expected = plainFit(s);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(near(fit.fitted[i], expected[i], 1e-11));
    }
};

QTEST_APPLESS_MAIN(IsotonicLargeTest)
#include "tst_isotonic_large.moc"
