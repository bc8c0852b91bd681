// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "fake_trainer.h"
#include "retrain/run.h"

using namespace monotail;
using namespace monotail::test;

namespace {

RunProblem problemOf(std::shared_ptr<const FeatureSet> validation)
{
    auto classes = std::make_shared<ClassSet>();
    classes->counts = {20, 5};
    classes->names = {"a", "b"};
    classes->countsSource = "counts.csv";
    auto head = std::make_shared<ClassifierHead>(headOf(allFirst.cast<float>(), {0, 0}));
    head->source.weight = "fc.weight";
    return {head, classes, {axisSamples(20, 5, "train.npz")}, std::move(validation), {}};
}

Recipe recipeOf(int epochs)
{
    Recipe recipe;
    recipe.epochs = epochs;
    return recipe;
}

/// Weights by epoch, the first for epoch 1.
FakeTrainer trainerOf(const std::vector<RowMatrixD>& weights)
{
    return FakeTrainer([weights](HeadState& state, const Recipe&, int epoch) {
        state.weight = weights[static_cast<std::size_t>(epoch) - 1];
    });
}

Run runOf(const RunProblem& problem, const std::vector<RowMatrixD>& weights,
          const EpochWatch& watch = {})
{
    return trainRun(problem, recipeOf(static_cast<int>(weights.size())), trainerOf(weights),
                    *makeEigenScorer(), watch);
}

} // namespace

class RunTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bestEpochOnValidationIsChosenAndItsHeadKept()
    {
        const Run run = runOf(problemOf(axisSamples(3, 2, "val.npz")),
                              {allWrong, allRight, allFirst, allRight});
        QCOMPARE(run.chosenEpoch, 2); // the first of equals
        QCOMPARE(run.chosenBy, std::string("class-mean accuracy on val.npz"));
        QCOMPARE(run.validatedOn, std::string("val.npz"));
        QCOMPARE(RowMatrixD(run.head->weight.cast<double>()), allRight);
        QCOMPARE(run.state.weight, allRight);
        QCOMPARE(run.epochs.size(), std::size_t(5));
        const auto classMean = [&](std::size_t epoch) {
            return run.epochs[epoch].validation->classMean;
        };
        QCOMPARE(classMean(0), Rate(50)); // the start: everything is class 0
        QCOMPARE(run.epochs[0].validation->top1, Rate(60));
        QCOMPARE(classMean(1), Rate(0));
        QCOMPARE(classMean(2), Rate(100));
        QCOMPARE(run.chosen().epoch, 2);
    }

    void lastEpochIsTakenWithoutValidation()
    {
        const Run run = runOf(problemOf(nullptr), {allRight, allWrong});
        QCOMPARE(run.chosenEpoch, 2);
        QCOMPARE(run.chosenBy, std::string("last epoch"));
        QCOMPARE(run.state.weight, allWrong);
        QVERIFY(!run.epochs[1].validation && run.validatedOn.empty());
    }

    void startIsNotElectedButSaidToBeBetter()
    {
        const Run run = runOf(problemOf(axisSamples(2, 2, "val.npz")), {allWrong, allWrong});
        QCOMPARE(run.chosenEpoch, 1);
        QVERIFY(std::find(run.warnings.begin(), run.warnings.end(),
                          "val.npz: the head as training started from it has the better class-mean "
                          "accuracy (50.00 against 0.00 % at epoch 1); training it so has not "
                          "helped") != run.warnings.end());
    }

    void noEpochsFoldTheStart()
    {
        RunProblem problem = problemOf(axisSamples(2, 2, "val.npz"));
        const FakeTrainer trainer = trainerOf({});
        const Run run = trainRun(problem, recipeOf(0), trainer, *makeEigenScorer());
        QVERIFY(trainer.seeds.empty());
        QCOMPARE(run.chosenEpoch, 0);
        QCOMPARE(run.chosenBy, std::string("no training"));
        QCOMPARE(run.head->weight, problem.head->weight);
        QCOMPARE(run.epochs.size(), std::size_t(1));
    }

    void eachEpochIsRecordedAndWatched()
    {
        std::vector<int> watched;
        const Run run = runOf(problemOf(nullptr), {allRight, 2 * allRight},
                              [&](const EpochRecord& record) { watched.push_back(record.epoch); });
        QCOMPARE(watched, (std::vector<int>{0, 1, 2}));
        QVERIFY(!run.epochs[0].loss && !run.epochs[0].rate);
        QCOMPARE(run.epochs[2].loss, std::optional(0.5));
        QCOMPARE(run.epochs[2].rate, std::optional(2.5e-4));
        QCOMPARE(run.epochs[2].norms, (std::vector<double>{2, 2}));
        QVERIFY(run.epochs[2].raw.empty());
        QCOMPARE(run.epochs[2].blocks, (std::vector<Block>{{0, 2, 2, 2}}));
        QCOMPARE(run.device, std::string("made-up device"));
        QCOMPARE(run.threads, 3);
        QCOMPARE(run.trainedOn, std::string("train.npz"));
    }

    void samnShowsItsRawAndItsBlocks()
    {
        RunProblem problem = problemOf(nullptr);
        auto classes = std::make_shared<ClassSet>(*problem.classes);
        Recipe recipe = recipeOf(1);
        recipe.norms = NormRule::Samn;
        const FakeTrainer trainer([](HeadState& state, const Recipe&, int) {
            state.rawNorm = {0.2, 0.6}; // against the order: pools to 0.4
        });
        const Run run = trainRun(problem, recipe, trainer, *makeEigenScorer());
        QCOMPARE(run.epochs[0].blocks.size(), std::size_t(2)); // 1 for the frequent one, 0
        QVERIFY(run.epochs[0].norms[0] < run.epochs[0].norms[1]);
        QCOMPARE(run.epochs[1].raw, (std::vector<double>{0.2, 0.6}));
        QCOMPARE(run.epochs[1].pooledRaw, (std::vector<double>{0.4, 0.4}));
        QCOMPARE(run.epochs[1].blocks, (std::vector<Block>{{0, 2, 0.4, 2}}));
        // 1 / (log(1 + e^0.4) + 2e-6) = 1.09527, and e to that = 2.98999
        QVERIFY(std::abs(run.epochs[1].norms[0] - 2.98999) < 1e-4);
        QVERIFY(run.head->hasBias());
    }

    void cancellingReachesIntoValidation()
    {
        const RunProblem problem = problemOf(axisSamples(2, 2, "val.npz"));
        int calls = 0;
        // The start is validated before any batch; the fourth call lies in epoch 1's validation.
        const Progress progress = [&](std::int64_t, std::int64_t) { return ++calls < 4; };
        bool cancelled = false;
        try {
            trainRun(problem, recipeOf(5), trainerOf(std::vector<RowMatrixD>(5, allRight)),
                     *makeEigenScorer(), {}, progress);
        } catch (const Cancelled&) {
            cancelled = true;
        }
        QVERIFY(cancelled);
        QCOMPARE(calls, 4);
    }

    void validationThatCannotBeIsRefused_data()
    {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("label");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("empty") << 0 << 0 << "val.npz: there are no samples to choose the epoch on";
        QTest::newRow("another class")
            << 1 << 2
            << "val.npz: sample 0 has label 2, but the head of fc.weight has 2 classes (0 to 1); "
               "the file belongs to another data set, or its labels are numbered differently";
    }

    void validationThatCannotBeIsRefused()
    {
        QFETCH(int, samples);
        QFETCH(int, label);
        QFETCH(QString, sentence);
        auto validation = axisSamples(samples, 0, "val.npz");
        if (samples > 0)
            validation->labels[0] = label;
        try {
            runOf(problemOf(validation), {allRight});
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(QString(error.what()), sentence);
        }
    }

    void refusedRecipeIsNotTrained()
    {
        Recipe recipe = recipeOf(1);
        recipe.norms = NormRule::Samn;
        recipe.maxNorm = 1;
        const FakeTrainer trainer = trainerOf({allRight});
        QVERIFY_EXCEPTION_THROWN(trainRun(problemOf(nullptr), recipe, trainer, *makeEigenScorer()),
                                 Error);
        QVERIFY(trainer.seeds.empty());
    }

    void whatFollowsIsLaidOnTheChosenHead()
    {
        RunProblem problem = problemOf(nullptr);
        Recipe recipe = recipeOf(1);
        const FakeTrainer trainer = trainerOf({4 * allRight});
        Run run = trainRun(problem, recipe, trainer, *makeEigenScorer());
        QCOMPARE(afterwards(run, *problem.classes).method, std::string("none"));
        run.recipe.afterwards.kind = MethodKind::Tau;
        run.recipe.afterwards.parameter = 0.5;
        const Rescaling rescaling = afterwards(run, *problem.classes);
        QCOMPARE(rescaling.method, std::string("tau=0.5"));
        QCOMPARE(rescaling.scale, (std::vector<double>{0.5, 0.5}));
        QCOMPARE(run.head->weight(0, 0), 4.F); // the head itself is before it
    }
};

QTEST_APPLESS_MAIN(RunTest)
#include "tst_run.moc"
