// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/monotone_module.h"

#include <QtTest>
#include <cmath>

#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Values = std::vector<double>;
using Ends = std::vector<std::size_t>;

double value(double pooled)
{
    return 1 / (std::log1p(std::exp(pooled)) + 2e-6);
}

} // namespace

class MonotoneModuleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyStrictViolationsPool()
    {
        QCOMPARE(poolStrict(Values{}), Ends{});
        QCOMPARE(poolStrict(Values{1, 1, 2}), (Ends{1, 2, 3}));
        QCOMPARE(poolStrict(Values{2, 1, 3}), (Ends{2, 3}));
        // 3 and 1 pool to 2, which equals the next: they stay apart.
        QCOMPARE(poolStrict(Values{3, 1, 2}), (Ends{2, 3}));
        // 4 and 3 pool to 3.5, with 1 to 8/3, which is above 2.
        QCOMPARE(poolStrict(Values{0, 4, 3, 1, 2, 9}), (Ends{1, 5, 6}));
    }

    void aMillionFallingValuesAreOneBlock()
    {
        Values values(1000000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = -static_cast<double>(i);
        QCOMPARE(poolStrict(values), Ends{values.size()});
    }

    void equalCountsKeepTheOrderOfTheClasses()
    {
        QCOMPARE(ascendingCounts({5, 1, 5, 0}), (Ends{3, 1, 0, 2}));
    }

    /// By count the classes are 2, 0, 1 with raw 1, 0, 2: the first two pool to 1/2.
    void pooledByClassFrequency()
    {
        const MonotoneModule module({4, 9, 1});
        const auto fit = module.fit({0, 2, 1});
        QCOMPARE(fit.ends, (Ends{2, 3}));
        QCOMPARE(fit.pooled, (Values{0.5, 2, 0.5}));
        QVERIFY(std::abs(fit.values[0] - value(0.5)) < 1e-15);
        QCOMPARE(fit.values[2], fit.values[0]);
        QVERIFY(std::abs(fit.values[1] - value(2)) < 1e-15);
        QVERIFY(fit.values[1] < fit.values[0]); // the most frequent class has the smallest
    }

    /// Every member of a block gets the mean of the block's gradients times dg/dp.
    void gradientsOfABlockAreShared()
    {
        const MonotoneModule module({4, 9, 1});
        const auto fit = module.fit({0, 2, 1});
        const Values gradient = module.backward(fit, {3, 10, 5});
        const auto slope = [](double p) { return -value(p) * value(p) / (1 + std::exp(-p)); };
        QVERIFY(std::abs(gradient[0] - 4 * slope(0.5)) < 1e-12);
        QCOMPARE(gradient[2], gradient[0]);
        QVERIFY(std::abs(gradient[1] - 10 * slope(2)) < 1e-12);
    }

    /// Beyond 20 softplus is taken for the identity; e^1000 would leave float64.
    void largeRawNormsStayFinite()
    {
        const MonotoneModule module({1, 2});
        const auto fit = module.fit({-1000, 1000});
        QVERIFY(std::abs(fit.values[0] - 5e5) < 1e-3);
        QVERIFY(std::abs(fit.values[1] - 1e-3) < 1e-8);
        for (const double one : module.backward(fit, {1, 1}))
            QVERIFY(std::isfinite(one));
        QVERIFY(errorOf([&] {
                    module.fit({0, std::nan("")});
                }).find("no longer finite") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(MonotoneModuleTest)
#include "tst_monotone_module.moc"
