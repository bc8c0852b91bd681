// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs with the trainer of LibTorch, on the demo.
#include <QtTest>

#include "checkpoint/head.h"
#include "retrain/presets.h"
#include "retrain/run_study.h"
#include "support/shared_material.h"
#include "training.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::string demo(const char* name)
{
    return (demoFolder() / name).string();
}

struct Demo
{
    RunProblem problem;
    std::shared_ptr<const FeatureSet> test;
    std::unique_ptr<HeadTrainer> trainer;
    std::unique_ptr<Scorer> scorer = makeEigenScorer();
};

Demo openDemo()
{
    Demo out;
    const auto checkpoint = openCheckpoint(demo("stage1.pth.tar"));
    out.problem.head =
        std::make_shared<const ClassifierHead>(readHead(*checkpoint, chooseHead(*checkpoint, {})));
    out.problem.classes =
        std::make_shared<const ClassSet>(readClassSet(demo("counts.csv"), std::nullopt));
    out.problem.data.features =
        std::make_shared<const FeatureSet>(openFeatures(demo("features-train.safetensors")));
    out.test = std::make_shared<const FeatureSet>(openFeatures(demo("features-test.safetensors")));
    out.trainer = trainerOf(out.problem.data);
    return out;
}

} // namespace

class TrainingRunsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPresetRunsOnTheDemo()
    {
        const Demo demo = openDemo();
        for (const Preset& preset : presets()) {
            const Recipe recipe = presetRecipe(preset, *demo.problem.head);
            const auto runs = trainSeeds(demo.problem, recipe, 1, demo.test.get(), *demo.trainer,
                                         *demo.scorer, Keep::All);
            QVERIFY2(*runs[0].accuracy.classMean > 35, preset.name.c_str());
            // Weight decay trades some of the loss for smaller rows.
            if (recipe.weightDecay < 0.1)
                QVERIFY2(*runs[0].run.epochs.back().loss < *runs[0].run.epochs[1].loss,
                         preset.name.c_str());
        }
    }

    void sameSeedGivesTheSameRunAndAnotherOneAnother()
    {
        const Demo demo = openDemo();
        Recipe recipe = presetNamed("crt").recipe;
        recipe.epochs = 2;
        const auto headOf = [&](std::uint64_t seed) {
            recipe.seed = seed;
            return trainRun(demo.problem, recipe, *demo.trainer, *demo.scorer).head->weight;
        };
        const RowMatrix first = headOf(1);
        QCOMPARE(headOf(1), first);
        QVERIFY(headOf(2) != first);
    }

    void normsOfSamnNeverFallTowardTheTail()
    {
        const Demo demo = openDemo();
        const Run run =
            trainRun(demo.problem, presetNamed("ce+samn").recipe, *demo.trainer, *demo.scorer);
        const auto& counts = demo.problem.classes->counts;
        for (const EpochRecord& record : run.epochs)
            for (std::size_t a = 0; a < counts.size(); ++a)
                for (std::size_t b = 0; b < counts.size(); ++b)
                    QVERIFY(counts[a] <= counts[b] || record.norms[a] <= record.norms[b] + 1e-12);
        QVERIFY(run.epochs[0].blocks.size() > run.epochs.back().blocks.size());
    }

    void aTrainingThatDivergesIsSaid()
    {
        const Demo demo = openDemo();
        Recipe recipe;
        recipe.rate = 1e20;
        const Run run = trainRun(demo.problem, recipe, *demo.trainer, *demo.scorer);
        QVERIFY(std::any_of(run.warnings.begin(), run.warnings.end(), [](const std::string& text) {
            return text.find("the training has diverged") != std::string::npos;
        }));
        recipe.rate = 5e-4;
        QVERIFY(trainRun(demo.problem, recipe, *demo.trainer, *demo.scorer).warnings.empty());
    }

    void cancelledTrainingLeavesAtOnce()
    {
        const Demo demo = openDemo();
        Recipe recipe;
        recipe.epochs = 100000;
        int calls = 0;
        const Progress soon = [&](std::int64_t, std::int64_t) { return ++calls < 3; };
        QVERIFY_EXCEPTION_THROWN(
            trainRun(demo.problem, recipe, *demo.trainer, *demo.scorer, {}, soon), Cancelled);
        QCOMPARE(calls, 3);
    }
};

QTEST_APPLESS_MAIN(TrainingRunsTest)
#include "tst_training_runs.moc"
