// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "evaluate/temperature.h"
#include "made_up.h"

using namespace monotail;
using namespace monotail::test;

namespace {

struct Problem
{
    RowMatrix scores;
    std::vector<std::int64_t> labels;
};

/// Labels drawn from the softmax of `sharpness` * scores: the right beta is near `sharpness`.
Problem drawn(std::int64_t samples, std::int64_t classes, double sharpness)
{
    Random random(11);
    Problem problem{noise(samples, classes, random, 5), {}};
    for (std::int64_t i = 0; i < samples; ++i) {
        std::vector<double> sums{0};
        for (std::int64_t c = 0; c < classes; ++c)
            sums.push_back(sums.back() + std::exp(sharpness * double(problem.scores(i, c))));
        const double at = random.uniform() * sums.back();
        const auto above = std::upper_bound(sums.begin(), sums.end(), at);
        problem.labels.push_back(std::min<std::int64_t>(above - sums.begin() - 1, classes - 1));
    }
    return problem;
}

double lossAt(const Problem& problem, const std::vector<std::uint8_t>& half, int which, double beta)
{
    double loss = 0;
    for (Eigen::Index i = 0; i < problem.scores.rows(); ++i) {
        if (half[std::size_t(i)] != which)
            continue;
        double sum = 0;
        for (Eigen::Index c = 0; c < problem.scores.cols(); ++c)
            sum += std::exp(beta * double(problem.scores(i, c)));
        const Eigen::Index own = problem.labels[std::size_t(i)];
        loss += std::log(sum) - beta * double(problem.scores(i, own));
    }
    return loss;
}

/// The lowest loss by golden section over log beta.
double goldenBeta(const Problem& problem, const std::vector<std::uint8_t>& half, int which)
{
    double low = std::log(1e-3), high = std::log(50.0);
    const double ratio = (std::sqrt(5.0) - 1) / 2;
    for (int i = 0; i < 60; ++i) {
        const double a = high - ratio * (high - low), b = low + ratio * (high - low);
        if (lossAt(problem, half, which, std::exp(a)) < lossAt(problem, half, which, std::exp(b)))
            high = b;
        else
            low = a;
    }
    return std::exp((low + high) / 2);
}

ScoreResult scored(const Problem& problem, const ScoreOptions& options,
                   const std::vector<double>& scales)
{
    const Eigen::Index classes = problem.scores.cols();
    const ClassifierHead head =
        headOf(RowMatrix::Identity(classes, classes), std::vector<float>(std::size_t(classes), 0));
    std::vector<Rescaling> methods;
    for (const double scale : scales)
        methods.push_back(rescalingOf(std::vector<double>(std::size_t(classes), scale),
                                      std::vector<double>(std::size_t(classes), 0)));
    return predictAll(featuresOf(problem.scores, problem.labels), head, methods, *makeEigenScorer(),
                      options);
}

} // namespace

class TemperatureTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void halvesAreEvenSeededAndMixed()
    {
        const auto half = splitHalves(1001, 4);
        QCOMPARE(std::count(half.begin(), half.end(), 1), std::ptrdiff_t(500));
        QVERIFY(half == splitHalves(1001, 4));
        QVERIFY(half != splitHalves(1001, 5));
        const auto ones = std::count(half.begin(), half.begin() + 500, 1);
        QVERIFY(ones > 200 && ones < 300);
        QVERIFY(splitHalves(0, 0).empty());
    }

    void eachHalfGetsTheLowestLossOfItsOwn_data()
    {
        QTest::addColumn<double>("sharpness");
        QTest::newRow("overconfident by 20") << 0.05;
        QTest::newRow("overconfident by 3") << 0.33;
        QTest::newRow("calibrated") << 1.0;
        QTest::newRow("underconfident by 4") << 4.0;
    }
    void eachHalfGetsTheLowestLossOfItsOwn()
    {
        QFETCH(double, sharpness);
        const Problem problem = drawn(600, 7, sharpness);
        const ScoreOptions options{true, 9};
        const Predictions found = scored(problem, options, {1}).methods[0];
        const auto half = splitHalves(600, 9);
        for (int h = 0; h < 2; ++h) {
            const double expected = 1 / goldenBeta(problem, half, h);
            QVERIFY2(std::fabs(found.temperature[h] / expected - 1) < 1e-3,
                     qPrintable(QString("%1 for %2").arg(found.temperature[h]).arg(expected)));
        }
        QVERIFY(found.temperature[0] != found.temperature[1]);
    }

    void confidencesUseTheOtherHalfsTemperature()
    {
        const Problem problem = drawn(101, 6, 0.5);
        const Predictions found = scored(problem, {true, 2}, {1}).methods[0];
        const auto half = splitHalves(101, 2);
        for (Eigen::Index i = 0; i < 101; ++i) {
            const double beta = 1 / found.temperature[1 - half[std::size_t(i)]];
            double sum = 0;
            for (Eigen::Index c = 0; c < 6; ++c)
                sum += std::exp(beta * double(problem.scores(i, c)));
            const double best = std::exp(beta * double(problem.scores.row(i).maxCoeff()));
            QVERIFY(std::fabs(double(found.calibrated[std::size_t(i)]) - best / sum) < 1e-6);
        }
    }

    void methodsAreFittedOnTheSameSplitEachByItself()
    {
        const Problem problem = drawn(300, 5, 1);
        const ScoreResult both = scored(problem, {true, 1}, {1, 4});
        const ScoreResult one = scored(problem, {true, 1}, {4});
        QCOMPARE(both.methods[1].temperature[0], one.methods[0].temperature[0]);
        // Scores four times as large need a temperature four times as large, and end alike.
        for (int h = 0; h < 2; ++h)
            QVERIFY(std::fabs(
                        both.methods[1].temperature[h] / (4 * both.methods[0].temperature[h]) - 1) <
                    1e-3);
    }

    void keptAndRecomputedScoresGiveTheSame()
    {
        const Problem problem = drawn(300, 5, 0.7);
        const ScoreResult kept = scored(problem, {true, 1}, {1, 2});
        const ScoreResult again = scored(problem, {true, 1, 0}, {1, 2});
        for (std::size_t m = 0; m < 2; ++m) {
            QVERIFY(kept.methods[m].calibrated == again.methods[m].calibrated);
            QCOMPARE(kept.methods[m].temperature[1], again.methods[m].temperature[1]);
        }
    }

    void theFitStopsAtItsBounds()
    {
        Problem right = drawn(100, 5, 1);
        Problem wrong = right;
        for (Eigen::Index i = 0; i < 100; ++i) {
            Eigen::Index best = 0, worst = 0;
            right.scores.row(i).maxCoeff(&best);
            right.scores.row(i).minCoeff(&worst);
            right.labels[std::size_t(i)] = best;
            wrong.labels[std::size_t(i)] = worst;
        }
        const Predictions sure = scored(right, {}, {1}).methods[0];
        const Predictions unsure = scored(wrong, {}, {1}).methods[0];
        for (int h = 0; h < 2; ++h) {
            QVERIFY(sure.temperature[h] < 0.05); // the likelihood is flat long before the bound
            QVERIFY(sure.temperature[h] >= 1e-3);
            QCOMPARE(unsure.temperature[h], 1e3);
        }
    }

    void scoresThatSayNothingKeepTheirTemperature()
    {
        const Problem flat{RowMatrix::Constant(20, 3, 2), std::vector<std::int64_t>(20, 1)};
        QCOMPARE(scored(flat, {}, {1}).methods[0].temperature[0], 1.0);
        const Problem single{RowMatrix::Constant(20, 1, 2), std::vector<std::int64_t>(20, 0)};
        QCOMPARE(scored(single, {}, {1}).methods[0].calibrated[0], 1.0f);
    }

    void oneSampleCannotBeSplit()
    {
        const Problem one{RowMatrix::Constant(1, 3, 2), {1}};
        const Predictions found = scored(one, {}, {1}).methods[0];
        QVERIFY(found.calibrated.empty());
        QCOMPARE(found.predicted.size(), std::size_t(1));
    }

    void theSearchFindsRootsOfAwkwardSlopes_data()
    {
        QTest::addColumn<double>("root");
        for (const double root : {0.002, 0.1, 1.0, 37.0, 900.0})
            QTest::addRow("root at %g", root) << root;
    }
    void theSearchFindsRootsOfAwkwardSlopes()
    {
        QFETCH(double, root);
        // A curvature far too small throws every Newton step as far as it may go.
        BetaSearch search;
        int steps = 0;
        for (; steps < 60 && !search.done(); ++steps) {
            const double away = std::log(search.beta() / root);
            search.step(std::tanh(away) + 1e-3 * away, 1e-9);
        }
        QVERIFY2(std::fabs(search.beta() / root - 1) < 1e-3, qPrintable(QString::number(steps)));
    }
};

QTEST_APPLESS_MAIN(TemperatureTest)
#include "tst_temperature.moc"
