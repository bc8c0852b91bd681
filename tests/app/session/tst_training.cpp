// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 2 in the session, on the demo with a made-up trainer.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/held_trainer.h"
#include "models/pair_data.h"
#include "models/run_rows.h"
#include "session/demo.h"
#include "session/session.h"
#include "session/session_file.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow

struct Opened
{
    std::shared_ptr<Hold> hold = std::make_shared<Hold>();
    Session session;
    Training& training{session.training()};

    Opened()
    {
        training.setTrainerMaker(heldTrainers(hold));
        training.setWanted(true);
        session.openDemo();
    }
    const Snapshot& now() const { return session.snapshot(); }
    bool isReady() { return now().accuracy && training.opened() && !session.jobs().isBusy(); }
    void plan(const Recipe& recipe, int seeds = 1, const std::string& sweep = {})
    {
        TrainingPlan plan = training.plan();
        plan.recipe = recipe;
        plan.seeds = seeds;
        plan.sweep = sweep;
        training.setPlan(plan);
    }
    bool isOver() { return !training.running() && training.waiting() == 0; }
};

std::vector<RunState> statesOf(const Training& training)
{
    std::vector<RunState> states;
    for (const KeptRun& run : training.runs())
        states.push_back(run.state);
    return states;
}

} // namespace

class TrainingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theDemoBringsItsTrainingData()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        QCOMPARE(opened.training.opened()->problem.data.samples(), std::int64_t(2238));
        QCOMPARE(opened.training.refusal(), QString());
    }

    void aRunThatChangesNothingMeasuresAsTheCheckpointsHead()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(3));
        QSignalSpy epochs(&opened.training, &Training::epochsChanged);
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        const KeptRun& run = opened.training.runs().front();
        QVERIFY(run.state == RunState::Done);
        QCOMPARE(run.epochs.size(), 4U); // the start and three
        QCOMPARE(run.chosenEpoch, 3);
        QVERIFY(isMeasured(run));
        QCOMPARE(QString::number(*run.result->accuracy.top1, 'f', 2), "68.31"); // demo's README
        QCOMPARE(opened.now().runs.size(), 1U);
    }

    void epochsArriveWhileTheRunGoesOn()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(3));
        opened.hold->closed = true;
        opened.training.start();
        QTRY_COMPARE_WITH_TIMEOUT(opened.training.runs().front().epochs.size(), 1U, patience);
        QVERIFY(opened.training.running());
        opened.hold->closed = false;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
    }

    void runsWaitForEachOther()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(2));
        opened.hold->closed = true;
        opened.training.start();
        opened.plan(plainRecipe(1));
        opened.training.start();
        QTRY_COMPARE_WITH_TIMEOUT(opened.hold->trained.load(), 1, patience);
        QVERIFY((statesOf(opened.training) == std::vector{RunState::Running, RunState::Waiting}));
        opened.hold->closed = false;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        QVERIFY((statesOf(opened.training) == std::vector{RunState::Done, RunState::Done}));
    }

    void cancellingWithinABatchKeepsWhatIsFinished()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(1));
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        opened.hold->closed = true;
        opened.plan(plainRecipe(5), 3);
        opened.training.start();
        QTRY_COMPARE_WITH_TIMEOUT(opened.hold->trained.load(), 2, patience);
        opened.training.cancelAll();
        QVERIFY((statesOf(opened.training) ==
                 std::vector{RunState::Done, RunState::Cancelled})); // those that waited are gone
        QTRY_VERIFY_WITH_TIMEOUT(!opened.session.jobs().isBusy(), patience);
        QVERIFY(isMeasured(opened.training.runs().front()));
        QVERIFY(opened.training.runs().back().result == nullptr);
    }

    void theStatusBarCancelsOneRunAndTheNextBegins()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.hold->closed = true;
        opened.plan(plainRecipe(2), 2);
        opened.training.start();
        QTRY_COMPARE_WITH_TIMEOUT(opened.hold->trained.load(), 1, patience);
        opened.session.jobs().cancelCurrent();
        QTRY_COMPARE_WITH_TIMEOUT(opened.hold->trained.load(), 2, patience);
        opened.hold->closed = false;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        QVERIFY((statesOf(opened.training) == std::vector{RunState::Cancelled, RunState::Done}));
    }

    void aRunThatFailsSaysWhyAndOthersGoOn()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.hold->failing = 1;
        opened.plan(plainRecipe(1), 3);
        QSignalSpy failed(&opened.session, &Session::failed);
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        QVERIFY((statesOf(opened.training) ==
                 std::vector{RunState::Done, RunState::Failed, RunState::Done}));
        QCOMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].toString(),
                 "the loss is not finite in epoch 1: take a smaller learning rate");
        QCOMPARE(opened.training.find(2)->problem, failed[0][0].toString());
    }

    void theSessionEndsWhileARunGoesOn()
    {
        const auto hold = std::make_shared<Hold>();
        hold->closed = true; // it would never end by itself
        {
            Session session;
            session.training().setTrainerMaker(heldTrainers(hold));
            session.training().setWanted(true);
            session.openDemo();
            QTRY_VERIFY_WITH_TIMEOUT(session.training().refusal().isEmpty(), patience);
            session.training().start();
            QTRY_COMPARE_WITH_TIMEOUT(hold->trained.load(), 1, patience);
        }
        QCOMPARE(hold.use_count(), 1L); // nothing of it is left
    }

    void closingTheDocumentEndsItsRuns()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.hold->closed = true;
        opened.training.start();
        opened.session.close();
        QVERIFY(opened.training.runs().empty());
        QTRY_VERIFY_WITH_TIMEOUT(!opened.session.jobs().isBusy(), patience);
    }

    void seedsHaveAMeanAndADeviation()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(1), 3);
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        const auto own = opened.now().document;
        const std::vector<RunRow> rows = runRows(own.get(), {}, opened.training.runs());
        QCOMPARE(rows.size(), 5U); // the checkpoint's, three runs, their mean
        QVERIFY(rows.front().kind == RunRow::Kind::Own);
        QVERIFY(rows.back().kind == RunRow::Kind::Spread);
        QCOMPARE(runCell(rows.back(), RunColumn::Top1), QString("68.31 \u00b1 0.00"));
        QCOMPARE(runCell(rows.front(), RunColumn::Top1), "68.31");
    }

    void whatFollowsTrainingIsSweptWithoutTrainingAgain()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(1), 1, "then-tau:0,0.5,1");
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        QCOMPARE(opened.training.runs().size(), 3U);
        QCOMPARE(opened.hold->trained.load(), 1);
        const auto top1 = [&](int number) {
            return *opened.training.find(number)->result->accuracy.top1;
        };
        QCOMPARE(QString::number(top1(1), 'f', 2), "68.31"); // tau = 0 changes nothing
        QVERIFY(top1(3) > top1(1));
    }

    void whatIsRefusedIsSaidAndNotStarted()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        Recipe recipe = presetNamed("ce+samn").recipe;
        recipe.maxNorm = 1;
        opened.plan(recipe);
        QVERIFY(opened.training.refusal().contains("MaxNorm caps norms that are free"));
        QSignalSpy failed(&opened.session, &Session::failed);
        opened.training.start();
        QCOMPARE(failed.size(), 1);
        QVERIFY(opened.training.runs().empty());
    }

    void dataThatCannotBeReadAreNamed()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        TrainingPlan plan = opened.training.plan();
        plan.sources.features = "/nowhere/train.npz";
        opened.training.setPlan(plan);
        QTRY_VERIFY_WITH_TIMEOUT(opened.training.refusal().contains("/nowhere/train.npz"),
                                 patience);
    }

    void validatingOnWhatIsReportedIsWarnedAbout()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        TrainingPlan plan = opened.training.plan();
        plan.sources.validation = opened.now().document->inputs.data;
        opened.training.setPlan(plan);
        const Warnings warnings = opened.training.warnings();
        QVERIFY(std::any_of(warnings.begin(), warnings.end(), [](const std::string& warning) {
            return warning.find("chooses the epoch and is reported on") != std::string::npos;
        }));
    }

    void aRunsHeadTakesThePlaceOfTheCheckpoints()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.hold->growth = 0.5;
        opened.plan(plainRecipe(1));
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        const auto own = opened.now().document;
        opened.session.useHead(1);
        QTRY_VERIFY_WITH_TIMEOUT(opened.now().document != own, patience);
        const Document& used = *opened.now().document;
        QCOMPARE(used.headLabel, "run 1: ce");
        QCOMPARE(used.run, 1);
        QVERIFY(used.own == own);
        for (std::size_t c = 0; c < 10; ++c)
            QVERIFY(qFuzzyCompare(used.head->norms[c], 1.5 * own->head->norms[c]) ||
                    std::abs(used.head->norms[c] - 1.5 * own->head->norms[c]) < 1e-5);
        QVERIFY(!used.base->stored && !used.base->witness);
        QTRY_VERIFY_WITH_TIMEOUT(opened.now().accuracy && opened.now().accuracy->settled, patience);
        opened.session.useHead(0);
        QVERIFY(opened.now().document == own);
        QVERIFY(opened.training.find(1)); // the run stays
    }

    void aRunIsComparedWithTheCheckpointsHead()
    {
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        opened.plan(plainRecipe(1));
        opened.training.start();
        QTRY_VERIFY_WITH_TIMEOUT(opened.isOver(), patience);
        opened.session.setPairWanted(true);
        const Sides sides{{Side::Kind::AsItIs, {}, 0}, {Side::Kind::Run, {}, 1}};
        opened.session.setSides(sides);
        QTRY_VERIFY_WITH_TIMEOUT(opened.now().pair && opened.now().pair->sides == sides, patience);
        QCOMPARE(QString::fromStdString(opened.now().pair->result.after.name), "run 1: ce");
        QCOMPARE(opened.now().pair->result.comparison.gained, std::int64_t(0));
        opened.training.remove(1);
        QVERIFY(opened.now().sides.after.kind == Side::Kind::Shown);
    }

    void aSessionFileKeepsThePlan()
    {
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.filePath("a.monotail.json").toStdString());
        Opened opened;
        QTRY_VERIFY_WITH_TIMEOUT(opened.isReady(), patience);
        TrainingPlan plan = opened.training.plan();
        plan.recipe = presetNamed("tau").recipe;
        plan.recipe.maxNorm = 0.25;
        plan.recipe.preset.clear();
        plan.seeds = 4;
        plan.sweep = "lr:0.1,0.2";
        plan.sources.validation = plan.sources.features;
        opened.training.setPlan(plan);
        saveSession(opened.now(), {}, file, Overwrite::Refuse);
        const SavedSession saved = readSession(file);
        QVERIFY(saved.training.recipe == plan.recipe);
        QCOMPARE(saved.training.seeds, 4);
        QCOMPARE(saved.training.sweep, plan.sweep);
        Session again;
        again.openSaved(saved);
        QTRY_VERIFY_WITH_TIMEOUT(again.snapshot().hasCounts(), patience);
        QVERIFY(again.training().plan().recipe == plan.recipe);
        QVERIFY(std::filesystem::equivalent(again.training().plan().sources.validation,
                                            plan.sources.features));
    }
};

QTEST_MAIN(TrainingTest)
#include "tst_training.moc"
