// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "app/held_trainer.h"
#include "app/panels/opened.h"
#include "views/retrain_panel.h"
#include "views/runs_panel.h"
#include "views/training_panel.h"
#include "words/recipe_words.h"

using namespace monotail;
using namespace monotail::test;

namespace {

struct Retraining
{
    std::shared_ptr<Hold> hold = std::make_shared<Hold>();
    Session session;
    RetrainPanel panel{session};

    Retraining()
    {
        session.training().setTrainerMaker(heldTrainers(hold));
        panel.resize(380, 900);
        panel.show();
        session.openDemo();
    }
    bool isReady()
    {
        return QTest::qWaitFor(
            [&] {
                return session.snapshot().accuracy && session.training().opened() &&
                       !session.jobs().isBusy();
            },
            patience);
    }
    template <typename Widget>
    Widget* find(const char* name) const
    {
        return panel.findChild<Widget*>(QString(name));
    }
    void choose(const char* name, int index) const
    {
        auto* box = find<QComboBox>(name);
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    void type(const char* name, const QString& text) const
    {
        auto* edit = find<QLineEdit>(name);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    const Recipe& recipe() { return session.training().plan().recipe; }
};

} // namespace

class RetrainPanelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyNumbersWithAnEffectAreShown()
    {
        Retraining now;
        QVERIFY(now.isReady());
        QVERIFY(!now.find<QLineEdit>("las-head")->isVisible());
        now.choose("loss", static_cast<int>(LossKind::LabelAwareSmoothing));
        QVERIFY(now.find<QLineEdit>("las-head")->isVisible());
        QVERIFY(!now.find<QLineEdit>("beta")->isVisible());
        QVERIFY(!now.find<QLineEdit>("wd")->isVisible());
        now.choose("constraint", static_cast<int>(Constraint::WeightDecay));
        QVERIFY(now.find<QLineEdit>("wd")->isVisible());
    }

    void everyPresetNamesItsSource()
    {
        Retraining now;
        QVERIFY(now.isReady());
        for (std::size_t i = 0; i < presets().size(); ++i) {
            now.choose("preset", static_cast<int>(i));
            QCOMPARE(QString::fromStdString(now.recipe().preset),
                     QString::fromStdString(presets()[i].name));
            const QString tip = now.find<QComboBox>("preset")->toolTip();
            QVERIFY(tip.contains(QString::fromStdString(presets()[i].title)));
        }
    }

    void aChangeMakesThePresetOnesOwnAndBack()
    {
        Retraining now;
        QVERIFY(now.isReady());
        now.choose("sampling", static_cast<int>(Sampling::SquareRoot));
        QCOMPARE(now.recipe().preset, std::string());
        QCOMPARE(now.find<QComboBox>("preset")->currentText(), "your own");
        now.choose("sampling", static_cast<int>(Sampling::Instance));
        QCOMPARE(now.recipe().preset, std::string("ce+samn"));
        now.find<QSpinBox>("seed")->setValue(5); // no other recipe
        QCOMPARE(now.recipe().preset, std::string("ce+samn"));
        QCOMPARE(now.recipe().seed, std::uint64_t(5));
    }

    void whatIsRefusedIsSaidAtOnceAndCannotBeStarted()
    {
        Retraining now;
        QVERIFY(now.isReady());
        QVERIFY(now.find<QPushButton>("startTraining")->isEnabled());
        now.choose("constraint", static_cast<int>(Constraint::MaxNorm)); // with SAMN
        QVERIFY(now.find<QLabel>("trainingProblem")->text().contains("cannot be combined"));
        QVERIFY(!now.find<QPushButton>("startTraining")->isEnabled());
        now.choose("norms", static_cast<int>(NormRule::Free));
        QVERIFY(!now.find<QLabel>("trainingProblem")->isVisible());
        QVERIFY(now.find<QPushButton>("startTraining")->isEnabled());
    }

    void whatIsNoNumberIsSaidAndThatItIsTyped()
    {
        Retraining now;
        QVERIFY(now.isReady());
        now.type("lr", "abc");
        QVERIFY(now.find<QLabel>("trainingProblem")->text().contains("\"abc\" is not a number"));
        QVERIFY(!now.find<QPushButton>("startTraining")->isEnabled());
        now.type("lr", "5e-3");
        QCOMPARE(now.recipe().rate, 5e-3);
        QVERIFY(now.find<QPushButton>("startTraining")->isEnabled());
    }

