// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "evaluate/sample_story.h"
#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// f = (3, 4), of length 5; row 0 points along it.
RowMatrix oneSample()
{
    RowMatrix f(1, 2);
    f << 3, 4;
    return f;
}

ClassifierHead twoClasses(float first, float second, float bias)
{
    RowMatrix weight(2, 2);
    weight << 3, 4, first, second;
    return headOf(weight, {0, bias});
}

PredictedUnder asItIs(const ClassifierHead& head, std::vector<std::int32_t> predicted)
{
    return {unchanged(head), std::move(predicted)};
}

SampleSide sideOf(const ClassifierHead& head, std::int64_t label, std::int32_t predicted)
{
    const PredictedUnder under = asItIs(head, {predicted});
    return sampleStory(featuresOf(oneSample(), {label}), head, under, under, 0).before;
}

CauseCounts countsOf(std::int64_t samples, std::int64_t norm, std::int64_t bias, std::int64_t both,
                     std::int64_t direction)
{
    return {samples, norm, bias, both, direction};
}

} // namespace

class SampleStoryTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aScoreIsNormTimesLengthTimesCosinePlusBias()
    {
        const SampleSide side = sideOf(twoClasses(10, 0, 2), 0, 1);
        QCOMPARE(side.truth, (ScoreParts{0, 5, 5, 1, 0}));
        QCOMPARE(side.truth.score(), 25.0);
        QCOMPARE(side.rival.norm, 10.0);
        QCOMPARE(side.rival.featureNorm, 5.0);
        QCOMPARE(side.rival.cosine, 0.6);
        QCOMPARE(side.rival.bias, 2.0);
        QCOMPARE(side.rival.score(), 32.0);
        QCOMPARE(side.margin, -7.0);
        QCOMPARE(side.truthProbability, std::exp(-7.0F) / (1 + std::exp(-7.0F)));
        QCOMPARE(side.predictedProbability(), 1 / (1 + std::exp(-7.0F)));
    }

    void theGapIsTheSumOfItsParts()
    {
        const SampleSide side = sideOf(twoClasses(10, 0, 2), 0, 1);
        const ScoreGap gap = gapBetween(side.truth, side.rival);
        QCOMPARE(gap.norm, 25.0);       // (10 - 5) * 5 * 1
        QCOMPARE(gap.bias, 2.0);        //
        QCOMPARE(gap.direction, -20.0); // 10 * 5 * (0.6 - 1)
        QCOMPARE(gap.sum(), 7.0);
        QCOMPARE(gap.sum(), -side.margin);
    }

    void theCauseIsTheFirstThatWouldDo_data()
    {
        QTest::addColumn<float>("first");
        QTest::addColumn<float>("second");
        QTest::addColumn<float>("bias");
        QTest::addColumn<int>("label");
        QTest::addColumn<int>("cause");
        const auto row = [](const char* name, float first, float second, float bias, int label,
                            ErrorCause cause) {
            QTest::newRow(name) << first << second << bias << label << static_cast<int>(cause);
        };
        row("a longer row off the direction: 50 > 30", 10, 0, 0, 0, ErrorCause::Norm);
        row("an equal score goes to the lower class", 10, 0, 20, 0, ErrorCause::Norm);
        row("a bias: 25 + 20 > 15 + 20", 5, 0, 20, 0, ErrorCause::Bias);
        row("norm comes before bias: 50 > 40 and 35 < 40, one of them", 10, 0, 10, 0,
            ErrorCause::Norm);
        row("both: 50 < 55 and 50 < 55, but 75 > 55", 10, 0, 25, 0, ErrorCause::NormAndBias);
        row("the other row is nearer: 15 < 25", 5, 0, 0, 1, ErrorCause::Direction);
        row("longer and shorter rows of one direction: 50 > 25, but a tie at equal norms", 1.5F, 2,
            0, 1, ErrorCause::Direction);
        row("a row of length 0 has no direction", 0, 0, 0, 1, ErrorCause::Direction);
    }
    void theCauseIsTheFirstThatWouldDo()
    {
        QFETCH(float, first);
        QFETCH(float, second);
        QFETCH(float, bias);
        QFETCH(int, label);
        QFETCH(int, cause);
        const SampleSide side = sideOf(twoClasses(first, second, bias), label, 1 - label);
        QCOMPARE(static_cast<int>(side.cause), cause);
        QVERIFY(!side.isRight());
    }

    void normAloneComesBeforeBiasAlone()
    {
        const ScoreParts truth{0, 5, 5, 1, 0}, winner{1, 10, 5, 0.25, 15}; // 25 and 27.5
        QCOMPARE(errorCause(truth, winner), ErrorCause::Norm);             // 50; by bias 40
        const ScoreParts equal{1, 5, 5, 0.25, 30};                         // 36.25
        QCOMPARE(errorCause(truth, equal), ErrorCause::Bias);
        QCOMPARE(errorCause(truth, truth), ErrorCause::None);
    }

    void aRightSampleIsSetAgainstTheRunnerUp()
    {
        RowMatrix weight(4, 2);
        weight << 0, 1, 3, 4, 4, 0, 0, 3; // 4, 25, 12, 12
        const SampleSide side = sideOf(headOf(weight, {0, 0, 0, 0}), 1, 1);
        QVERIFY(side.isRight());
        QCOMPARE(side.rival.classIndex, std::int64_t(2)); // of two with 12 the lower
        QCOMPARE(side.margin, 13.0);
        QCOMPARE(side.cause, ErrorCause::None);
        QCOMPARE(side.predictedProbability(), side.truthProbability);
    }

    void aRescalingMultipliesTheNormAndBelowZeroTurnsTheCosine()
    {
        const ClassifierHead head = twoClasses(10, 0, 2);
        const PredictedUnder before = asItIs(head, {1});
        const PredictedUnder after{rescalingOf({2, -0.5}, {1, 0}), {0}};
        const SampleStory story = sampleStory(featuresOf(oneSample(), {0}), head, before, after, 0);
        QCOMPARE(story.before.predicted, std::int64_t(1));
        QCOMPARE(story.after.truth, (ScoreParts{0, 10, 5, 1, 1}));
        QCOMPARE(story.after.rival.norm, 5.0);
        QCOMPARE(story.after.rival.cosine, -0.6);
        QCOMPARE(story.after.margin, 51.0 + 15.0);
        QCOMPARE(story.after.cause, ErrorCause::None);
        QCOMPARE(story.before.otherRival, story.before.rival); // of two classes
        QCOMPARE(story.after.otherProbability, story.after.rivalProbability);
    }

    void theRivalOfOneSideIsKnownOnTheOther()
    {
        RowMatrix weight(3, 2);
        weight << 10, 0, 3, 4, 0, 7; // 30, 25, 28
        const ClassifierHead head = headOf(weight, {0, 0, 0});
        const PredictedUnder after{rescalingOf({0.5, 1, 1}, {0, 0, 0}), {2}};
        const SampleStory story =
            sampleStory(featuresOf(oneSample(), {1}), head, asItIs(head, {0}), after, 0);
        QCOMPARE(story.before.rival.classIndex, std::int64_t(0));
        QCOMPARE(story.after.rival.classIndex, std::int64_t(2));
        QCOMPARE(story.before.otherRival.classIndex, std::int64_t(2));
        QCOMPARE(story.before.otherRival.score(), 28.0);
        QCOMPARE(story.after.otherRival.classIndex, std::int64_t(0));
        QCOMPARE(story.after.otherRival.score(), 15.0);
    }

    void aCosineHeadSeesFeaturesOfUnitLength()
    {
        RowMatrix weight(2, 2);
        weight << 16, 0, 0, 16; // unit rows times the factor 16
        ClassifierHead head = headOf(weight, {0, 0});
        head.unitParts = 1;
        const SampleSide side = sideOf(head, 0, 1);
        QVERIFY(std::abs(side.truth.featureNorm - 1) < 1e-6);
        QVERIFY(std::abs(side.truth.score() - 9.6) < 1e-5);
        QCOMPARE(side.truth.norm, 16.0);
        QCOMPARE(side.cause, ErrorCause::Direction);
        head.unitParts = 2; // two experts of one feature each
        QVERIFY(std::abs(sideOf(head, 0, 1).truth.featureNorm - std::sqrt(2.0)) < 1e-6);
        QVERIFY(std::abs(sideOf(head, 0, 1).truth.score() - 16) < 1e-5);
    }

    void causesAreCountedByTrueClass()
    {
        const ClassifierHead head = twoClasses(10, 0, 0);
        RowMatrix f(4, 2);
        f << 3, 4, 3, 4, 4, 0, 0, 1;
        const FeatureSet features = featuresOf(f, {0, 1, 1, 1});
        const PredictedUnder before = asItIs(head, {1, 1, 1, 0}); // 25:30, 12:40, 4:0
        const PredictedUnder equal{rescalingOf({2, 1}, {0, 0}), {0, 0, 1, 0}};
        const Workers workers(2);
        const auto found = errorCauses(features, head, {before, equal}, workers);
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[0].perClass[0], countsOf(1, 1, 0, 0, 0));
        QCOMPARE(found[0].perClass[1], countsOf(3, 0, 0, 0, 1));
        QCOMPARE(found[1].perClass[0], countsOf(1, 0, 0, 0, 0));
        QCOMPARE(found[1].perClass[1], countsOf(3, 0, 0, 0, 2));
        QCOMPARE(found[1].perClass[1].wrong(), std::int64_t(2));
        QCOMPARE(found[0].of, (std::vector<ErrorCause>{ErrorCause::Norm, ErrorCause::None,
                                                       ErrorCause::None, ErrorCause::Direction}));
    }

    void tilesAndStoriesAgree()
    {
        Random random(5);
        const std::int64_t width = 3000; // a tile holds 87 samples
        const ClassifierHead head = headOf(noise(7, width, random), {0, 1, 0, -2, 0, 3, 0});
        const FeatureSet features =
            featuresOf(noise(300, width, random), someLabels(300, 7, random));
        ScoreOptions options;
        options.temperature = false;
        const Rescaling half = rescalingOf({1, .5, 2, 1, .1, 1, 3}, {0, 0, 0, 9, 0, 0, 1});
        const ScoreResult scored =
            predictAll(features, head, {unchanged(head), half}, *makeEigenScorer(), options);
        const std::vector<PredictedUnder> under{{unchanged(head), scored.methods[0].predicted},
                                                {half, scored.methods[1].predicted}};
        const Workers workers(2);
        const auto found = errorCauses(features, head, under, workers);
        std::set<ErrorCause> seen;
        for (std::int64_t i = 0; i < 300; ++i) {
            const SampleStory story = sampleStory(features, head, under[0], under[1], i);
            QCOMPARE(found[0].of[static_cast<std::size_t>(i)], story.before.cause);
            QCOMPARE(found[1].of[static_cast<std::size_t>(i)], story.after.cause);
            QCOMPARE(story.after.isRight(), story.after.margin > 0);
            seen.insert(story.after.cause);
        }
        QVERIFY(seen.size() >= 4);
    }

    void whatDoesNotFitIsRefused()
    {
        const ClassifierHead head = twoClasses(10, 0, 0);
        const FeatureSet features = featuresOf(oneSample(), {0});
        const PredictedUnder good = asItIs(head, {1});
        const auto story = [&](const PredictedUnder& under, std::int64_t sample) {
            return errorOf([&] { sampleStory(features, head, under, good, sample); });
        };
        QCOMPARE(story(good, 1), std::string("made-up.npz: sample 1 was asked for, there are 1"));
        QCOMPARE(story(asItIs(head, {1, 1}), 0),
                 std::string("predictions of 2 samples do not fit 1 labels"));
        QCOMPARE(story({rescalingOf({1}, {0, 0}), {1}}, 0),
                 std::string("scales: 1 scales and 2 biases for a head of 2 classes"));
        const Workers workers(1);
        QVERIFY_EXCEPTION_THROWN(errorCauses(features, head, {good}, workers,
                                             [](std::int64_t, std::int64_t) { return false; }),
                                 Cancelled);
    }
};

QTEST_APPLESS_MAIN(SampleStoryTest)
#include "tst_sample_story.moc"
