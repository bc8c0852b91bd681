// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "evaluate/temperature.h"
#include "fake_trainer.h"
#include "retrain/run_study.h"

using namespace monotail;
using namespace monotail::test;

namespace {

RunProblem someProblem()
{
    auto classes = std::make_shared<ClassSet>();
    classes->counts = {20, 5};
    classes->names = {"a", "b"};
    auto head = std::make_shared<ClassifierHead>(headOf(allFirst.cast<float>(), {0, 0}));
    head->source.weight = "fc.weight";
    head->norms = {std::sqrt(2.0), std::sqrt(2.0)};
    return {head, classes, {axisSamples(20, 5, "train.npz")}, nullptr, {}};
}

/// Good at wd 0.1 only, and seed 1 is always bad.
FakeTrainer decayTrainer()
{
    return FakeTrainer([](HeadState& state, const Recipe& recipe, int) {
        state.weight = recipe.seed == 1            ? allWrong
                       : recipe.weightDecay == 0.1 ? allRight
                                                   : allFirst;
    });
}

Recipe shortRecipe()
{
    Recipe recipe;
    recipe.epochs = 1;
    return recipe;
}

MeasuredRun measured(std::uint64_t seed, double top1, const Rate& few)
{
    MeasuredRun out;
    out.run.recipe.seed = seed;
    out.accuracy.top1 = top1;
    out.accuracy.classMean = top1 / 2;
    out.accuracy.groups = {top1, std::nullopt, few};
    return out;
}

template <typename Work>
std::string errorOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

class RunStudyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void summaryIsMeanAndDeviationOverSeeds()
    {
        const SeedSummary summary = summarise(std::vector<MeasuredRun>{
            measured(0, 60, 1), measured(1, 50, std::nullopt), measured(2, 70, 3)});
        QCOMPARE(summary.runs, std::int64_t(3));
        QCOMPARE(summary.top1.mean, Rate(60));
        QCOMPARE(summary.top1.deviation, Rate(10)); // sqrt((0 + 100 + 100) / 2)
        QCOMPARE(summary.classMean.deviation, Rate(5));
        QVERIFY(!summary.groups[1].mean && !summary.groups[2].mean); // n/a in one: n/a
    }

    void aSeedThatWasRunTwiceCountsOnce()
    {
        const SeedSummary summary = summarise(
            std::vector<MeasuredRun>{measured(0, 60, 1), measured(0, 60, 1), measured(1, 50, 1)});
        QCOMPARE(summary.runs, std::int64_t(2));
        QCOMPARE(summary.top1.mean, Rate(55));
    }

    void oneRunHasNoDeviation()
    {
        const SeedSummary summary = summarise(std::vector<MeasuredRun>{measured(0, 60, 1)});
        QCOMPARE(summary.top1.mean, Rate(60));
        QVERIFY(!summary.top1.deviation);
    }

    void runsOfDifferentRecipesHaveNoMean()
    {
        std::vector<MeasuredRun> runs{measured(0, 60, 1), measured(1, 50, 1)};
        runs[1].run.recipe.epochs = 5;
        const std::string error = errorOf([&] { summarise(runs); });
        QVERIFY2(error.find("differ in more than the seed, so they have no mean") !=
                     std::string::npos,
                 error.c_str());
    }

    void seedsFollowEachOther()
    {
        Recipe recipe;
        recipe.seed = 7;
        const auto recipes = withSeeds(recipe, 3);
        QCOMPARE(recipes.size(), std::size_t(3));
        QCOMPARE(recipes[2].seed, std::uint64_t(9));
        QVERIFY(sameButSeed(recipes[0], recipes[2]));
        QCOMPARE(errorOf([&] { withSeeds(recipe, 0); }),
                 std::string("0 seeds: a whole number from 1 to 1000 is expected"));
        recipe.seed = ~std::uint64_t(0);
        QCOMPARE(errorOf([&] { withSeeds(recipe, 2); }),
                 std::string("seed 18446744073709551615: there are no 2 seeds from it on"));
    }