    void typingANumberThatBeginsWithZeroKeepsItsField()
    {
        Retraining now;
        QVERIFY(now.isReady());
        now.choose("norms", static_cast<int>(NormRule::Free));
        now.choose("constraint", static_cast<int>(Constraint::WeightDecay));
        now.type("wd", "0.05"); // which is 0 at first
        QVERIFY(now.find<QLineEdit>("wd")->isVisible());
        QCOMPARE(now.recipe().weightDecay, 0.05);
    }

    void seedsAndASweepMakeSoManyRuns()
    {
        Retraining now;
        QVERIFY(now.isReady());
        now.find<QSpinBox>("epochs")->setValue(1);
        now.find<QSpinBox>("seeds")->setValue(2);
        auto* parameter = now.find<QComboBox>("sweepParameter");
        QVERIFY(parameter->findData("las-head") < 0); // has no effect here
        now.choose("sweepParameter", parameter->findData("lr"));
        QVERIFY(!now.find<QPushButton>("startTraining")->isEnabled()); // no values yet
        now.type("sweepValues", "0.1,0.2,0.3");
        QTest::mouseClick(now.find<QPushButton>("startTraining"), Qt::LeftButton);
        QCOMPARE(now.session.training().runs().size(), 6U);
        QTRY_VERIFY_WITH_TIMEOUT(!now.session.training().running(), patience);
        QCOMPARE(now.hold->trained.load(), 6);
    }

    void cancelStopsTheRunsFromThePanel()
    {
        Retraining now;
        QVERIFY(now.isReady());
        auto* cancel = now.find<QPushButton>("cancelTraining");
        QVERIFY(!cancel->isEnabled());
        now.hold->closed = true;
        QTest::mouseClick(now.find<QPushButton>("startTraining"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(now.hold->trained.load(), 1, patience);
        QCOMPARE(now.find<QPushButton>("startTraining")->text(), "Add to the queue");
        QTest::mouseClick(cancel, Qt::LeftButton);
        QVERIFY(!now.session.training().running());
        QTRY_VERIFY_WITH_TIMEOUT(!now.session.jobs().isBusy(), patience);
    }

    void theTableUsesAndComparesHeads()
    {
        Retraining now;
        QVERIFY(now.isReady());
        RunsPanel runs(now.session);
        runs.resize(900, 300);
        runs.show();
        now.find<QSpinBox>("epochs")->setValue(1);
        QTest::mouseClick(now.find<QPushButton>("startTraining"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!now.session.training().running(), patience);
        auto* table = runs.findChild<QTableView*>();
        QCOMPARE(table->model()->rowCount(), 2);
        auto* use = runs.findChild<QPushButton*>("useHead");
        QVERIFY(!use->isEnabled());
        table->selectRow(1);
        QVERIFY(use->isEnabled());
        QTest::mouseClick(use, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(now.session.snapshot().document->run, 1, patience);
        QVERIFY(table->model()->index(1, 1).data().toString().startsWith(QChar(0x25b6)));
        QSignalSpy compared(&runs, &RunsPanel::compared);
        table->selectRow(1);
        QTest::mouseClick(runs.findChild<QPushButton*>("compareRuns"), Qt::LeftButton);
        QCOMPARE(compared.size(), 1);
        QVERIFY(now.session.snapshot().sides.before.kind == Side::Kind::Own);
        QVERIFY(now.session.snapshot().sides.after.kind == Side::Kind::Run);
        table->selectRow(0);
        QTest::mouseClick(use, Qt::LeftButton); // back
        QCOMPARE(now.session.snapshot().document->run, 0);
    }

    void theSliderShowsEveryEpochAndPlays()
    {
        Retraining now;
        QVERIFY(now.isReady());
        now.hold->growth = 0.1;
        TrainingPanel training(now.session);
        training.resize(900, 300);
        training.show();
        now.choose("preset", 0); // a linear head
        now.find<QSpinBox>("epochs")->setValue(4);
        QTest::mouseClick(now.find<QPushButton>("startTraining"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!now.session.training().running(), patience);
        auto* slider = training.findChild<QSlider*>("epoch");
        QTRY_COMPARE(slider->maximum(), 4);
        QCOMPARE(slider->value(), 4);                                       // it followed
        QVERIFY(!training.findChild<QComboBox*>("normSpace")->isEnabled()); // no raw
        auto* play = training.findChild<QToolButton*>("playEpochs");
        QTest::mouseClick(play, Qt::LeftButton);
        QVERIFY(slider->value() < 4); // from the start
        QTRY_VERIFY_WITH_TIMEOUT(!play->isChecked(), patience);
        QCOMPARE(slider->value(), 4);
    }
};

QTEST_MAIN(RetrainPanelTest)
#include "tst_retrain_panel.moc"
