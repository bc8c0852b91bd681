// SPDX-License-Identifier: GPL-3.0-or-later
// The table of runs and what their charts show.
#include <QAbstractItemModelTester>
#include <QtTest>
#include <cmath>

#include "models/run_model.h"
#include "models/training_charts.h"

using namespace monotail;

namespace {

/// Three classes of 100, 10 and 10 images.
std::shared_ptr<const Document> threeClasses()
{
    auto document = std::make_shared<Document>();
    document->inputs.checkpoint = "model.pth";
    auto head = std::make_shared<ClassifierHead>();
    head->weight = RowMatrix::Identity(3, 3);
    head->bias = Eigen::VectorXf::Zero(3);
    head->norms = {1, 1, 1};
    document->head = head;
    auto classes = std::make_shared<ClassSet>();
    classes->counts = {10, 100, 10};
    document->classes = classes;
    document->names = {"a", "b", "c"};
    return document;
}

std::shared_ptr<const OpenedTraining> trainingOf(const std::shared_ptr<const Document>& document)
{
    auto training = std::make_shared<OpenedTraining>();
    training->document = document;
    training->sources.features = "train.npz";
    return training;
}

KeptRun madeRun(int number, double classMean, const Recipe& recipe,
                const std::shared_ptr<const OpenedTraining>& on)
{
    KeptRun run;
    run.number = run.request = number;
    run.recipe = recipe;
    run.on = on;
    run.state = RunState::Done;
    auto result = std::make_shared<MeasuredRun>();
    result->run.recipe = recipe;
    result->run.number = number;
    EpochRecord start, last;
    start.norms = {1, 1, 1};
    last.epoch = 1;
    last.loss = 0.5 / number;
    last.norms = {3, 1, 2};
    last.blocks = {{0, 1, 1, 1}, {1, 3, 2.5, 2}};
    result->run.epochs = {start, last};
    result->run.chosenEpoch = 1;
    result->run.chosenBy = "last epoch";
    result->predictions.predicted = {0};
    result->accuracy.classMean = classMean;
    result->accuracy.top1 = classMean;
    run.epochs = result->run.epochs;
    run.chosenEpoch = 1;
    run.result = result;
    return run;
}

Recipe seeded(std::uint64_t seed)
{
    Recipe recipe = presetNamed("ce").recipe;
    recipe.seed = seed;
    return recipe;
}

QStringList column(const RunModel& model, RunColumn column)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts << model.index(row, static_cast<int>(column)).data().toString();
    return texts;
}

} // namespace

class RunModelsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theModelKeepsTheRulesOfModels()
    {
        const auto on = trainingOf(threeClasses());
        RunModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<KeptRun> runs{madeRun(1, 50, seeded(0), on)};
        model.setRows(runRows(nullptr, {}, runs), 0);
        runs.push_back(madeRun(2, 60, seeded(1), on));
        model.setRows(runRows(nullptr, {}, runs), 2);
        model.sort(static_cast<int>(RunColumn::ClassMean), Qt::DescendingOrder);
        runs.front() = madeRun(1, 70, seeded(0), on); // now the first
        model.setRows(runRows(nullptr, {}, runs), 1);
        QCOMPARE(model.rowCount(), 3);
        model.setRows({}, 0);
        QCOMPARE(model.rowCount(), 0);
    }

    void numbersAreSortedAsNumbersAndAbsentOnesAreLast()
    {
        const auto on = trainingOf(threeClasses());
        Recipe other = presetNamed("lws").recipe, third = presetNamed("crt").recipe;
        std::vector<KeptRun> runs{madeRun(1, 9.5, seeded(0), on), madeRun(2, 10, other, on),
                                  madeRun(3, 100, third, on)};
        runs.push_back(runs.front());
        runs.back().number = 4;
        runs.back().state = RunState::Failed;
        runs.back().result.reset();
        runs.back().chosenEpoch = -1;
        RunModel model;
        model.setRows(runRows(nullptr, {}, runs), 0);
        model.sort(static_cast<int>(RunColumn::ClassMean), Qt::AscendingOrder);
        QCOMPARE(column(model, RunColumn::ClassMean),
                 (QStringList{"9.50", "10.00", "100.00", "n/a"}));
        model.sort(static_cast<int>(RunColumn::ClassMean), Qt::DescendingOrder);
        QCOMPARE(column(model, RunColumn::ClassMean),
                 (QStringList{"100.00", "10.00", "9.50", "n/a"}));
    }

    void seedsHaveAMeanBehindTheLastOfThem()
    {
        const auto on = trainingOf(threeClasses());
        const std::vector<RunRow> rows =
            runRows(nullptr, {},
                    {madeRun(1, 50, seeded(0), on), madeRun(2, 80, presetNamed("lws").recipe, on),
                     madeRun(3, 54, seeded(1), on)});
        QCOMPARE(rows.size(), 4U);
        QVERIFY(rows[3].kind == RunRow::Kind::Spread);
        QCOMPARE(rows[3].runs, (std::vector{1, 3}));
        QCOMPARE(runCell(rows[3], RunColumn::ClassMean), QString("52.00 \u00b1 2.83"));
    }

    void runsOnOtherDataHaveNoCommonMean()
    {
        const auto document = threeClasses();
        const std::vector<RunRow> rows = runRows(nullptr, {},
                                                 {madeRun(1, 50, seeded(0), trainingOf(document)),
                                                  madeRun(2, 54, seeded(1), trainingOf(document))});
        QCOMPARE(rows.size(), 2U);
    }

    void theCsvHasFullNumbersOneToAColumn()
    {
        const auto on = trainingOf(threeClasses());
        const Table table = runCsv(runRows(nullptr, {}, {madeRun(1, 50.125, seeded(7), on)}));
        const auto cell = [&](const std::string& name) {
            const auto at = std::find(table.header.begin(), table.header.end(), name);
            return table.rows.front()[static_cast<std::size_t>(at - table.header.begin())];
        };
        QCOMPARE(cell("class_mean"), "50.125");
        QCOMPARE(cell("seed"), "7");
        QCOMPARE(cell("few"), "");
        QCOMPARE(cell("chosen_by"), "last epoch");
    }

    void normsOfAnEpochStandInOrderOfFrequency()
    {
        const auto document = threeClasses();
        const KeptRun run = madeRun(1, 50, seeded(0), trainingOf(document));
        const NormChartData chart = epochNormData(*document, run, 1, NormSpace::Norms);
        QCOMPARE(chart.classes.classOf, (std::vector<std::int64_t>{1, 0, 2}));
        QCOMPARE(chart.after, (std::vector<double>{1, 3, 2}));
        QCOMPARE(chart.before, (std::vector<double>{1, 1, 1})); // of the start
        QCOMPARE(chart.blocks.size(), 2U);
        QCOMPARE(chart.blocks[1].value, 2.5);
        QCOMPARE(chart.least, 1.0); // the same scale for every epoch
        QCOMPARE(chart.most, 3.0);
        QVERIFY(epochNormData(*document, run, 2, NormSpace::Norms).classes.classOf.empty());
        QVERIFY(epochNormData(*document, run, 1, NormSpace::Raw).classes.classOf.empty());
    }

    void samnShowsItsBlocksInBothSpaces()
    {
        const auto document = threeClasses();
        KeptRun run = madeRun(1, 50, presetNamed("ce+samn").recipe, trainingOf(document));
        for (EpochRecord& record : run.epochs) {
            record.norms = {4, 2, 4};
            record.raw = {0.1, 0.9, 0.3};
            record.pooledRaw = {0.2, 0.9, 0.2};
            record.blocks = {{0, 1, 0.9, 1}, {1, 3, 0.2, 2}};
        }
        const NormChartData norms = epochNormData(*document, run, 1, NormSpace::Norms);
        QCOMPARE(norms.blocks[1].value, 4.0); // the norm that 0.2 becomes
        const NormChartData raw = epochNormData(*document, run, 1, NormSpace::Raw);
        QCOMPARE(raw.blocks[1].value, 0.2);
        QCOMPARE(raw.before, (std::vector<double>{0.9, 0.1, 0.3}));
        QCOMPARE(raw.after, (std::vector<double>{0.9, 0.2, 0.2}));
    }

    void curvesReachOverAllEpochsThatThereWillBe()
    {
        KeptRun run = madeRun(1, 50, seeded(0), trainingOf(threeClasses()));
        run.recipe.epochs = 5;
        const CurveChartData loss = lossCurve(run, 1);
        QCOMPARE(loss.xs.size(), 6U);
        QVERIFY(std::isnan(loss.lines[0].values[0])); // the start has no loss
        QCOMPARE(loss.lines[0].values[1], 0.5);
        QCOMPARE(loss.now->x(), 1.0);
        QVERIFY(loss.unit == CurveUnit::None);
        QVERIFY(validationCurve(run, 1).isEmpty());
        for (EpochRecord& record : run.epochs)
            record.validation = CurvePoint{40, 50, {60, std::nullopt, 20}};
        const CurveChartData accuracy = validationCurve(run, 1);
        QCOMPARE(accuracy.lines.size(), 5U);
        QCOMPARE(accuracy.lines[0].values[1], 50.0);
        QVERIFY(std::isnan(accuracy.lines[3].values[1])); // a group without classes
    }

    void aSweepHasItsRangeAndTheOthersAsLinesAcross()
    {
        const auto on = trainingOf(threeClasses());
        std::vector<KeptRun> runs{madeRun(1, 53, presetNamed("ce+samn").recipe, on)};
        const double classMeans[] = {50, 53.4, 49.3};
        const double values[] = {1e-4, 1e-2, 1};
        for (std::size_t i = 0; i < 3; ++i) {
            Recipe recipe = seeded(0);
            recipe.preset.clear();
            recipe.weightDecay = values[i];
            runs.push_back(madeRun(static_cast<int>(i) + 2, classMeans[i], recipe, on));
            runs.back().request = 2;
            runs.back().swept = SweptValue{"wd", values[i]};
        }
        const CurveChartData curve = runSweepCurve(runs, 2);
        QCOMPARE(curve.xs, (std::vector<double>{-4, -2, 0})); // decades apart: logarithmic
        QCOMPARE(curve.xNames, (std::vector<QString>{"1e-04", "0.01", "1"}));
        QCOMPARE(curve.levels.size(), 1U);
        QCOMPARE(curve.levels[0].value, 53.0);
        QVERIFY(runSweepSummary(runs, 2).contains("best less worst 4.10 points"));
        QVERIFY(runSweepCurve(runs, 1).isEmpty());
    }
};

QTEST_MAIN(RunModelsTest)
#include "tst_run_models.moc"
