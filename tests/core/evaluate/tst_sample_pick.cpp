// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "evaluate/kept_scores.h"
#include "evaluate/sample_pick.h"
#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Positions = std::vector<std::int64_t>;

// Sample:                                0  1  2  3  4  5
const std::vector<std::int64_t> labels = {0, 0, 0, 1, 1, 2};
const std::vector<std::int32_t> before = {0, 1, 1, 1, 0, 0};
const std::vector<std::int32_t> after_ = {0, 0, 2, 2, 0, 2};

Positions picked(const SampleQuery& query)
{
    return pickSamples(query, labels, before, after_, 3);
}

} // namespace

Q_DECLARE_METATYPE(Positions)

class SamplePickTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void samplesArePickedByWhatHappenedToThem_data()
    {
        QTest::addColumn<Positions>("truth");
        QTest::addColumn<Positions>("takenFor");
        QTest::addColumn<int>("change");
        QTest::addColumn<Positions>("expected");
        const auto row = [](const char* name, Positions truth, Positions takenFor,
                            SampleChange change, Positions expected) {
            QTest::newRow(name) << truth << takenFor << static_cast<int>(change) << expected;
        };
        row("all", {}, {}, SampleChange::All, {0, 1, 2, 3, 4, 5});
        row("of a class", {1}, {}, SampleChange::All, {3, 4});
        row("of two classes", {2, 1}, {}, SampleChange::All, {3, 4, 5});
        row("lost", {}, {}, SampleChange::Lost, {3});
        row("gained", {}, {}, SampleChange::Gained, {1, 5});
        row("changed, from wrong to wrong as well", {}, {}, SampleChange::Changed, {1, 2, 3, 5});
        row("still wrong", {}, {}, SampleChange::StillWrong, {2, 4});
        row("correct", {}, {}, SampleChange::Correct, {0, 1, 5});
        row("gained of a class", {0}, {}, SampleChange::Gained, {1});
        row("a cell, before or after", {0}, {1}, SampleChange::All, {1, 2});
        row("a cell of two groups", {0, 1}, {2}, SampleChange::All, {2, 3});
        row("a cell and a change", {0}, {1}, SampleChange::StillWrong, {2});
        row("taken for a class, whatever they are", {}, {0}, SampleChange::All, {0, 1, 4, 5});
        row("none", {2}, {1}, SampleChange::All, {});
    }
    void samplesArePickedByWhatHappenedToThem()
    {
        QFETCH(Positions, truth);
        QFETCH(Positions, takenFor);
        QFETCH(int, change);
        QFETCH(Positions, expected);
        QCOMPARE(picked({truth, takenFor, static_cast<SampleChange>(change)}), expected);
    }

    void whatCannotBePickedIsRefused()
    {
        QCOMPARE(errorOf([] {
                     picked({{3}, {}});
                 }),
                 std::string("class 3 was asked for, there are 3"));
        QCOMPARE(errorOf([] { pickSamples({}, labels, before, {0}, 3); }),
                 std::string("predictions of 6 and 1 samples do not fit 6 labels"));
    }

    void scoresAreProbabilitiesAndMargins()
    {
        // z = f; scores after are twice class 0's.
        RowMatrix f(2, 2);
        f << 1, 2, 3, 1;
        RowMatrix identity(2, 2);
        identity << 1, 0, 0, 1;
        const ClassifierHead head = headOf(identity, {0, 0});
        const PredictedUnder plain{unchanged(head), {1, 0}};
        const PredictedUnder twice{rescalingOf({2, 1}, {0.5, 0}), {0, 0}};
        const auto found =
            scoreSamples(featuresOf(f, {1, 0}), head, plain, twice, {0, 1}, *makeEigenScorer());
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[0].label, std::int64_t(1));
        QCOMPARE(found[0].before, std::int64_t(1));
        QCOMPARE(found[0].after, std::int64_t(0));
        QVERIFY(found[0].wasRight() && !found[0].isRight());
        QVERIFY(std::abs(found[0].scoreBefore - 1 / (1 + std::exp(-1.0F))) < 1e-6F);
        QCOMPARE(found[0].truthBefore, found[0].scoreBefore);
        QCOMPARE(found[0].marginBefore, 1.0F);
        QCOMPARE(found[0].marginAfter, -0.5F); // 2 against 2.5
        QVERIFY(std::abs(found[0].scoreAfter - 1 / (1 + std::exp(-0.5F))) < 1e-6F);
        QVERIFY(std::abs(found[0].truthAfter + found[0].scoreAfter - 1) < 1e-6F);
        QCOMPARE(found[1].marginBefore, 2.0F);
        QCOMPARE(found[1].marginAfter, 5.5F);
    }

    void fewSamplesGetTheScoresThatAllWouldGet()
    {
        Random random(3);
        const auto head =
            std::make_shared<const ClassifierHead>(headOf(noise(5, 8, random), {0, 1, 0, -1, 0}));
        const auto features = std::make_shared<const FeatureSet>(
            featuresOf(noise(60, 8, random), someLabels(60, 5, random)));
        const std::shared_ptr<const Scorer> scorer = makeEigenScorer();
        const KeptScores kept(features, head, scorer);
        const Rescaling half = rescalingOf({1, .5, 2, 1, .1}, {0, 0, 0, 9, 0});
        const PredictedUnder first{unchanged(*head), kept.predict(unchanged(*head))};
        const PredictedUnder second{half, kept.predict(half)};
        Positions all(60);
        std::iota(all.begin(), all.end(), 0);
        const Positions few{0, 7, 8, 59};
        const auto ofAll = scoreSamples(*features, *head, first, second, all, kept);
        const auto ofFew = scoreSamples(*features, *head, first, second, few, kept);
        QCOMPARE(ofFew.size(), few.size());
        for (std::size_t i = 0; i < few.size(); ++i) {
            const PickedSample& one = ofFew[i];
            const PickedSample& other = ofAll[static_cast<std::size_t>(few[i])];
            QCOMPARE(one.sample, few[i]);
            QCOMPARE(one.sample, other.sample);
            QVERIFY(std::abs(one.marginAfter - other.marginAfter) < 1e-5F);
            QVERIFY(std::abs(one.scoreBefore - other.scoreBefore) < 1e-6F);
            QCOMPARE(one.marginAfter >= 0, one.isRight());
            QCOMPARE(one.marginBefore >= 0, one.wasRight());
        }
        QVERIFY(scoreSamples(*features, *head, first, second, {}, kept).empty());
    }

    void samplesAreSortedByMarginOrAsInTheFile()
    {
        std::vector<PickedSample> samples(4);
        const float margins[] = {2, -1, 2, -3};
        for (std::size_t i = 0; i < 4; ++i) {
            samples[i].sample = static_cast<std::int64_t>(i);
            samples[i].marginAfter = margins[i];
            samples[i].marginBefore = -margins[i];
        }
        const auto order = [&](SampleOrder by) {
            sortSamples(samples, by);
            Positions positions;
            for (const PickedSample& of : samples)
                positions.push_back(of.sample);
            return positions;
        };
        QCOMPARE(order(SampleOrder::MarginAfter), (Positions{3, 1, 0, 2}));
        QCOMPARE(order(SampleOrder::MarginBefore), (Positions{0, 2, 1, 3}));
        QCOMPARE(order(SampleOrder::File), (Positions{0, 1, 2, 3}));
    }
};

QTEST_APPLESS_MAIN(SamplePickTest)
#include "tst_sample_pick.moc"
