// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "evaluate/accuracy.h"
#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

Predictions predictionsOf(std::vector<std::int32_t> predicted, std::vector<float> confidence = {})
{
    Predictions out;
    const std::size_t samples = predicted.size();
    out.predicted = std::move(predicted);
    out.confidence = std::move(confidence);
    out.confidence.resize(samples, 0.5f);
    out.inTopFive.resize(samples, 1);
    return out;
}

ShotGroups kang(const std::vector<std::int64_t>& counts)
{
    return groupClasses(counts, ShotRule{});
}

/// Six classes of two samples and a seventh of none. Counts 200 150 | 50 40 | 10 5 | 1.
const std::vector<std::int64_t> counts{200, 150, 50, 40, 10, 5, 1};
const std::vector<std::int64_t> labels{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
const std::vector<std::int32_t> predicted{0, 0, 1, 0, 2, 0, 3, 3, 4, 1, 6, 3};

AccuracyReport example()
{
    return measureAccuracy(predictionsOf(predicted), labels, kang(counts));
}

#define COMPARE_RATE(actual, expected)                                                             \
    QVERIFY((actual).has_value());                                                                 \
    QVERIFY2(std::fabs(*(actual) - (expected)) < 1e-9,                                             \
             qPrintable(QString::number(*(actual), 'g', 12)))

} // namespace

class AccuracyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFigureByHand()
    {
        const AccuracyReport report = example();
        // right of two: 2 1 1 2 1 0
        COMPARE_RATE(report.top1, 700.0 / 12);
        COMPARE_RATE(report.classMean, 350.0 / 6);
        COMPARE_RATE(report.groups[0], 75.0);
        COMPARE_RATE(report.groups[1], 75.0);
        COMPARE_RATE(report.groups[2], 25.0); // classes 4 and 5; class 6 has no samples
        COMPARE_RATE(report.harmonic, 3 / (1 / 75.0 + 1 / 75.0 + 1 / 25.0));
        COMPARE_RATE(report.top5, 100.0);
        QCOMPARE(report.worstClass.value(), std::int64_t(5));
        COMPARE_RATE(report.worstRecall, 0.0);
        QVERIFY((report.worstDecileClasses == std::vector<std::int64_t>{5}));
        COMPARE_RATE(report.worstDecile, 0.0);
        COMPARE_RATE(report.tailAsHead, 25.0); // of 4 samples one went to class 1
    }

    void classFiguresByHand()
    {
        const AccuracyReport report = example();
        const ClassAccuracy& first = report.perClass[0];
        QCOMPARE(first.total, std::int64_t(2));
        QCOMPARE(first.correct, std::int64_t(2));
        QCOMPARE(first.predicted, std::int64_t(4));
        COMPARE_RATE(first.recall, 100.0);
        COMPARE_RATE(first.precision, 50.0);
        COMPARE_RATE(first.f1, 200.0 / 3);
        COMPARE_RATE(first.high, 100.0);
        QVERIFY(std::fabs(*first.low - 34.2380227) < 1e-6); // 2 / (2 + z^2)
        const ClassAccuracy& neverPredicted = report.perClass[5];
        COMPARE_RATE(neverPredicted.recall, 0.0);
        QVERIFY(!neverPredicted.precision);
        COMPARE_RATE(neverPredicted.f1, 0.0);
        const ClassAccuracy& withoutSamples = report.perClass[6];
        QVERIFY(!withoutSamples.recall && !withoutSamples.f1 && !withoutSamples.low);
        COMPARE_RATE(withoutSamples.precision, 0.0);
    }

    void anEmptyEvaluationIsAllNotAvailable()
    {
        const AccuracyReport report = measureAccuracy(predictionsOf({}), {}, kang(counts));
        QVERIFY(!report.top1 && !report.classMean && !report.top5 && !report.harmonic);
        QVERIFY(!report.worstClass && !report.worstRecall && !report.worstDecile);
        QVERIFY(!report.tailAsHead && !report.calibration.ece && !report.fitted);
        for (int g = 0; g < 3; ++g)
            QVERIFY(!report.groups[std::size_t(g)] && !report.calibration.groups[std::size_t(g)]);
        QCOMPARE(report.perClass.size(), std::size_t(7));
    }

    void topFiveNeedsSixClasses()
    {
        const Predictions one = predictionsOf({0});
        QVERIFY(!measureAccuracy(one, {0}, kang({9, 9, 9, 9, 9})).top5);
        QVERIFY(measureAccuracy(one, {0}, kang({9, 9, 9, 9, 9, 9})).top5);
    }

    void aGroupOfNoAccuracyMakesTheHarmonicMeanZero()
    {
        const ShotGroups groups = kang({200, 50});
        COMPARE_RATE(measureAccuracy(predictionsOf({0, 0}), {0, 1}, groups).harmonic, 0.0);
        // an empty group takes no part
        COMPARE_RATE(measureAccuracy(predictionsOf({0, 1}), {0, 1}, groups).harmonic, 100.0);
        QVERIFY(!measureAccuracy(predictionsOf({0, 1}), {0, 1}, groups).groups[2]);
    }

    void theWorstDecileIsRoundedUpAndTiesGoToTheLowestClass()
    {
        std::vector<std::int64_t> own;
        std::vector<std::int32_t> said;
        for (int c = 0; c < 12; ++c) { // classes 3, 7 and 9 are always wrong; class 12 is absent
            own.push_back(c);
            said.push_back(c == 3 || c == 7 || c == 9 ? 0 : c);
        }
        const AccuracyReport report =
            measureAccuracy(predictionsOf(said), own, kang(std::vector<std::int64_t>(13, 10)));
        QVERIFY((report.worstDecileClasses == std::vector<std::int64_t>{3, 7}));
        QCOMPARE(report.worstClass.value(), std::int64_t(3));
        own.resize(10);
        said.resize(10);
        QVERIFY((measureAccuracy(predictionsOf(said), own, kang(std::vector<std::int64_t>(13, 10)))
                     .worstDecileClasses == std::vector<std::int64_t>{3}));
    }

    void calibrationErrorByHand()
    {
        // Bin 7 covers (7/15, 8/15]: confidences .5 and .52, one right: |1 - 1.02| = .02
        // Bin 14: .95 right: .05. Bin 0: confidence 0, wrong: 0. Sum .07 over 4 samples.
        const Predictions one = predictionsOf({0, 1, 2, 0}, {0.5f, 0.52f, 0.95f, 0.0f});
        const AccuracyReport report = measureAccuracy(one, {0, 2, 2, 1}, kang({200, 50, 5}));
        QVERIFY(std::fabs(*report.calibration.ece - 1.75) < 1e-5);
        QVERIFY(std::fabs(*report.calibration.groups[0] - 50) < 1e-5);   // .5, right
        QVERIFY(std::fabs(*report.calibration.groups[1] - 0) < 1e-5);    // 0, wrong
        QVERIFY(std::fabs(*report.calibration.groups[2] - 28.5) < 1e-5); // (.52 + .05) / 2
        QVERIFY(!report.fitted);
    }

    void theFittedErrorUsesTheCalibratedConfidences()
    {
        Predictions one = predictionsOf({0, 1}, {0.9f, 0.9f});
        one.calibrated = {0.5f, 0.5f};
        const AccuracyReport report = measureAccuracy(one, {0, 0}, kang({200, 50}));
        QVERIFY(std::fabs(*report.calibration.ece - 40) < 1e-4);
        QVERIFY(std::fabs(*report.fitted->ece - 0) < 1e-9);
    }

    void binEdgesBelongToTheBinBelow()
    {
        // 0.2 = 3/15 as float is above it and opens bin 3; .1999 is in bin 2: separate bins, so
        // their errors do not cancel: (.8 + .1999) / 2.
        const Predictions one = predictionsOf({0, 1}, {0.2f, 0.1999f});
        const double apart = *measureAccuracy(one, {0, 0}, kang({200, 50})).calibration.ece;
        QVERIFY(std::fabs(apart - 49.995) < 1e-3);
        // exactly 1 belongs to the last bin, with .95
        const Predictions two = predictionsOf({0, 1}, {1.0f, 0.95f});
        const double together = *measureAccuracy(two, {0, 0}, kang({200, 50})).calibration.ece;
        QVERIFY(std::fabs(together - 47.5) < 1e-3);
    }

    void noHeadClassesMeansNoTailAsHead()
    {
        QVERIFY(!measureAccuracy(predictionsOf({0, 1}), {0, 1}, kang({5, 5})).tailAsHead);
        QVERIFY(!measureAccuracy(predictionsOf({0, 1}), {0, 1}, kang({200, 200})).tailAsHead);
    }

    void sizesMustAgree()
    {
        QCOMPARE(errorOf([] {
                     measureAccuracy(predictionsOf({0}), {0, 1}, kang({5, 5}));
                 }),
                 std::string("predictions of 1 samples do not fit 2 labels"));
        QCOMPARE(errorOf([] {
                     accuracyUnderPrior(example(), {1, 2}, TestPrior::Head);
                 }),
                 std::string("a prior of 2 classes does not fit a report of 7 classes"));
    }

    void priorsWeighTheClasses()
    {
        const AccuracyReport report = example(); // recalls 100 50 50 100 50 0, none for class 6
        COMPARE_RATE(accuracyUnderPrior(report, counts, TestPrior::Head),
                     (20000 + 7500 + 2500 + 4000 + 500) / 455.0);
        COMPARE_RATE(accuracyUnderPrior(report, counts, TestPrior::Uniform), 350.0 / 6);
        // reversed: 1 5 10 40 50 150 (200 for class 6)
        COMPARE_RATE(accuracyUnderPrior(report, counts, TestPrior::Tail),
                     (100 + 250 + 500 + 4000 + 2500) / 256.0);
        QVERIFY(!accuracyUnderPrior(report, std::vector<std::int64_t>(7, 0), TestPrior::Head));
    }

    void priorOfAnyStrengthLiesBetween()
    {
        const AccuracyReport report = example(); // recalls 100 50 50 100 50 0, none for class 6
        COMPARE_RATE(accuracyUnderPrior(report, counts, 1.0),
                     *accuracyUnderPrior(report, counts, TestPrior::Head));
        COMPARE_RATE(accuracyUnderPrior(report, counts, 0.0), *report.classMean);
        double sum = 0, total = 0;
        const std::vector<double> recalls{100, 50, 50, 100, 50, 0};
        for (std::size_t c = 0; c < recalls.size(); ++c) {
            sum += recalls[c] / std::sqrt(double(counts[c]));
            total += 1 / std::sqrt(double(counts[c]));
        }
        COMPARE_RATE(accuracyUnderPrior(report, counts, -0.5), sum / total);
    }

    void classWithoutTrainingImagesWeighsAsHalfAnImage()
    {
        const AccuracyReport report =
            measureAccuracy(predictionsOf({0, 0}), {0, 1}, kang({4, 0})); // recalls 100, 0
        COMPARE_RATE(accuracyUnderPrior(report, {4, 0}, 1.0), 100 * 4 / 4.5);
        COMPARE_RATE(accuracyUnderPrior(report, {4, 0}, -1.0), 100 * 0.25 / 2.25);
    }

    void priorsHaveBounds_data()
    {
        QTest::addColumn<double>("strength");
        QTest::addRow("too strong") << 1.5;
        QTest::addRow("too weak") << -1.5;
        QTest::addRow("no number") << std::nan("");
    }
    void priorsHaveBounds()
    {
        QFETCH(double, strength);
        QVERIFY(QString::fromStdString(
                    errorOf([&] { accuracyUnderPrior(example(), counts, strength); }))
                    .endsWith("a strength between -1 (tail-heavy) and 1 (the training counts) is "
                              "expected"));
    }

    void groupConfusionIsPartOfTheReport()
    {
        const AccuracyReport report =
            measureAccuracy(predictionsOf({0, 0}), {0, 1}, kang({400, 4}));
        QCOMPARE(report.confusion.counts[2][0], std::int64_t(1));
        QCOMPARE(*report.confusion.share(Shot::Few, Shot::Many), *report.tailAsHead);
    }

    void theReversedPriorDoesNotDependOnNumbering()
    {
        // counts 9 5 5 1 reversed: 1, 5, 5, 9. With counts 9 1 1 1: 1, then (9 + 1 + 1) / 3 each.
        const Predictions one = predictionsOf({0, 1, 0, 0});
        const std::vector<std::int64_t> own{0, 1, 2, 3};
        const AccuracyReport report = measureAccuracy(one, own, kang({9, 5, 5, 1}));
        COMPARE_RATE(accuracyUnderPrior(report, {9, 5, 5, 1}, TestPrior::Tail), 600.0 / 20);
        COMPARE_RATE(accuracyUnderPrior(report, {9, 1, 1, 1}, TestPrior::Tail),
                     100 * (1 + 11.0 / 3) / 12);
    }
};

QTEST_APPLESS_MAIN(AccuracyTest)
#include "tst_accuracy.moc"
