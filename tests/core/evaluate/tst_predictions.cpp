// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

const ScoreOptions plain{false, 0, 0};

RowMatrix row(std::initializer_list<float> values)
{
    RowMatrix out(1, static_cast<Eigen::Index>(values.size()));
    std::copy(values.begin(), values.end(), out.data());
    return out;
}

/// Scores z itself: an identity head without bias.
ScoreResult scoreRow(const RowMatrix& z, std::int64_t label, std::vector<double> scale = {},
                     std::vector<double> bias = {})
{
    const auto classes = static_cast<std::size_t>(z.cols());
    const ClassifierHead head =
        headOf(RowMatrix::Identity(z.cols(), z.cols()), std::vector<float>(classes, 0));
    scale.resize(classes, 1);
    bias.resize(classes, 0);
    return predictAll(featuresOf(z, {label}), head, {rescalingOf(scale, bias)}, *makeEigenScorer(),
                      plain);
}

/// Every answer the slow way, from a full sort in double precision.
struct SlowAnswer
{
    std::int64_t predicted;
    double confidence;
    bool inTopFive;
};
SlowAnswer slowly(const std::vector<float>& scores, std::int64_t label)
{
    std::vector<std::pair<double, std::int64_t>> order; // best first, lowest class on ties
    double sum = 0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
        order.emplace_back(-scores[c], c);
        sum += std::exp(double(scores[c]));
    }
    std::sort(order.begin(), order.end());
    bool inTopFive = false;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, order.size()); ++i)
        inTopFive = inTopFive || order[i].second == label;
    return {order[0].second, std::exp(-order[0].first) / sum, inTopFive};
}

} // namespace

class PredictionsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scoresAreRoundedAfterTheProductAndAfterTheSum()
    {
        // 1 + 2^-12 squared is 1 + 2^-11 + 2^-24: the last term is lost in a rounded product but
        // would survive in a fused one, and then decide against class 1.
        const float a = 1 + 0x1p-12f;
        const ScoreResult result =
            scoreRow(row({a, 0x1p-24f}), 0, {double(a), 1}, {-(1 + 0x1p-11), 0});
        QCOMPARE(result.methods[0].predicted[0], 1);
        QCOMPARE(result.methods[0].nearTies, std::int64_t(0));
    }

    void scaleAndBiasAreRoundedToFloatFirst()
    {
        // In float32 0.1 is above a tenth, so 10 * 0.1 - 1 rounds to 0, a tie with class 0.
        const ScoreResult result = scoreRow(row({0, 10}), 0, {1, 0.1}, {0, -1});
        QCOMPARE(result.methods[0].predicted[0], 0);
    }

    void tiesGoToTheLowestClass()
    {
        QCOMPARE(scoreRow(row({1, 3, 3, 2}), 2).methods[0].predicted[0], 1);
        const RowMatrix equal = RowMatrix::Constant(1, 7, 2);
        for (std::int64_t label = 0; label < 7; ++label) {
            const Predictions one = scoreRow(equal, label).methods[0];
            QCOMPARE(one.predicted[0], 0);
            QCOMPARE(one.inTopFive[0] != 0, label < 5);
            QVERIFY(std::fabs(one.confidence[0] - 1.0f / 7) < 1e-7f);
            QCOMPARE(one.nearTies, std::int64_t(1));
        }
    }

    void nearTiesAreCountedByMarginOverTheLargestScore()
    {
        const auto ties = [](float best, float second, float low) {
            return scoreRow(row({low, second, best}), 0).methods[0].nearTies;
        };
        QCOMPARE(ties(1, 0.99f, -5), std::int64_t(0));
        QCOMPARE(ties(1, 0.99999f, 0), std::int64_t(0)); // just above: 1.001e-5
        QCOMPARE(ties(1, 0.999995f, 0), std::int64_t(1));
        QCOMPARE(ties(1, 0.99f, -2000), std::int64_t(1)); // the largest |score| sets the scale
        QCOMPARE(scoreRow(row({4}), 0).methods[0].nearTies, std::int64_t(0));
    }

    void largeScoresDoNotOverflowTheSoftmax()
    {
        const Predictions one = scoreRow(row({3000, 2999, -3e38f}), 0).methods[0];
        QVERIFY(std::fabs(one.confidence[0] - 1 / (1 + std::exp(-1.0f))) < 1e-6f);
        QCOMPARE(scoreRow(row({-5}), 0).methods[0].confidence[0], 1.0f);
    }

    void everySampleAgreesWithASlowSort_data()
    {
        QTest::addColumn<int>("classes");
        for (const int classes : {1, 2, 5, 6, 37, 300, 1000})
            QTest::addRow("%d classes", classes) << classes;
    }
    void everySampleAgreesWithASlowSort()
    {
        QFETCH(int, classes);
        Random random(7);
        const int samples = 60;
        RowMatrix z = noise(samples, classes, random, 6);
        // Halves of integers make many exact ties.
        for (Eigen::Index i = 0; i < z.size() / 2; ++i)
            z.data()[i] = std::round(2 * z.data()[i]) / 2;
        const auto labels = someLabels(samples, classes, random);
        const RowMatrix scales = noise(2, classes, random);
        std::vector<Rescaling> methods;
        for (int m = 0; m < 2; ++m) {
            methods.push_back(rescalingOf({}, {}));
            for (int c = 0; c < classes; ++c) {
                methods.back().scale.push_back(m == 0 ? 1 : 1.5 + scales(0, c));
                methods.back().bias.push_back(m == 0 ? 0 : scales(1, c));
            }
        }
        const ClassifierHead head = headOf(RowMatrix::Identity(classes, classes),
                                           std::vector<float>(std::size_t(classes), 0));
        const ScoreResult result =
            predictAll(featuresOf(z, labels), head, methods, *makeEigenScorer(), plain);
        for (std::size_t m = 0; m < 2; ++m)
            for (int i = 0; i < samples; ++i) {
                std::vector<float> scores;
                for (int c = 0; c < classes; ++c) {
                    const auto at = std::size_t(c);
                    const float product = float(methods[m].scale[at]) * z(i, c);
                    scores.push_back(product + float(methods[m].bias[at]));
                }
                const auto at = std::size_t(i);
                const SlowAnswer expected = slowly(scores, labels[at]);
                QCOMPARE(std::int64_t(result.methods[m].predicted[at]), expected.predicted);
                QCOMPARE(result.methods[m].inTopFive[at] != 0, expected.inTopFive);
                QVERIFY(std::fabs(result.methods[m].confidence[at] / expected.confidence - 1) <
                        2e-6);
            }
    }

    void ownNegativeScoresAreSharedByClassWithoutBias()
    {
        RowMatrix z(4, 3);
        z << -1, 5, 5, 2, 5, 5, 0, -1, 0, 0, -2, 0;
        const ClassifierHead head = headOf(RowMatrix::Identity(3, 3), {100, 100, 100});
        const ScoreResult result =
            predictAll(featuresOf(z, {0, 0, 1, 1}), head, {rescalingOf({-1, -1, -1}, {9, 9, 9})},
                       *makeEigenScorer(), plain);
        QCOMPARE(result.negativeOwnShare[0], 0.5);
        QCOMPARE(result.negativeOwnShare[1], 1.0);
        QVERIFY(std::isnan(result.negativeOwnShare[2]));
        QCOMPARE(result.device, std::string("CPU (Eigen)"));
    }

    void anEmptyEvaluationGivesEmptyPredictions()
    {
        const ClassifierHead head = headOf(RowMatrix::Identity(3, 3), {0, 0, 0});
        const ScoreResult result =
            predictAll(featuresOf(RowMatrix(0, 3), {}), head, {rescalingOf({1, 1, 1}, {0, 0, 0})},
                       *makeEigenScorer(), {});
        QCOMPARE(result.methods.size(), std::size_t(1));
        QVERIFY(result.methods[0].predicted.empty() && result.methods[0].calibrated.empty());
    }

    void overflowNamesTheMethod()
    {
        const RowMatrix z = row({1e30f, 1});
        const ClassifierHead head = headOf(RowMatrix::Identity(2, 2), {0, 0});
        const auto run = [&](const RowMatrix& features, double scale) {
            return errorOf([&] {
                predictAll(
                    featuresOf(features, {0}), head,
                    {rescalingOf({1, 1}, {0, 0}, "none"), rescalingOf({scale, 1}, {0, 0}, "tau=9")},
                    *makeEigenScorer(), plain);
            });
        };
        QCOMPARE(run(z, 1e30), std::string("method tau=9: the scores of sample 0 leave the range "
                                           "of float32; choose smaller scales"));
        QCOMPARE(run(row({std::nanf(""), 1}), 1),
                 std::string("made-up.npz: the scores of sample 0 are not finite under the head as "
                             "it is; its features hold NaN, infinite or far too large numbers"));
    }

    void shapesThatDoNotFitAreRefused()
    {
        const ClassifierHead head = headOf(RowMatrix::Identity(3, 3), {0, 0, 0});
        const auto run = [&](const FeatureSet& features, const Rescaling& rescaling) {
            return errorOf(
                [&] { predictAll(features, head, {rescaling}, *makeEigenScorer(), plain); });
        };
        const Rescaling good = rescalingOf({1, 1, 1}, {0, 0, 0});
        QCOMPARE(run(featuresOf(RowMatrix::Zero(1, 4), {0}), good),
                 std::string("made-up.npz: expected 1 features of width 3 for this head and these "
                             "labels, found 1 of width 4"));
        QCOMPARE(run(featuresOf(RowMatrix::Zero(2, 3), {0, 3}), good),
                 std::string("made-up.npz: the label of sample 1 is 3, but the head has classes 0 "
                             "to 2; give the features of this head's data"));
        QCOMPARE(run(featuresOf(RowMatrix::Zero(1, 3), {-1}), good),
                 std::string("made-up.npz: the label of sample 0 is -1, but the head has classes "
                             "0 to 2; give the features of this head's data"));
        QCOMPARE(run(featuresOf(RowMatrix::Zero(1, 3), {0}), rescalingOf({1, 1}, {0, 0, 0})),
                 std::string("scales: 2 scales and 3 biases for a head of 3 classes"));
    }

    void cancellingStopsAnywhere()
    {
        Random random(5);
        const RowMatrix z = noise(50, 4, random);
        const auto labels = someLabels(50, 4, random);
        const ClassifierHead head = headOf(RowMatrix::Identity(4, 4), {0, 0, 0, 0});
        const Rescaling none = rescalingOf({1, 1, 1, 1}, {0, 0, 0, 0});
        for (const std::int64_t kept : {std::int64_t(0), std::int64_t(1) << 20})
            for (int stop = 1; stop < 4; ++stop) {
                int calls = 0;
                const ScoreOptions options{true, 0, kept};
                const auto run = [&] {
                    predictAll(featuresOf(z, labels), head, {none}, *makeEigenScorer(), options,
                               [&](std::int64_t, std::int64_t) { return ++calls < stop; });
                };
                QVERIFY_THROWS_EXCEPTION(Cancelled, run());
                QCOMPARE(calls, stop);
            }
    }

    void progressNeverGoesBackOrPastItsTotal()
    {
        Random random(5);
        const ClassifierHead head = headOf(RowMatrix::Identity(4, 4), {0, 0, 0, 0});
        std::int64_t last = 0, whole = -1;
        bool steady = true;
        predictAll(featuresOf(noise(50, 4, random), someLabels(50, 4, random)), head,
                   {rescalingOf({1, 1, 1, 1}, {0, 0, 0, 0})}, *makeEigenScorer(), {},
                   [&](std::int64_t done, std::int64_t total) {
                       steady =
                           steady && done >= last && done <= total && (whole < 0 || whole == total);
                       last = done;
                       whole = total;
                       return true;
                   });
        QVERIFY(steady && last > 50);
    }
};

QTEST_APPLESS_MAIN(PredictionsTest)
#include "tst_predictions.moc"
