// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "report/retrain_report.h"
#include "report/train_sweep_report.h"
#include "retrain/presets.h"

using namespace monotail;

namespace {

/// Three classes, two epochs, the first one chosen on val.npz.
Run madeRun(std::uint64_t seed = 0)
{
    Run run;
    run.number = 4;
    run.recipe = presetNamed("ce+samn").recipe;
    run.recipe.seed = seed;
    EpochRecord start;
    start.norms = {2, 3, 4};
    start.raw = start.pooledRaw = {1, 0.5, 0};
    start.blocks = {{0, 1, 1, 1}, {1, 2, 0.5, 1}, {2, 3, 0, 1}};
    start.validation = CurvePoint{50, 40, {60, std::nullopt, 20}};
    EpochRecord first = start;
    first.epoch = 1;
    first.loss = 0.75;
    first.rate = 1.0 / 3000;
    first.validation = CurvePoint{61.26, 55, {70, std::nullopt, 40}};
    first.raw = {0.4, 0.6, 0};
    first.pooledRaw = {0.5, 0.5, 0};
    first.blocks = {{0, 2, 0.5, 2}, {2, 3, 0, 1}};
    EpochRecord second = first;
    second.epoch = 2;
    second.loss = 0.5;
    second.validation->classMean = 54;
    run.epochs = {start, first, second};
    run.chosenEpoch = 1;
    run.chosenBy = "class-mean accuracy on val.npz";
    run.trainedOn = "train.npz";
    run.validatedOn = "val.npz";
    run.seconds = 1.5;
    run.device = "made-up device";
    run.threads = 2;
    run.warnings = {"mind the gap"};
    return run;
}

MeasuredRun measured(std::uint64_t seed, double classMean)
{
    MeasuredRun out;
    out.run = madeRun(seed);
    out.accuracy.top1 = classMean + 10;
    out.accuracy.classMean = classMean;
    out.accuracy.groups = {80, std::nullopt, 30};
    return out;
}

SeedSummary summaryOf(double classMean, const Rate& deviation)
{
    SeedSummary summary;
    summary.runs = deviation ? 2 : 1;
    summary.classMean = {classMean, deviation};
    summary.top1 = {classMean + 10, deviation};
    return summary;
}

/// wd 0, 0.1 with class-mean 50, 60; 0.1 chosen on the first half, 0 on the second.
TrainSweep madeSweep()
{
    TrainSweep sweep;
    sweep.range = parseTrainSweep("wd:0,0.1");
    sweep.seeds = 2;
    sweep.points = {{0, {measured(0, 49), measured(1, 51)}, summaryOf(50, 1.5)},
                    {0.1, {measured(0, 60)}, summaryOf(60, 0.5)}};
    sweep.sensitivity = sensitivityOf({50, 60});
    sweep.chosen = {0.1, 0};
    sweep.chosenOn = "one half of test.npz (seed 0), reported on the other, and back";
    sweep.chosenClassMean = {55, 2};
    sweep.beside = {{"ce+samn", summaryOf(61, 0.25)}, {"none (as it is)", summaryOf(40, {})}};
    sweep.groups = groupClasses({500, 50, 5}, {});
    sweep.samples = 100;
    return sweep;
}

} // namespace

class RetrainReportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runKeepsItsContract()
    {
        const Json json = runJson(madeRun(7));
        for (const char* key : {"schema", "preset", "axes", "epochs", "blocks", "seconds", "seed",
                                "threads", "warnings", "chosen", "device", "norms"})
            QVERIFY2(json.contains(key), key);
        QCOMPARE(json["preset"], Json("ce+samn"));
        QCOMPARE(json["axes"]["norms"], Json("samn"));
        QVERIFY(json["axes"]["constraint"]["wd"].is_null());
        QCOMPARE(json["features"], Json("cached features"));
        QVERIFY(json["features_note"].get<std::string>().find("batch-norm statistics") !=
                std::string::npos);
        QCOMPARE(json["seed"], Json(7));
        QCOMPARE(json["chosen"], Json({{"epoch", 1}, {"by", "class-mean accuracy on val.npz"}}));
        QCOMPARE(json["blocks_of"], Json("raw"));
        QCOMPARE(json["blocks"].size(), std::size_t(2));
        QCOMPARE(json["warnings"], Json({"mind the gap"}));
    }

    void epochsTellNormsRawAndBlocks()
    {
        const Json epochs = runJson(madeRun())["epochs"];
        QCOMPARE(epochs.size(), std::size_t(3));
        QVERIFY(epochs[0]["loss"].is_null() && epochs[0]["rate"].is_null());
        QCOMPARE(epochs[1]["loss"], Json(0.75));
        QCOMPARE(epochs[1]["raw"], Json({0.4, 0.6, 0.0}));
        QCOMPARE(epochs[1]["pooled_raw"], Json({0.5, 0.5, 0.0}));
        QCOMPARE(epochs[1]["norms"], Json({2.0, 3.0, 4.0}));
        QCOMPARE(epochs[1]["blocks"][0], Json({{"begin", 0}, {"end", 2}, {"value", 0.5}}));
        QCOMPARE(epochs[1]["validation"]["class_mean"], Json(55.0));
        QVERIFY(epochs[1]["validation"]["medium"].is_null());
    }

    void onlyNumbersWithAnEffectAreNamed()
    {
        Recipe recipe;
        recipe.loss = LossKind::LogitAdjust;
        const Json json = hyperparametersJson(recipe);
        QCOMPARE(json["loss_tau"], Json(1.0));
        QVERIFY(!json.contains("beta") && !json.contains("las_head") &&
                !json.contains("step_epochs"));
    }

    void tableShowsTestOrElseValidation()
    {
        const MeasuredRun tested = measured(0, 60);
        const Run alone = madeRun(1);
        const Table table = runTable({{&tested.run, &tested.accuracy}, {&alone, nullptr}});
        QCOMPARE(table.header.size(), std::size_t(12));
        QCOMPARE(table.rows[0],
                 (std::vector<std::string>{"4", "ce+samn", "test", "0", "20", "1", "0.7500", "70.0",
                                           "60.0", "80.0", "n/a", "30.0"}));
        QCOMPARE(table.rows[1],
                 (std::vector<std::string>{"4", "ce+samn", "validation", "1", "20", "1", "0.7500",
                                           "61.3", "55.0", "70.0", "n/a", "40.0"}));
        const Table csv = runCsv({{&alone, nullptr}});
        QCOMPARE(csv.rows[0].size(), csv.header.size());
        QCOMPARE(csv.rows[0][2], describe(alone.recipe));
        QCOMPARE(csv.rows[0][9], std::string("61.26"));
    }

    void seedsEndInMeanAndDeviation()
    {
        const SeedSummary before = summaryOf(40, std::nullopt);
        const Table table = seedTable({measured(0, 59), measured(1, 61)}, &before);
        QCOMPARE(table.rows.size(), std::size_t(4));
        QCOMPARE(table.rows[0][1], std::string("none (as it is)"));
        QCOMPARE(table.rows[0][8], std::string("40.0"));
        QCOMPARE(table.rows[3][1], std::string("mean ± deviation of 2 seeds"));
        QCOMPARE(table.rows[3][8], std::string("60.0 ± 1.4")); // sqrt(2)
        QCOMPARE(table.rows[3][10], std::string("n/a"));
        QCOMPARE(seedTable({measured(0, 59)}, nullptr).rows.size(), std::size_t(1));
    }

    void epochsAreATable()
    {
        const Table table = epochTable(madeRun());
        QCOMPARE(table.rows[1], (std::vector<std::string>{"1", "chosen", "0.000333", "0.7500", "2",
                                                          "61.3", "55.0", "70.0", "n/a", "40.0"}));
        Run run = madeRun();
        for (EpochRecord& record : run.epochs)
            record.validation.reset();
        QCOMPARE(epochTable(run).header.size(), std::size_t(5));
    }

    void runIsSaidInSentences()
    {
        const std::string text = describeRun(madeRun());
        for (const char* part :
             {"ce+samn: sampling=instance", "settings: SAMN (CVPR 2026", "cached features",
              "epoch 1 of 20 is taken: class-mean accuracy on val.npz",
              "norms from 2 to 4, 2 blocks of 3 classes by SAMN's raw"})
            QVERIFY2(text.find(part) != std::string::npos, text.c_str());
    }

    void recordLiesBesideTheOutput()
    {
        QCOMPARE(runRecordPath("a/b.pth.tar").string(), std::string("a/b.pth.tar.run.json"));
    }

    void sweepKeepsItsContract()
    {
        const Json json = trainSweepJson(madeSweep());
        QCOMPARE(json["parameter"], Json("wd"));
        QCOMPARE(json["points"][0]["value"], Json(0.0));
        QCOMPARE(json["points"][0]["class_mean"], Json(50.0));
        QCOMPARE(json["points"][0]["deviation"]["class_mean"], Json(1.5));
        QCOMPARE(json["points"][0]["runs"][1]["class_mean"], Json(51.0));
        QCOMPARE(json["chosen"]["values"], Json({0.1, 0.0}));
        QCOMPARE(json["chosen"]["class_mean"], Json(55.0));
        QCOMPARE(json["sensitivity"]["difference"], Json(10.0));
        QCOMPARE(json["sensitivity"]["near_best"], Json(50.0));
        QCOMPARE(json["beside"][0]["name"], Json("ce+samn"));
        QVERIFY(json["beside"][1]["deviation"]["class_mean"].is_null());
    }

    void sweepTableMarksTheChoiceAndShowsWhatStandsBeside()
    {
        const Table table = trainSweepTable(madeSweep());
        using Row = std::vector<std::string>;
        QCOMPARE(table.rows[0], (Row{"0", "chosen on the second half", "50.0 ± 1.5", "60.0 ± 1.5",
                                     "n/a", "n/a", "n/a"}));
        QCOMPARE(table.rows[1][1], std::string("chosen on the first half"));
        QCOMPARE(table.rows[2], (Row{"chosen (0.1 and 0)", "each half under the other's choice",
                                     "55.0 ± 2.0", "n/a", "n/a", "n/a", "n/a"}));
        QCOMPARE(table.rows[3][2], std::string("61.0 ± 0.2"));
        QCOMPARE(table.rows[4][2], std::string("40.0"));
        const Table csv = trainSweepCsv(madeSweep());
        QCOMPARE(csv.rows[1],
                 (Row{"wd", "0.1", "60", "0.5", "70", "0.5", "", "", "", "", "", "", "2"}));
        for (const Row& row : csv.rows)
            QCOMPARE(row.size(), csv.header.size());
    }

    void sweepIsSaidInSentences()
    {
        const std::string text = describeTrainSweep(madeSweep());
        for (const char* part : {"reported on the other, and back: wd 0.1 and 0.",
                                 "On samples it was not chosen on it gives class-mean 55.0 ± 2.0.",
                                 "class-mean from 50.0 to 60.0, 10.0 points; 50 % of the values",
                                 "ce+samn gives class-mean 61.0 ± 0.2 without it."})
            QVERIFY2(text.find(part) != std::string::npos, text.c_str());
        TrainSweep none = madeSweep();
        none.chosen.clear();
        QVERIFY(describeTrainSweep(none).rfind("No value could be chosen on one half of test.npz",
                                               0) == 0);
    }
};

QTEST_APPLESS_MAIN(RetrainReportTest)
#include "tst_retrain_report.moc"