    void seedsAreTrainedMeasuredAndOnlyTheFirstHeadStays()
    {
        const RunProblem problem = someProblem();
        const FakeTrainer trainer = decayTrainer();
        const auto test = axisSamples(6, 2, "test.npz");
        const auto runs = trainSeeds(problem, withHyperparameter(shortRecipe(), "wd", 0.1), 2,
                                     test.get(), trainer, *makeEigenScorer(), Keep::First);
        QCOMPARE(trainer.seeds, (std::vector<std::uint64_t>{0, 1}));
        QCOMPARE(runs[0].accuracy.classMean, Rate(100));
        QCOMPARE(runs[1].accuracy.classMean, Rate(0));
        QVERIFY(runs[0].run.head && !runs[1].run.head);
        QVERIFY(runs[1].run.epochs[0].norms.empty() && !runs[1].run.chosen().norms.empty());
    }

    void whatFollowsTrainingIsMeasured()
    {
        const RunProblem problem = someProblem();
        const FakeTrainer trainer([](HeadState& state, const Recipe&, int) {
            state.weight = allRight;
            state.weight.row(1) *= 0.5;
            state.bias = {0, 0.8};
        });
        // Class 0 scores 1 against 0.8, at tau = 1 the same; 1 against 0.5 + 0.8 for class 1.
        Recipe recipe = shortRecipe();
        recipe.afterwards.kind = MethodKind::LogitAdjust;
        recipe.afterwards.parameter = 1; // log(20/25), log(5/25): class 1 gains 1.386
        const auto test = axisSamples(6, 2, "test.npz");
        const auto after =
            trainSeeds(problem, recipe, 1, test.get(), trainer, *makeEigenScorer(), Keep::None);
        QCOMPARE(after[0].accuracy.top1, Rate(25)); // all are class 1
        recipe.afterwards = Recipe().afterwards;
        const auto plain =
            trainSeeds(problem, recipe, 1, test.get(), trainer, *makeEigenScorer(), Keep::None);
        QCOMPARE(plain[0].accuracy.top1, Rate(100));
    }

    void sweepIsAPointForEachValue()
    {
        const RunProblem problem = someProblem();
        const FakeTrainer trainer = decayTrainer();
        const auto test = axisSamples(6, 2, "test.npz");
        std::int64_t last = 0;
        const TrainSweep sweep =
            sweepTraining(problem, shortRecipe(), parseTrainSweep("wd:0:0.2:0.1"), 2, *test,
                          trainer, *makeEigenScorer(), [&](std::int64_t done, std::int64_t total) {
                              const bool forward = done >= last && done <= total;
                              last = done;
                              return forward;
                          });
        QCOMPARE(trainer.seeds.size(), std::size_t(6));
        QCOMPARE(sweep.points.size(), std::size_t(3));
        QCOMPARE(sweep.points[1].value, 0.1);
        QCOMPARE(sweep.points[0].summary.classMean.mean, Rate(25)); // 50 and 0
        QCOMPARE(sweep.points[1].summary.classMean.mean, Rate(50)); // 100 and 0
        QCOMPARE(sweep.sensitivity.best, Rate(50));
        QCOMPARE(sweep.sensitivity.difference, Rate(25));
        QVERIFY(std::abs(*sweep.sensitivity.nearBest - 100.0 / 3) < 1e-9);
        QVERIFY(sweep.points[1].runs[0].predictions.predicted.empty());
        QVERIFY(!sweep.points[1].runs[0].run.head);
    }

    void valueIsChosenOnHalvesAndReportedOnTheOther()
    {
        const RunProblem problem = someProblem();
        const auto test = axisSamples(30, 30, "test.npz");
        const TrainSweep sweep = sweepTraining(problem, shortRecipe(), parseTrainSweep("wd:0,0.1"),
                                               1, *test, decayTrainer(), *makeEigenScorer());
        QCOMPARE(sweep.chosen, (std::vector<double>{0.1, 0.1}));
        QCOMPARE(sweep.chosenOn,
                 std::string("one half of test.npz (seed 0), reported on the other, and back"));
        QCOMPARE(sweep.chosenClassMean.mean, Rate(100));
    }

