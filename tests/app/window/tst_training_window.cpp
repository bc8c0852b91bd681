// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 2 in the main window: on the demo, with LibTorch where it is there.
#include "app/held_trainer.h"
#include "charts/curve_chart.h"
#include "charts/norm_chart.h"
#include "evaluate/torch_engine.h"
#include "views/runs_panel.h"
#include "views/training_panel.h"
#include "window_under_test.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow

bool hasTorch()
{
    try {
        loadTorchEngine();
        return true;
    } catch (const Error&) {
        return false;
    }
}

struct Retraining : WindowUnderTest
{
    std::shared_ptr<Hold> hold = std::make_shared<Hold>();

    explicit Retraining(bool isMadeUp = true)
    {
        if (isMadeUp)
            session.training().setTrainerMaker(heldTrainers(hold));
        session.openDemo();
    }
    bool open()
    {
        return QTest::qWaitFor([&] { return isSettled(); }, patience) && raise() &&
               QTest::qWaitFor([&] { return session.training().refusal().isEmpty(); }, patience);
    }
    bool raise()
    {
        find<QDockWidget>("retrain")->raise();
        QCoreApplication::processEvents();
        return true;
    }
    void click(const char* button) { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
    bool isOver() { return !session.training().running() && session.training().waiting() == 0; }
    QAbstractItemModel* runs() { return find<RunsPanel>()->findChild<QTableView*>()->model(); }
};

} // namespace

class TrainingWindowTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theDemoIsRetrainedWithSamn()
    {
        if (!hasTorch())
            QSKIP("there is no LibTorch");
        Retraining app(false);
        QVERIFY(app.open());
        app.find<QSpinBox>("epochs")->setValue(3);
        app.click("startTraining");
        QTRY_VERIFY_WITH_TIMEOUT(app.isOver(), patience);
        const KeptRun& run = app.session.training().runs().front();
        QVERIFY2(run.state == RunState::Done, qPrintable(run.problem));
        QCOMPARE(run.epochs.size(), 4U);
        QVERIFY(run.epochs[3].loss < run.epochs[1].loss);
        const auto& norms = run.epochs[0].norms; // 4.23 (rarest) to 2.14 (most frequent)
        const auto [least, most] = std::minmax_element(norms.begin(), norms.end());
        QVERIFY(std::abs(*least - 2.14) < 0.01 && std::abs(*most - 4.23) < 0.01);
        QVERIFY(run.result->accuracy.classMean.value_or(0) > 68.3); // stage 1's
    }

    void aStartShowsTheRunAndItsRow()
    {
        Retraining app;
        QVERIFY(app.open());
        app.click("startTraining");
        QTRY_VERIFY_WITH_TIMEOUT(app.isOver(), patience);
        QVERIFY(app.find<TrainingPanel>()->isVisible());
        QVERIFY(app.find<RunsPanel>()->isVisible());
        QCOMPARE(app.runs()->rowCount(), 2); // the checkpoint's, and the run
        QTRY_VERIFY(!app.find<TrainingPanel>()->curveChart().data().isEmpty());
    }

    void twoRunsAreQueuedAndBothAreDone()
    {
        Retraining app;
        QVERIFY(app.open());
        app.hold->closed = true;
        app.click("startTraining");
        QTRY_COMPARE_WITH_TIMEOUT(app.hold->trained.load(), 1, patience);
        app.click("startTraining");
        QCOMPARE(app.session.training().waiting(), 1);
        app.hold->closed = false;
        QTRY_VERIFY_WITH_TIMEOUT(app.isOver(), patience);
        for (const KeptRun& run : app.session.training().runs())
            QVERIFY(run.state == RunState::Done);
    }

    void cancelLeavesTheWindowAsItWas()
    {
        Retraining app;
        QVERIFY(app.open());
        app.hold->closed = true;
        app.click("startTraining");
        QTRY_COMPARE_WITH_TIMEOUT(app.hold->trained.load(), 1, patience);
        app.click("cancelTraining");
        QTRY_VERIFY_WITH_TIMEOUT(!app.session.jobs().isBusy(), patience);
        QVERIFY(app.find<QPushButton>("startTraining")->isEnabled());
        QVERIFY(app.isSettled());
    }

    void theWindowClosesWhileARunGoesOn()
    {
        const auto hold = std::make_shared<Hold>();
        {
            Retraining app;
            app.session.training().setTrainerMaker(heldTrainers(hold));
            QVERIFY(app.open());
            hold->closed = true;
            app.click("startTraining");
            app.click("startTraining");
            QTRY_COMPARE_WITH_TIMEOUT(hold->trained.load(), 1, patience);
            QVERIFY(app.window.close());
        }
        QCOMPARE(hold->trained.load(), 1); // the second did not begin
        QCOMPARE(hold.use_count(), 1L);    // and nothing of the first is left
    }

    void theHeadOfARunSaysWhoseItIsAndHowToGoBack()
    {
        Retraining app;
        QVERIFY(app.open());
        QVERIFY(!app.find<QLabel>("trainedHead")->isVisible());
        app.click("startTraining");
        QTRY_VERIFY_WITH_TIMEOUT(app.isOver(), patience);
        app.session.useHead(1);
        QTRY_VERIFY_WITH_TIMEOUT(app.find<QLabel>("trainedHead")->isVisible(), patience);
        QVERIFY(app.find<QLabel>("trainedHead")->text().contains("run 1: ce+samn"));
        QVERIFY(app.window.windowTitle().contains("run 1: ce+samn"));
        app.click("ownHead");
        QVERIFY(!app.find<QLabel>("trainedHead")->isVisible());
        QVERIFY(!app.window.windowTitle().contains("run 1"));
    }

    void theHeadOfARunIsExported()
    {
        Retraining app;
        QVERIFY(app.open());
        app.hold->growth = 0.5;
        app.find<QComboBox>("preset")->setCurrentIndex(0); // a linear head
        Q_EMIT app.find<QComboBox>("preset")->activated(0);
        app.find<QSpinBox>("epochs")->setValue(1);
        app.click("startTraining");
        QTRY_VERIFY_WITH_TIMEOUT(app.isOver(), patience);
        const auto own = app.session.snapshot().document;
        app.session.useHead(1);
        QTRY_VERIFY_WITH_TIMEOUT(app.session.snapshot().document->run == 1, patience);
        Choices none = app.session.snapshot().choices;
        none.method = MethodKind::None;
        app.session.change(none, "none");
        const std::filesystem::path target = app.folder.filePath("run.pth.tar").toStdString();
        QSignalSpy exported(&app.session, &Session::exported);
        app.session.exportCheckpoint(target, Overwrite::Refuse);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, patience);
        const auto written = openCheckpoint(target);
        const ClassifierHead head = readHead(*written, own->head->source);
        QVERIFY(head.weight.isApprox(1.5F * own->head->weight, 1e-6F));
    }
};

QTEST_MAIN(TrainingWindowTest)
#include "tst_training_window.moc"
