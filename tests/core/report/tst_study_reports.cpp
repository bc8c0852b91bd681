// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "report/comparison_report.h"
#include "report/sweep_report.h"
#include "report/text.h"
#include "support/shared_material.h"

using namespace monotail;

namespace {

AccuracyReport reportOf(double mean)
{
    AccuracyReport report;
    report.classMean = mean;
    report.top1 = mean + 10;
    report.groups = {mean, mean, std::nullopt};
    return report;
}

/// tau 0, 0.5, 1 with class-mean 50, 60, 59.6; chosen 0.5 and 1.
Sweep madeSweep()
{
    Sweep sweep;
    sweep.query.range = parseSweep("tau:0:1:0.5");
    sweep.points = {{0, reportOf(50)}, {0.5, reportOf(60)}, {1, reportOf(59.6)}};
    sweep.chosen.values = {0.5, 1};
    sweep.chosen.on = "one half of a.npz (seed 0), reported on the other, and back";
    sweep.chosen.accuracy = reportOf(59.5);
    sweep.projection = reportOf(58);
    sweep.chosen.fromProjection = Comparison{};
    sweep.chosen.fromProjection->classMean = Change{1.5, -0.2, 3.1};
    sweep.before = reportOf(50);
    sweep.sensitivity = {60.0, 50.0, 10.0, 200.0 / 3};
    sweep.groups = groupClasses({500, 50}, parseShotRule("kang"));
    sweep.samples = 100;
    return sweep;
}

ClassSet twoClasses()
{
    ClassSet classes;
    classes.counts = {500, 5};
    classes.names = {"cat, tabby", "dog"};
    return classes;
}

/// Class 0: 10 samples, 10 right before and 1 after. Class 1: 2 samples, 0 and 1.
HeadComparison madeComparison()
{
    const ShotGroups groups = groupClasses({500, 5}, parseShotRule("kang"));
    std::vector<std::int64_t> labels(10, 0);
    labels.resize(12, 1);
    Predictions before, after;
    before.predicted.assign(12, 0);
    after.predicted.assign(12, 1);
    after.predicted[0] = 0;
    after.predicted[11] = 0;
    return compareHeads(comparedHead("a", before, labels, groups),
                        comparedHead("b", after, labels, groups), labels, groups, 0, 100);
}

} // namespace

class StudyReportsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void chosenValuesAreMarkedInTheCurve()
    {
        const Table table = sweepTable(madeSweep());
        QCOMPARE(table.header[0], std::string("tau"));
        QCOMPARE(table.rows[0][1], std::string());
        QCOMPARE(table.rows[1][1], std::string("chosen on the first half"));
        QCOMPARE(table.rows[2][1], std::string("chosen on the second half"));
        QCOMPARE(table.rows[3][0], std::string("chosen (0.5 and 1)"));
        QCOMPARE(table.rows[3][2], std::string("59.5"));
        QCOMPARE(table.rows[4][0], std::string("samn"));
        QCOMPARE(table.rows[1][6], std::string("n/a")); // no few-shot classes
    }

    void oneValueForBothHalvesIsMarkedOnce()
    {
        Sweep sweep = madeSweep();
        sweep.chosen.values = {1, 1};
        const Table table = sweepTable(sweep);
        QCOMPARE(table.rows[2][1], std::string("chosen on both halves"));
        QCOMPARE(table.rows[3][0], std::string("chosen (1)"));
        sweep.chosen.values = {1};
        QCOMPARE(sweepTable(sweep).rows[2][1], std::string("chosen on validation data"));
    }

    void wordsSayWhatCannotBeTold()
    {
        const QString text = QString::fromStdString(describeSweep(madeSweep()));
        QVERIFY2(text.contains("changes class-mean by +1.50 [-0.20, 3.10], which cannot be told "
                               "from no change"),
                 qPrintable(text));
        QVERIFY(text.contains("class-mean from 50.0 to 60.0, 10.0 points; 67 % of the values"));
        Sweep sure = madeSweep();
        sure.chosen.fromProjection->classMean->low = 0.1;
        QVERIFY(!QString::fromStdString(describeSweep(sure)).contains("cannot be told"));
    }

    void sweepWithoutProjectionSaysNothingOfIt()
    {
        Sweep sweep = madeSweep();
        sweep.projection.reset();
        sweep.chosen.fromProjection.reset();
        QVERIFY(!QString::fromStdString(describeSweep(sweep)).contains("projection"));
        QVERIFY(sweepJson(sweep)["projection"].is_null());
        QVERIFY(sweepJson(sweep)["chosen"]["changes_from_projection"].is_null());
        QCOMPARE(sweepTable(sweep).rows.size(), std::size_t(5));
        QCOMPARE(sweepCsv(sweep).rows.size(), std::size_t(5));
    }

    void comparedClassesCarryTheirVerdict()
    {
        const HeadComparison comparison = madeComparison();
        const Table table = comparedClassTable(comparison, twoClasses());
        QCOMPARE(table.rows[0][0], std::string("cat, tabby"));
        QCOMPARE(table.rows[0].back(), std::string("worse")); // -90 of ten samples
        QCOMPARE(table.rows[1][6], std::string("+50.0"));
        QCOMPARE(table.rows[1].back(), std::string("cannot be told"));
        const Json json = comparisonJson(comparison, twoClasses());
        QCOMPARE(json["classes"][0]["difference"].get<double>(), -90.0);
        QCOMPARE(json["classes"][0]["p"].get<double>(), 2.0 / 512);
        QCOMPARE(json["classes"][1]["verdict"].get<std::string>(), std::string("cannot be told"));
        const std::string csv =
            format(comparedClassCsv(comparison, twoClasses()), TableFormat::Csv);
        QVERIFY(csv.find("0,\"cat, tabby\",many,500,10,100,10,-90,0,9,") != std::string::npos);
    }

    void comparisonIsSummedUp()
    {
        QCOMPARE(describeComparison(madeComparison()),
                 std::string("1 sample gained, 9 lost from the first to the second (McNemar exact "
                             "p = 0.021).\nOf 2 classes 0 are better, 1 worse, 0 the same; of 1 it "
                             "cannot be told.\n"));
        const Table table = comparisonTable(madeComparison());
        QCOMPARE(table.rows[1][0], std::string("class-mean"));
        QCOMPARE(table.rows[1][1], std::string("50.0"));
        QCOMPARE(table.rows[1][2], std::string("30.0"));
        QVERIFY(table.rows[1][3].rfind("-20.00 [", 0) == 0);
        QCOMPARE(table.rows[3][1], std::string("n/a")); // no medium-shot classes
    }

    void confusionOfGroupsIsCountsAndShares()
    {
        const HeadComparison comparison = madeComparison();
        Evaluation evaluation;
        evaluation.before = comparison.before.accuracy;
        MethodResult result;
        result.accuracy = comparison.after.accuracy;
        const Table table = groupConfusionTable(evaluation, result);
        QCOMPARE(table.header[4], std::string("after: as many"));
        QCOMPARE(table.rows[0],
                 (std::vector<std::string>{"many", "10 (100.0 %)", "0 (0.0 %)", "0 (0.0 %)",
                                           "1 (10.0 %)", "0 (0.0 %)", "9 (90.0 %)"}));
        QCOMPARE(table.rows[1][1], std::string("n/a")); // no medium-shot samples
        QCOMPARE(table.rows[2][4], std::string("1 (50.0 %)"));
    }

    void headroomStandsBelowTheMethods()
    {
        Evaluation evaluation;
        evaluation.before = reportOf(50);
        QCOMPARE(methodTable(evaluation).rows.size(), std::size_t(1));
        Headroom headroom;
        headroom.fits[0].rescaling.method = "headroom: best per-class bias";
        headroom.accuracy = reportOf(61);
        headroom.comparison.classMean = Change{11, 10, 12};
        evaluation.headroom = HeadroomResult{std::nullopt, headroom};
        const Table table = methodTable(evaluation);
        QCOMPARE(table.rows.size(), std::size_t(2));
        QCOMPARE(table.rows[1][0], std::string("headroom: best per-class bias (cross-fitted)"));
        QCOMPARE(table.rows[1][5], std::string("61.0"));
        QCOMPARE(table.rows[1][7], std::string("+11.00 [10.00, 12.00]"));
        QCOMPARE(methodCsv(evaluation).rows[1][5], std::string("61"));
    }
};

QTEST_APPLESS_MAIN(StudyReportsTest)
#include "tst_study_reports.moc"
