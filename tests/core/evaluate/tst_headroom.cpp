// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "checkpoint/checkpoint.h"
#include "evaluate/headroom.h"
#include "evaluate/kept_scores.h"
#include "evaluate/temperature.h"
#include "made_up.h"
#include "rescale/problem.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr std::int64_t classes = 5;

/// A head class that shouts, the same small bias for all, and a projection that helps.
struct Shouting
{
    ClassifierHead head;
    FeatureSet features;
    ShotGroups groups = groupClasses({500, 50, 40, 5, 4}, parseShotRule("kang"));
    HeadroomStarts starts;
    std::vector<double> bias = std::vector<double>(classes, double(0.1F));

    Shouting()
    {
        Random random(4);
        std::vector<std::int64_t> labels = someLabels(600, classes, random);
        RowMatrix rows = noise(600, classes, random);
        for (std::size_t i = 0; i < labels.size(); ++i)
            rows(Eigen::Index(i), labels[i]) += 0.5F;
        features = featuresOf(rows, labels);
        RowMatrix weight = RowMatrix::Identity(classes, classes);
        weight(0, 0) = 2;
        head = headOf(weight, std::vector<float>(classes, 0.1F));
        starts.projection = rescalingOf({0.6, 1.2, 1.2, 1.2, 1.2}, bias, "samn");
    }

    HeadroomResult measured() const
    {
        HeadroomOptions options;
        options.replicates = 50;
        return measureHeadroom(features, head, starts, groups, *makeEigenScorer(), options);
    }

    std::vector<std::int32_t> predictedUnder(const Rescaling& rescaling) const
    {
        ScoreOptions plain;
        plain.temperature = false;
        return predictAll(features, head, {rescaling}, *makeEigenScorer(), plain)
            .methods[0]
            .predicted;
    }

    /// Class-mean accuracy on one half.
    double meanOf(const std::vector<std::int32_t>& predicted, int half) const
    {
        const auto halves = splitHalves(features.samples(), 0);
        Predictions own;
        std::vector<std::int64_t> labels;
        for (std::size_t i = 0; i < halves.size(); ++i)
            if (halves[i] == half) {
                own.predicted.push_back(predicted[i]);
                labels.push_back(features.labels[i]);
            }
        return *measureAccuracy(own, labels, groups).classMean;
    }
};

} // namespace

class HeadroomTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everySampleIsScoredUnderTheFitThatHasNotSeenIt()
    {
        const Shouting problem;
        const HeadroomResult found = problem.measured();
        const auto halves = splitHalves(problem.features.samples(), 0);
        for (const auto* kind : {&found.scale, &found.bias})
            for (int half = 0; half < 2; ++half) {
                const HeadroomFit& fit = (*kind)->fits[std::size_t(half)];
                const auto all = problem.predictedUnder(fit.rescaling);
                for (std::size_t i = 0; i < halves.size(); ++i)
                    if (halves[i] != half)
                        QCOMPARE((*kind)->predictions.predicted[i], all[i]);
                QVERIFY(std::abs(problem.meanOf(all, half) - *fit.fitted) < 1e-9);
                QVERIFY(std::abs(problem.meanOf(all, 1 - half) - *fit.other) < 1e-9);
            }
    }

    void fittedHalfIsNeverBelowTheHeadOrItsProjection()
    {
        const Shouting problem;
        const HeadroomResult found = problem.measured();
        for (const auto* kind : {&found.scale, &found.bias})
            for (int half = 0; half < 2; ++half) {
                const HeadroomFit& fit = (*kind)->fits[std::size_t(half)];
                const auto projected = problem.predictedUnder(*problem.starts.projection);
                QVERIFY(std::abs(problem.meanOf(projected, half) - *fit.projection) < 1e-9);
                QVERIFY(*fit.fitted >= *fit.projection && *fit.fitted >= *fit.unchanged);
            }
    }

    void accuracyIsOfTheCrossFittedPredictions()
    {
        const Shouting problem;
        const HeadroomResult found = problem.measured();
        for (const auto* kind : {&found.scale, &found.bias}) {
            const AccuracyReport report =
                measureAccuracy((*kind)->predictions, problem.features.labels, problem.groups);
            QCOMPARE((*kind)->accuracy.top1, report.top1);
            QCOMPARE((*kind)->accuracy.groups, report.groups);
            QVERIFY((*kind)->comparison.classMean->low > 0); // to turn the shouting down pays
        }
        for (const HeadroomFit& fit : found.scale->fits)
            QCOMPARE(fit.rescaling.bias, problem.bias);
    }

    void startsAreThePathsOfOneParameter()
    {
        ClassifierHead head = headOf(RowMatrix::Identity(3, 3), {0, 0, 0});
        head.norms = {3, 2, 1};
        ClassSet set;
        set.counts = {100, 10, 1};
        set.names = {"a", "b", "c"};
        const ClassProfile profile = profileHead(head, set, {});
        const HeadroomStarts starts = headroomStarts(head, set, profile);
        QCOMPARE(starts.projection->method, std::string("samn"));
        QCOMPARE(starts.scales.size(), std::size_t(1 + 10 + 20));
        QCOMPARE(starts.scales.front().method, std::string("equal"));
        QCOMPARE(starts.scales[1].method, std::string("maxnorm=1.182"));
        QCOMPARE(starts.scales.back().method, std::string("tau=2"));
        QCOMPARE(starts.biases.size(), std::size_t(20));
        QCOMPARE(starts.biases[9].method, std::string("logit-adjust=1"));
        head.source.kind = HeadKind::Cosine;
        const HeadroomStarts cosine = headroomStarts(head, set, profile);
        QVERIFY(!cosine.projection && cosine.scales.empty());
        QCOMPARE(cosine.biases.size(), std::size_t(20));
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