    void halvesMayChooseDifferently()
    {
        // Under wd = 0.1 exactly the samples of half 1 are right, under wd = 0 those of half 0:
        // each half chooses its own, and on the other one that is all wrong.
        const RunProblem problem = someProblem();
        const auto halves = splitHalves(40, 0);
        auto test = axisSamples(40, 0, "test.npz");
        RowMatrix rows(40, 2);
        for (std::size_t i = 0; i < 40; ++i) {
            test->labels[i] = static_cast<std::int64_t>(i % 2);
            rows.row(static_cast<Eigen::Index>(i)) << 0, 0;
            // With allRight the winner is the larger column, with allWrong the other one.
            const auto right = static_cast<Eigen::Index>(halves[i] == 1 ? i % 2 : 1 - i % 2);
            rows(static_cast<Eigen::Index>(i), right) = 1;
        }
        test->features = rowsOf(rows);
        const FakeTrainer trainer([](HeadState& state, const Recipe& recipe, int) {
            state.weight = recipe.weightDecay == 0.1 ? allRight : allWrong;
        });
        const TrainSweep sweep = sweepTraining(problem, shortRecipe(), parseTrainSweep("wd:0,0.1"),
                                               1, *test, trainer, *makeEigenScorer());
        QCOMPARE(sweep.chosen, (std::vector<double>{0, 0.1}));
        QCOMPARE(sweep.chosenClassMean.mean, Rate(0));
    }

    void valueIsChosenOnValidationWhereThereIsSome()
    {
        RunProblem problem = someProblem();
        problem.validation = axisSamples(4, 4, "val.npz");
        const auto test = axisSamples(0, 5, "test.npz");
        const TrainSweep sweep = sweepTraining(problem, shortRecipe(), parseTrainSweep("wd:0,0.1"),
                                               1, *test, decayTrainer(), *makeEigenScorer());
        QCOMPARE(sweep.chosen, std::vector<double>{0.1});
        QCOMPARE(sweep.chosenOn, std::string("validation features val.npz"));
        QCOMPARE(sweep.chosenClassMean.mean, Rate(100));
    }

    void whatFollowsTrainingIsSweptWithoutTrainingAgain()
    {
        RunProblem problem = someProblem();
        problem.validation = axisSamples(4, 4, "val.npz");
        const FakeTrainer trainer([](HeadState& state, const Recipe&, int) {
            // Row 0 so large that it wins everything until norms are equal.
            state.weight = (RowMatrixD(2, 2) << 8, 4, 0, 1).finished();
        });
        const auto test = axisSamples(5, 5, "test.npz");
        const TrainSweep sweep =
            sweepTraining(problem, shortRecipe(), parseTrainSweep("then-tau:0:1:1"), 2, *test,
                          trainer, *makeEigenScorer());
        QCOMPARE(trainer.seeds, (std::vector<std::uint64_t>{0, 1}));
        QCOMPARE(sweep.points[0].summary.top1.mean, Rate(50));
        QCOMPARE(sweep.points[1].summary.top1.mean, Rate(100));
        QCOMPARE(sweep.chosen, std::vector<double>{1}); // validation is under tau, too
        QCOMPARE(sweep.points[1].runs[1].run.recipe.seed, std::uint64_t(1));
    }

    void parameterWithoutEffectIsRefusedBeforeAnyTraining()
    {
        const FakeTrainer trainer = decayTrainer();
        const auto test = axisSamples(5, 5, "test.npz");
        const std::string error = errorOf([&] {
            sweepTraining(someProblem(), shortRecipe(), parseTrainSweep("beta:0.9,0.99"), 1, *test,
                          trainer, *makeEigenScorer());
        });
        QVERIFY2(error.rfind("sweep beta: beta has no effect on the recipe sampling=instance "
                             "loss=ce ",
                             0) == 0,
                 error.c_str());
        QVERIFY(trainer.seeds.empty());
    }

    void headItselfIsALineBesideTheSweep()
    {
        const RunProblem problem = someProblem();
        const auto test = axisSamples(6, 2, "test.npz");
        Method none;
        none.kind = MethodKind::None;
        const SweepLine line = measuredLine(problem, none, *test, *makeEigenScorer());
        QCOMPARE(line.name, std::string("none"));
        QCOMPARE(line.summary.top1.mean, Rate(75));
        QCOMPARE(line.summary.classMean.mean, Rate(50));
        QVERIFY(!line.summary.classMean.deviation);
    }
};

QTEST_APPLESS_MAIN(RunStudyTest)
#include "tst_run_study.moc"
