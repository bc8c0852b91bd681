// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <limits>

#include "core/rescale/head_by_hand.h"
#include "rescale/class_profile.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

FitOptions withMetric(const Numbers& metric)
{
    FitOptions options;
    options.metric = metric;
    options.metricName = "validation error";
    return options;
}

FitOptions headHigh()
{
    FitOptions options;
    options.direction = Direction::HeadHigh;
    return options;
}

FitOptions byCount()
{
    FitOptions options;
    options.weights = FitWeights::Count;
    return options;
}

ClassProfile profileOf(const Numbers& norms, const Counts& counts, const FitOptions& options = {},
                       Bias bias = Bias::Given)
{
    return profileHead(headOfNorms(norms, bias), classesOf(counts), options);
}

} // namespace

class ClassProfileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFitFollowsTheCounts()
    {
        // By count: 100 -> 2, 50 -> 3, 20 -> 1, 5 -> 4; the first three pool to 2.
        const ClassProfile p = profileOf({4, 3, 2, 1}, {5, 50, 100, 20});
        QCOMPARE(p.norms, Numbers({4, 3, 2, 1}));
        QCOMPARE(p.metric, Numbers({5, 50, 100, 20}));
        QCOMPARE(p.fit.fitted, Numbers({4, 2, 2, 2}));
        QCOMPARE(p.scale, Numbers({1, 2.0 / 3, 1, 2}));
        QVERIFY(p.hasBias);
        QVERIFY(p.warnings.empty());
    }

    void headHighPoolsTheOtherWay()
    {
        const ClassProfile p = profileOf({2, 3, 1}, {30, 20, 10}, headHigh());
        QCOMPARE(p.fit.fitted, Numbers({2.5, 2.5, 1}));
    }

    void countsWeighWhereAskedFor()
    {
        // (30 * 3 + 10 * 1) / 40 = 2.5 against 2.
        QCOMPARE(profileOf({3, 1}, {30, 10}).fit.fitted, Numbers({2, 2}));
        QCOMPARE(profileOf({3, 1}, {30, 10}, byCount()).fit.fitted, Numbers({2.5, 2.5}));
    }

    void anotherMetricTakesThePlaceOfTheCounts()
    {
        const ClassProfile p = profileOf({1, 2, 3}, {30, 20, 10}, withMetric({0.1, 0.2, 0.3}));
        QCOMPARE(p.fit.order, Counts({2, 1, 0}));
        QCOMPARE(p.fit.fitted, Numbers({2, 2, 2}));
        QCOMPARE(p.metric, Numbers({0.1, 0.2, 0.3}));
    }

    void rowsOfNormZeroStayOutAndAreNamed()
    {
        const ClassProfile p = profileOf({3, 0, 1}, {30, 20, 10});
        QCOMPARE(p.scale, Numbers({2.0 / 3, 1, 2}));
        QCOMPARE(p.fit.blockOf, Counts({0, -1, 0}));
        QCOMPARE(p.warnings,
                 Warnings{"rows of norm 0 keep scale 1 and stay out of the fit: 1 class (b)"});
    }

    void classesWithoutImagesRankRarestAndAreNamed()
    {
        const ClassProfile p = profileOf({1, 2, 3}, {0, 20, 10}, byCount());
        QCOMPARE(p.fit.order, Counts({1, 2, 0}));
        // Ranks 2, 3, 1 with weights 20, 10, 1: 3 and 1 pool to 31 / 11.
        QCOMPARE(p.fit.blocks.size(), std::size_t(2));
        QCOMPARE(p.fit.fitted[0], 31.0 / 11);
        QCOMPARE(p.warnings, Warnings{"classes without training images rank as the rarest and "
                                      "weigh as one image: 1 class (a)"});
        QCOMPARE(profileOf({1, 2, 3}, {0, 20, 10}).warnings,
                 Warnings{"classes without training images rank as the rarest: 1 class (a)"});
        QVERIFY(profileOf({1, 2}, {0, 20}, withMetric({1, 2})).warnings.empty());
    }

    void longListsOfClassesAreCut()
    {
        const ClassProfile p = profileOf(Numbers(8, 1), {0, 0, 0, 0, 0, 0, 0, 9});
        QCOMPARE(p.warnings, Warnings{"classes without training images rank as the rarest: 7 "
                                      "classes (a, b, c, d, e and 2 more)"});
    }

    void namesFromFilesAreMadePrintable()
    {
        ClassSet classes = classesOf({0, 3});
        classes.names[0] = "a\x1b[2J";
        const ClassProfile p = profileHead(headOfNorms({1, 1}), classes, {});
        QVERIFY(p.warnings.at(0).find("a\\x1b[2J") != std::string::npos);
    }

    void cosineHeadsAreToldThatNormsHaveNoEffect()
    {
        ClassifierHead head = headOfNorms({1, 2});
        head.source.kind = HeadKind::Cosine;
        QCOMPARE(profileHead(head, classesOf({9, 3}), {}).warnings,
                 Warnings{"fc.weight: this head normalises its rows in the forward pass: their "
                          "norms have no effect on what it predicts"});
    }

    void rowsAreComparedWithTheirMeanRow()
    {
        // The mean row is (1.5, 2), of length 2.5; the norms are 3 and 4.
        const ClassProfile p = profileHead(headOf({{3, 0}, {0, 4}}), classesOf({9, 3}), {});
        QCOMPARE(p.meanRowRatio, 2.5 / 3.5);
        QCOMPARE(p.centredNorms, Numbers({2.5, 2.5}));
        const ClassProfile same = profileHead(headOf({{3, 4}, {3, 4}}), classesOf({9, 3}), {});
        QCOMPARE(same.meanRowRatio, 1.0);
        QCOMPARE(same.centredNorms, Numbers({0, 0}));
    }

    void theProfileOfReferenceTiesIsTheirFit()
    {
        MONOTAIL_NEEDS_SHARED();
        for (const auto& item : readJson(sharedFolder() / "reference/ties.json")) {
            Counts counts;
            for (const auto& count : item["class_counts"])
                counts.push_back(static_cast<std::int64_t>(count.get<double>()));
            ClassSet classes;
            classes.counts = counts;
            const auto norms = item["norms"].get<Numbers>();
            const ClassProfile p = profileHead(headOfNorms(norms), classes, {});
            for (std::size_t c = 0; c < norms.size(); ++c) {
                const auto expected = item["fitted"][c].get<double>();
                QVERIFY(std::abs(p.scale[c] * norms[c] - expected) <= 1e-12 * expected);
            }
        }
    }

    void badInputIsNamed_data()
    {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        QTest::addColumn<Numbers>("norms");
        QTest::addColumn<Counts>("counts");
        QTest::addColumn<Numbers>("metric");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("counts for another class count")
            << Numbers{1, 2} << Counts{5, 4, 3} << Numbers{}
            << "fc.weight: the head has 2 classes but counts.csv gives counts for 3; give the "
               "counts this head was trained with";
        QTest::newRow("metric for another class count")
            << Numbers{1, 2} << Counts{5, 4} << Numbers{1}
            << "order by validation error: 1 numbers for 2 classes; every class needs one";
        QTest::newRow("metric that is no number")
            << Numbers{1, 2} << Counts{5, 4} << Numbers{1, nan}
            << "order by validation error: class b has nan, expected a finite number";
        QTest::newRow("norm that is no number")
            << Numbers{nan, 2} << Counts{5, 4} << Numbers{}
            << "fc.weight: the weight norm of class a is nan, expected a finite number";
    }
    void badInputIsNamed()
    {
        QFETCH(Numbers, norms);
        QFETCH(Counts, counts);
        QFETCH(Numbers, metric);
        QFETCH(QString, sentence);
        QCOMPARE(errorOf([&] { profileOf(norms, counts, withMetric(metric)); }),
                 sentence.toStdString());
    }

    void blocksAreToldInPlainWords_data()
    {
        QTest::addColumn<Numbers>("norms");
        QTest::addColumn<Counts>("counts");
        QTest::addColumn<QString>("words");
        QTest::newRow("everything pools")
            << Numbers{3, 2, 1} << Counts{30, 20, 10}
            << "one block holds 3 of 3 classes: equal norms, which predict as tau = 1 does where "
               "the bias is dropped, but not where it is kept";
        QTest::newRow("everything pools but a row of norm 0")
            << Numbers{3, 2, 0} << Counts{30, 20, 10}
            << "one block holds 2 of 3 classes: equal norms, which predict as tau = 1 does where "
               "the bias is dropped, but not where it is kept";
        QTest::newRow("nothing pools") << Numbers{1, 2, 3} << Counts{30, 20, 10}
                                       << "the norms already rise toward the tail: nothing pools";
        QTest::newRow("some pool") << Numbers{1, 3, 2, 4} << Counts{40, 30, 20, 10}
                                   << "3 blocks; the largest holds 2 of 4 classes";
        QTest::newRow("only ties share")
            << Numbers{1, 2, 3} << Counts{30, 30, 10}
            << "2 blocks; the largest holds 2 of 3 classes; the norms already rise toward the "
               "tail, only classes equal in class frequency share one";
        QTest::newRow("one row left") << Numbers{1, 0} << Counts{30, 20}
                                      << "1 of 2 classes has a norm above 0: nothing to fit";
    }
    void blocksAreToldInPlainWords()
    {
        QFETCH(Numbers, norms);
        QFETCH(Counts, counts);
        QFETCH(QString, words);
        QCOMPARE(describeBlocks(profileOf(norms, counts)), words.toStdString());
    }

    void theWordsFollowBiasDirectionAndMetric()
    {
        QCOMPARE(describeBlocks(profileOf({3, 2, 1}, {30, 20, 10}, {}, Bias::None)),
                 std::string("one block holds 3 of 3 classes: equal norms, which predict as tau = "
                             "1 does, since the head has no bias"));
        QCOMPARE(describeBlocks(profileOf({3, 2, 1}, {30, 20, 10}, headHigh())),
                 std::string("the norms already fall toward the tail: nothing pools"));
        QCOMPARE(describeBlocks(profileOf({3, 2, 1}, {9, 9, 9}, withMetric({0.1, 0.2, 0.3}))),
                 std::string("the norms already rise toward low validation error: nothing pools"));
    }

    void optionsHaveTheNamesOfTheCommandLine()
    {
        QCOMPARE(nameOf(Direction::TailHigh), std::string_view("tail-high"));
        QCOMPARE(nameOf(Direction::HeadHigh), std::string_view("head-high"));
        QCOMPARE(nameOf(Ties::Average), std::string_view("average"));
        QCOMPARE(nameOf(Ties::ClassOrder), std::string_view("class-order"));
        QCOMPARE(nameOf(FitWeights::Uniform), std::string_view("uniform"));
        QCOMPARE(nameOf(FitWeights::Count), std::string_view("count"));
    }
};

QTEST_APPLESS_MAIN(ClassProfileTest)
#include "tst_class_profile.moc"
