// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "checkpoint/checkpoint.h"
#include "evaluate/headroom.h"
#include "evaluate/headroom_fit.h"
#include "evaluate/headroom_thresholds.h"
#include "evaluate/kept_scores.h"
#include "evaluate/temperature.h"
#include "made_up.h"
#include "rescale/problem.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

RowMatrix matrixOf(const std::vector<std::vector<float>>& rows)
{
    RowMatrix out(static_cast<Eigen::Index>(rows.size()),
                  static_cast<Eigen::Index>(rows[0].size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t c = 0; c < rows[i].size(); ++c)
            out(Eigen::Index(i), Eigen::Index(c)) = rows[i][c];
    return out;
}

AscentPoint plainPoint(Eigen::Index classes)
{
    return {Eigen::ArrayXf::Ones(classes), Eigen::ArrayXf::Zero(classes)};
}

double bestOf(const AscentScores& scores, Adjusted adjusted)
{
    const auto path = ascend(scores, plainPoint(scores.rows.cols()), {adjusted, 20});
    return classMeanAt(scores, path.back());
}

/// Samples of `classes` classes whose own score is higher by `help` on average; the first class
/// shouts: its scores are higher everywhere.
AscentScores someScores(std::int64_t samples, std::int64_t classes, std::uint64_t seed,
                        float help = 0.5F, float shout = 0.4F)
{
    Random random(seed);
    std::vector<std::int32_t> labels;
    for (const std::int64_t label : someLabels(samples, classes, random))
        labels.push_back(static_cast<std::int32_t>(label));
    RowMatrix rows = noise(samples, classes, random);
    for (std::size_t i = 0; i < labels.size(); ++i)
        rows(Eigen::Index(i), labels[i]) += help;
    rows.col(0).array() += shout;
    return ascentScores(rows, labels);
}

/// The best class-mean accuracy over a grid of values for every class but the first, whose value
/// stays: scores are compared with each other, so one is free. For biases exact; for scales with
/// all biases 0 likewise.
double bestOnGrid(const AscentScores& scores, Adjusted adjusted, const std::vector<float>& values)
{
    const Eigen::Index classes = scores.rows.cols();
    AscentPoint point = plainPoint(classes);
    double best = 0;
    std::vector<std::size_t> at(static_cast<std::size_t>(classes), 0);
    for (;;) {
        for (Eigen::Index c = 1; c < classes; ++c)
            (adjusted == Adjusted::Scale ? point.scale : point.bias)[c] =
                values[at[static_cast<std::size_t>(c)]];
        best = std::max(best, classMeanAt(scores, point));
        std::size_t c = 1;
        for (; c < at.size() && ++at[c] == values.size(); ++c)
            at[c] = 0;
        if (c == at.size())
            return best;
    }
}

std::vector<float> gridOf(Adjusted adjusted)
{
    std::vector<float> values;
    for (int i = -12; i <= 12; ++i)
        values.push_back(adjusted == Adjusted::Scale ? std::exp2(static_cast<float>(i) / 4)
                                                     : static_cast<float>(i) / 8);
    return values;
}

} // namespace

class HeadroomTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thresholdsAreSummedOutwards()
    {
        ThresholdSide side;
        side.add({1, 0.5});
        side.add({3, 0.5});
        side.add({2, -0.25});
        side.add({4, -1});
        const Step step = side.best(0.25, 10);
        QCOMPARE(step.gain, 0.75); // between 3 and 4
        QCOMPARE(step.distance, 3.5);
    }

    void nearestOfEqualIntervalsIsTaken()
    {
        ThresholdSide side;
        side.add({1, 0.5});
        side.add({2, -0.5});
        side.add({3, 0.5});
        QCOMPARE(side.best(0.5, 10).distance, 1.5);
        side.clear();
        side.add({1, -0.5});
        side.add({2, 0.5});
        QCOMPARE(side.best(0.5, 10).gain, 0.0); // no better than staying
    }

    void manyLossesDoNotHideAGain()
    {
        ThresholdSide side;
        for (int i = 0; i < 1000; ++i)
            side.add({10.0 + i, -0.1});
        side.add({10.5, 1.0});
        const Step step = side.best(0.1, 5000);
        QVERIFY(std::abs(step.gain - 0.9) < 1e-12);
        QCOMPARE(step.distance, 10.75);
    }

    void shoutingClassIsTurnedDown_data()
    {
        QTest::addColumn<bool>("scale");
        QTest::addRow("scale") << true;
        QTest::addRow("bias") << false;
    }
    void shoutingClassIsTurnedDown()
    {
        QFETCH(bool, scale);
        const Adjusted adjusted = scale ? Adjusted::Scale : Adjusted::Bias;
        // Class 0 wins everything as it is, by 4 to 3 where it should not: 50 % class-mean.
        const AscentScores scores =
            ascentScores(matrixOf({{6, 1}, {6, 2}, {4, 3}, {4, 3}, {4, 3.5}}), {0, 0, 1, 1, 1});
        QCOMPARE(classMeanAt(scores, plainPoint(2)), 0.5);
        const auto path = ascend(scores, plainPoint(2), {adjusted, 20});
        QCOMPARE(classMeanAt(scores, path.back()), 1.0);
        QCOMPARE(path.size(), std::size_t(2)); // one sweep is enough
    }

    void optimumWeighsClassesNotSamples()
    {
        // Lifting class 1 past 2.0 wins its one sample and loses three of ten of class 0.
        std::vector<std::vector<float>> rows{{4, 2}};
        std::vector<std::int32_t> labels{1};
        for (int i = 0; i < 10; ++i) {
            rows.push_back({4, i < 3 ? 3.0F : 1.0F});
            labels.push_back(0);
        }
        const AscentScores scores = ascentScores(matrixOf(rows), labels);
        QCOMPARE(classMeanAt(scores, plainPoint(2)), 0.5);
        QVERIFY(std::abs(bestOf(scores, Adjusted::Scale) - 0.85) < 1e-12);
        QVERIFY(std::abs(bestOf(scores, Adjusted::Bias) - 0.85) < 1e-12);
    }

    void negativeScoresAreScaledTheOtherWay()
    {
        // Class 1's own scores are negative: a smaller scale helps it.
        const AscentScores scores =
            ascentScores(matrixOf({{-1, -3}, {-1, -2}, {5, -4}}), {1, 1, 0});
        const auto path = ascend(scores, plainPoint(2), {Adjusted::Scale, 20});
        QCOMPARE(classMeanAt(scores, path.back()), 1.0);
    }

    void tiesGoToTheLowestClass()
    {
        const AscentScores scores = ascentScores(matrixOf({{1, 1}, {1, 1}}), {0, 1});
        QCOMPARE(classMeanAt(scores, plainPoint(2)), 0.5);
        QCOMPARE(bestOf(scores, Adjusted::Scale), 0.5); // the samples cannot be told apart
        const AscentScores own = ascentScores(matrixOf({{1, 1}}), {1});
        QCOMPARE(classMeanAt(own, plainPoint(2)), 0.0);
        QCOMPARE(bestOf(own, Adjusted::Bias), 1.0); // out of a tie
    }

    void classWithoutSamplesStepsAside()
    {
        const AscentScores scores = ascentScores(matrixOf({{2, 1, 5}, {1, 2, 5}}), {0, 1});
        QCOMPARE(bestOf(scores, Adjusted::Scale), 1.0);
        QCOMPARE(bestOf(scores, Adjusted::Bias), 1.0);
    }

    void everySweepGains_data()
    {
        QTest::addColumn<bool>("scale");
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("classes");
        for (const bool scale : {true, false}) {
            QTest::addRow("%s, 3 classes", scale ? "scale" : "bias") << scale << 60 << 3;
            QTest::addRow("%s, 40 classes", scale ? "scale" : "bias") << scale << 900 << 40;
            QTest::addRow("%s, one class", scale ? "scale" : "bias") << scale << 9 << 1;
            QTest::addRow("%s, fewer samples than classes", scale ? "scale" : "bias")
                << scale << 12 << 30;
        }
    }
    void everySweepGains()
    {
        QFETCH(bool, scale);
        QFETCH(int, samples);
        QFETCH(int, classes);
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const AscentScores scores = someScores(samples, classes, seed);
            const auto path =
                ascend(scores, plainPoint(classes), {scale ? Adjusted::Scale : Adjusted::Bias, 20});
            double last = -1;
            for (const AscentPoint& point : path) {
                const double mean = classMeanAt(scores, point); // counted anew
                QVERIFY(mean > last);
                last = mean;
                QVERIFY(((point.scale >= 1 / 16.0F) && (point.scale <= 16)).all());
            }
            const Eigen::ArrayXf& still = scale ? path.back().bias : path.back().scale;
            QVERIFY((still == (scale ? 0.0F : 1.0F)).all());
        }
    }

    /// Where no single class can gain there may still be a better place for two at once: the grid
    /// may win by that, but never by much, and on these problems seldom.
    void gridSeldomFindsBetter_data()
    {
        QTest::addColumn<bool>("scale");
        QTest::addRow("scale") << true;
        QTest::addRow("bias") << false;
    }
    void gridSeldomFindsBetter()
    {
        QFETCH(bool, scale);
        const Adjusted adjusted = scale ? Adjusted::Scale : Adjusted::Bias;
        double ours = 0, grid = 0;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const AscentScores scores = someScores(40, 3, seed);
            const double found = bestOf(scores, adjusted);
            const double best = bestOnGrid(scores, adjusted, gridOf(adjusted));
            QVERIFY2(found > best - 0.1, qPrintable(QString("%1: %2").arg(found).arg(best)));
            ours += found;
            grid += best;
        }
        QVERIFY(ours > grid - 20 * 0.02);
    }

    void classesOfTwoAreSolvedExactly()
    {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const AscentScores scores = someScores(50, 2, seed);
            QVERIFY(bestOf(scores, Adjusted::Bias) >=
                    bestOnGrid(scores, Adjusted::Bias, gridOf(Adjusted::Bias)) - 1e-12);
        }
    }

    void fitIsNeverBelowWhatItMustNotUndercut()
    {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const AscentScores scores = someScores(200, 8, seed);
            std::vector<NamedPoint> starts{{"none", plainPoint(8)}, {"other", plainPoint(8)}};
            starts[1].point.scale[0] = 0.5F + 0.05F * static_cast<float>(seed);
            std::vector<NamedPoint> others{{"path", plainPoint(8)}};
            others[0].point.scale[0] = 0.7F;
            const FittedPoint fit =
                fitPoint(scores, starts, others, {Adjusted::Scale, seed, 20, {}});
            for (const NamedPoint& start : starts)
                QVERIFY(classMeanAt(scores, fit.point) >= classMeanAt(scores, start.point));
            QCOMPARE(fit.mean, classMeanAt(scores, fit.point));
        }
    }

    void stoppingSparesNewSamplesTheNoise()
    {
        // No class shouts, so there is nothing to gain but noise: 5 samples a class of it.
        double start = 0, stopped = 0, byHeart = 0;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const AscentScores scores = someScores(150, 30, seed, 0.8F, 0);
            const AscentScores fresh = someScores(1500, 30, 100 + seed, 0.8F, 0);
            const NamedPoint plain{"none", plainPoint(30)};
            const auto path = ascend(scores, plain.point, {Adjusted::Bias, 20});
            const FittedPoint fit = fitPoint(scores, {plain}, {}, {Adjusted::Bias, seed, 20, {}});
            start += classMeanAt(fresh, plain.point) / 10;
            stopped += classMeanAt(fresh, fit.point) / 10;
            byHeart += classMeanAt(fresh, path.back()) / 10;
        }
        QVERIFY2(byHeart < start - 0.02, qPrintable(QString("%1 %2").arg(byHeart).arg(start)));
        QVERIFY2(stopped > byHeart, qPrintable(QString("%1 %2").arg(stopped).arg(byHeart)));
        QVERIFY2(stopped > start - 0.02, qPrintable(QString("%1 %2").arg(stopped).arg(start)));
    }

    void resultIsCrossFitted()
    {
        Random random(4);
        const std::int64_t classes = 5;
        std::vector<std::int64_t> labels = someLabels(600, classes, random);
        RowMatrix rows = noise(600, classes, random);
        for (std::size_t i = 0; i < labels.size(); ++i)
            rows(Eigen::Index(i), labels[i]) += 0.5F;
        const FeatureSet features = featuresOf(rows, labels);
        RowMatrix weight = RowMatrix::Identity(classes, classes);
        weight(0, 0) = 2; // a head class that shouts
        const ClassifierHead head = headOf(weight, std::vector<float>(5, 0.1F));
        const ShotGroups groups = groupClasses({500, 50, 40, 5, 4}, parseShotRule("kang"));
        HeadroomStarts starts;
        starts.projection =
            rescalingOf({0.6, 1.2, 1.2, 1.2, 1.2}, std::vector<double>(5, double(0.1F)), "samn");
        HeadroomOptions options;
        options.replicates = 50;
        const HeadroomResult found =
            measureHeadroom(features, head, starts, groups, *makeEigenScorer(), options);
        const auto halves = splitHalves(600, 0);
        for (const auto* kind : {&found.scale, &found.bias}) {
            const Headroom& headroom = kind->value();
            for (int half = 0; half < 2; ++half) {
                const HeadroomFit& fit = headroom.fits[std::size_t(half)];
                QVERIFY(*fit.fitted >= *fit.projection && *fit.fitted >= *fit.unchanged);
                ScoreOptions plain;
                plain.temperature = false;
                const auto all =
                    predictAll(features, head, {fit.rescaling}, *makeEigenScorer(), plain)
                        .methods[0]
                        .predicted;
                Predictions own;
                std::vector<std::int64_t> ownLabels;
                for (std::size_t i = 0; i < labels.size(); ++i)
                    if (halves[i] == half) {
                        own.predicted.push_back(all[i]);
                        ownLabels.push_back(labels[i]);
                    } else {
                        QCOMPARE(headroom.predictions.predicted[i], all[i]);
                    }
                QVERIFY(std::abs(*measureAccuracy(own, ownLabels, groups).classMean - *fit.fitted) <
                        1e-9);
            }
            QCOMPARE(headroom.accuracy.top1,
                     measureAccuracy(headroom.predictions, labels, groups).top1);
            QVERIFY(headroom.comparison.classMean->difference > 0);
        }
        for (const HeadroomFit& fit : found.scale->fits)
            QCOMPARE(fit.rescaling.bias, std::vector<double>(5, double(0.1F)));
    }

    void cosineHeadHasNoHeadroomOfScales()
    {
        Random random(4);
        ClassifierHead head = headOf(RowMatrix::Identity(3, 3), std::vector<float>(3, 0));
        head.source.kind = HeadKind::Cosine;
        const FeatureSet features = featuresOf(noise(50, 3, random), someLabels(50, 3, random));
        const ShotGroups groups = groupClasses({500, 50, 5}, parseShotRule("kang"));
        const HeadroomResult found =
            measureHeadroom(features, head, {}, groups, *makeEigenScorer());
        QVERIFY(!found.scale && found.bias);
        QVERIFY(!found.bias->fits[0].projection);
    }

    void tooFewSamplesSayNothing()
    {
        const ClassifierHead head = headOf(RowMatrix::Identity(2, 2), {0, 0});
        const FeatureSet features = featuresOf(RowMatrix::Ones(3, 2), {0, 1, 0});
        const HeadroomResult found = measureHeadroom(
            features, head, {}, groupClasses({5, 5}, parseShotRule("kang")), *makeEigenScorer());
        QVERIFY(!found.scale && !found.bias);
    }

    void memoryIsBounded()
    {
        const ClassifierHead head = headOf(RowMatrix::Identity(2, 2), {0, 0});
        const FeatureSet features =
            featuresOf(RowMatrix::Ones(40, 2), std::vector<std::int64_t>(40, 1));
        HeadroomOptions options;
        options.mostBytes = 100;
        QCOMPARE(errorOf([&] {
                     measureHeadroom(features, head, {},
                                     groupClasses({5, 5}, parseShotRule("kang")),
                                     *makeEigenScorer(), options);
                 }),
                 std::string("headroom of 40 samples and 2 classes needs 1 MiB of memory, more "
                             "than the 0 MiB it may take; give fewer samples"));
        QCOMPARE(headroomBytes(50000, 1000), std::int64_t(25000) * 1000 * 16);
    }

    void scoresThatAreNotFiniteAreRefused()
    {
        const ClassifierHead head = headOf(RowMatrix::Identity(2, 2), {0, 0});
        RowMatrix rows = RowMatrix::Ones(8, 2);
        rows(3, 1) = std::nanf("");
        const FeatureSet features = featuresOf(rows, std::vector<std::int64_t>(8, 1));
        QVERIFY(QString::fromStdString(errorOf([&] {
                    measureHeadroom(features, head, {}, groupClasses({5, 5}, parseShotRule("kang")),
                                    *makeEigenScorer());
                })).startsWith("made-up.npz: scores are not finite"));
    }

    void itCanBeCancelled()
    {
        Random random(1);
        const ClassifierHead head = headOf(RowMatrix::Identity(3, 3), {0, 0, 0});
        const FeatureSet features = featuresOf(noise(90, 3, random), someLabels(90, 3, random));
        const ShotGroups groups = groupClasses({5, 5, 5}, parseShotRule("kang"));
        int calls = 0;
        QVERIFY_EXCEPTION_THROWN(
            measureHeadroom(features, head, {}, groups, *makeEigenScorer(), {},
                            [&](std::int64_t, std::int64_t) { return ++calls < 5; }),
            Cancelled);
    }

    void realHeadIsNeverBelowItsProjection_data()
    {
        QTest::addColumn<int>("seed");
        for (const int seed : {0, 1, 2})
            QTest::addRow("halves of seed %d", seed) << seed;
    }
    void realHeadIsNeverBelowItsProjection()
    {
        MONOTAIL_NEEDS_SHARED();
        QFETCH(int, seed);
        const auto folder = sharedFolder() / "data/tiny-imagenet-lt";
        const auto checkpoint = openCheckpoint(folder / "checkpoint.pth.tar");
        const std::string counts = (folder / "train.txt").string();
        const CountedHead counted =
            withClasses(*checkpoint, {}, chooseHead(*checkpoint, HeadQuery{}), counts, {});
        const auto head = std::make_shared<ClassifierHead>(readHead(*checkpoint, counted.head));
        const ClassProfile profile = profileHead(*head, counted.classes, {});
        const auto features = std::make_shared<FeatureSet>(
            openFeatures((folder / "features-val.safetensors").string()));
        const KeptScores kept(features, head, std::shared_ptr<Scorer>(makeEigenScorer()));
        const HeadroomStarts starts = headroomStarts(*head, counted.classes, profile);
        HeadroomOptions options;
        options.seed = static_cast<std::uint64_t>(seed);
        options.replicates = 0;
        const HeadroomResult found = measureHeadroom(
            *features, *head, starts, groupClasses(counted.classes.counts, {}), kept, options);
        for (const auto* kind : {&found.scale, &found.bias})
            for (const HeadroomFit& fit : (*kind)->fits) {
                QVERIFY(*fit.fitted >= *fit.projection);
                QVERIFY(*fit.fitted >= *fit.unchanged);
                // Fitting pays on samples not fitted on, too: more than noise (0.4).
                QVERIFY(*fit.other > *found.scale->fits[0].unchanged + 1);
            }
        QVERIFY(*found.scale->accuracy.classMean > 27);
        QVERIFY(*found.bias->accuracy.classMean > 27);
    }
};

QTEST_APPLESS_MAIN(HeadroomTest)
#include "tst_headroom.moc"
