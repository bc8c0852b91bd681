// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "evaluate/scorer.h"
#include "made_up.h"

using namespace monotail;
using namespace monotail::test;

class ScorerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eigenComputesTheProductOverManyTiles()
    {
        Random random(3);
        const int samples = 3000, classes = 1200; // tiles of 1747 rows
        const RowMatrix features = noise(samples, 9, random);
        const RowMatrix weight = noise(classes, 9, random);
        const FeatureSet set =
            featuresOf(features, std::vector<std::int64_t>(std::size_t(samples), 0));
        std::int64_t next = 0, tiles = 0;
        double worst = 0;
        std::vector<std::int64_t> reported;
        makeEigenScorer()->score(
            set, weight,
            [&](std::int64_t begin, const RowMatrix& z) {
                QCOMPARE(begin, next);
                for (Eigen::Index i = 0; i < z.rows(); i += 97)
                    for (Eigen::Index c = 0; c < classes; c += 11) {
                        double sum = 0;
                        for (Eigen::Index d = 0; d < 9; ++d)
                            sum += double(features(begin + i, d)) * double(weight(c, d));
                        worst = std::max(worst, std::fabs(sum - double(z(i, c))));
                    }
                next += z.rows();
                ++tiles;
            },
            [&](std::int64_t done, std::int64_t total) {
                reported.push_back(done);
                return total == samples;
            });
        QCOMPARE(next, std::int64_t(samples));
        QCOMPARE(tiles, std::int64_t(2));
        QCOMPARE(reported.back(), std::int64_t(samples));
        QVERIFY(worst < 1e-5);
        QCOMPARE(makeEigenScorer()->device(), std::string("CPU (Eigen)"));
    }

    void tilesStayNearTheirSize()
    {
        QCOMPARE(tileRows(50000, 1000), std::int64_t(2097));
        QCOMPARE(tileRows(100, 1000), std::int64_t(100));
        QCOMPARE(tileRows(100, 50000000), std::int64_t(1));
        QCOMPARE(tileRows(0, 1000), std::int64_t(1));
        QCOMPARE(tileRows(100, 0), std::int64_t(100));
    }
};

QTEST_APPLESS_MAIN(ScorerTest)
#include "tst_scorer.moc"
