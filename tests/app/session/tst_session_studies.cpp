// SPDX-License-Identifier: GPL-3.0-or-later
// What the session finds out once the hand rests, on the demo.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "models/accuracy_words.h"
#include "models/curve_data.h"
#include "session/demo.h"
#include "session/session.h"
#include "session/session_file.h"
#include "support/made_problem.h"

using namespace monotail;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow

Choices tau(double value)
{
    Choices choices;
    choices.method = MethodKind::Tau;
    choices.tau = value;
    return choices;
}

struct Opened
{
    Session session;

    explicit Opened(const Choices& choices) { session.open(demoInputs("stage1"), choices); }
    const Snapshot& now() const { return session.snapshot(); }
    bool wait()
    {
        return QTest::qWaitFor(
            [&] {
                return now().accuracy && now().accuracy->settled && now().methods &&
                       !session.isComparing() && !session.jobs().isBusy();
            },
            patience);
    }
};

} // namespace

class SessionStudiesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theCurveHasTheCurrentPointOnIt()
    {
        Opened opened(tau(0.7));
        QVERIFY(opened.wait());
        const CurveChartData data = curveChartData(opened.now(), CurveLines::WithGroups);
        QCOMPARE(data.xs.size(), 41U);
        QCOMPARE(data.xs.front(), 0.0);
        QCOMPARE(data.xs.back(), 2.0);
        QCOMPARE(data.lines.size(), 4U);
        QCOMPARE(data.now->x(), 0.7);
        QCOMPARE(data.now->y(), data.lines[0].values[14]); // 0.7 is the 14th step of 0.05
        QCOMPARE(data.lines[0].values.front(), *opened.now().accuracy->before.classMean);
    }

    void theProjectionIsALineAcross()
    {
        Opened opened(tau(1));
        QVERIFY(opened.wait());
        const CurveChartData data = curveChartData(opened.now(), CurveLines::ClassMean);
        QCOMPARE(QString::number(data.levels.front().value, 'f', 2), QString("78.42")); // of the demo's README
        QVERIFY(data.levels.front().label.contains("78.4"));
    }

    void whatWasChosenIsSaidWithTheSplit()
    {
        Opened opened(tau(1));
        QVERIFY(opened.wait());
        const Sweep& sweep = opened.now().sweep->sweep;
        const QString words = sweepSummary(opened.now());
        QVERIFY(words.contains(QString::fromStdString(sweep.chosen.on)));
        QVERIFY(words.contains("of the grid is within 0.5 of the best"));
        QCOMPARE(curveChartData(opened.now(), CurveLines::ClassMean).chosen.size(), 2U);
    }

    void aCurveIsKeptForWhenItIsAskedForAgain()
    {
        Opened opened(tau(1));
        QVERIFY(opened.wait());
        const auto curve = opened.now().sweep;
        opened.session.change(tau(0.3), "tau");
        QCOMPARE(opened.now().sweep, curve); // the same curve, another point
        Choices other = tau(0.3);
        other.method = MethodKind::LogitAdjust;
        opened.session.change(other, "logit adjustment");
        QVERIFY(!opened.now().sweep);
        QVERIFY(opened.wait());
        QCOMPARE(opened.now().sweep->sweep.query.range.kind, MethodKind::LogitAdjust);
        opened.session.change(tau(0.3), "tau");
        QCOMPARE(opened.now().sweep, curve);
    }

    void methodsWithoutAParameterHaveNoCurve()
    {
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        QVERIFY(!opened.now().sweep);
        QVERIFY(curveChartData(opened.now(), CurveLines::ClassMean).isEmpty());
    }

    void radiiBeginBelowTheSmallestNorm()
    {
        Choices choices;
        choices.method = MethodKind::MaxNorm;
        const auto key = sweepKey(choices, {1.5, 1.2, 2.0});
        QVERIFY(key->range.from < 1.2);
        QVERIFY(key->range.from > 0);
        QVERIFY(key->range.to >= 2.0);
        const auto values = sweepValues(key->range);
        QVERIFY(values.size() >= 20 && values.size() <= 80);
        QVERIFY(!sweepKey(choices, {0, 0}));
    }

    void headroomStandsBesideTheMethods()
    {
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        QVERIFY(opened.now().headroom->problem.empty());
        QVERIFY(opened.now().methods->headroom);
        const Headroom& scale = *opened.now().methods->headroom->scale;
        QVERIFY(*scale.accuracy.classMean > *opened.now().accuracy->before.classMean);
        const auto before = opened.now().headroom;
        opened.session.change(tau(0.5), "tau");
        QVERIFY(opened.wait());
        QCOMPARE(opened.now().headroom, before); // no method changes it
        QVERIFY(opened.now().methods->headroom);
    }

    void otherGroupsBringAnotherHeadroom()
    {
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        Choices choices;
        choices.groups = parseShotRule("500,10");
        opened.session.change(choices, "groups");
        QVERIFY(!opened.now().headroom);
        QVERIFY(opened.wait());
        QCOMPARE(opened.now().headroom->key.groups, choices.groups);
    }

    void oneTemperatureImprovesTheCalibration()
    {
        Opened opened(tau(1));
        QVERIFY(opened.wait());
        const CalibrationStudy& study = *opened.now().calibration;
        QCOMPARE(*study.before.own.ece, *opened.now().accuracy->before.calibration.ece);
        QCOMPARE(*study.after.own.ece, *opened.now().accuracy->after.calibration.ece);
        QVERIFY(*study.before.fitted->ece < *study.before.own.ece);
        QVERIFY(calibrationText(opened.now()).contains("after one temperature"));
        QVERIFY(calibrationDetail(opened.now()).contains("Temperatures"));
        opened.session.change(tau(0.5), "tau");
        QVERIFY(!opened.now().calibration);
        QCOMPARE(calibrationText(opened.now()), QString("Calibration error (ECE): \u2026"));
    }

    void thePriorAloneMeasuresNothing()
    {
        Opened opened(tau(1));
        QVERIFY(opened.wait());
        QSignalSpy changed(&opened.session, &Session::choicesChanged),
            prior(&opened.session, &Session::priorChanged);
        const auto accuracy = opened.now().accuracy;
        Choices choices = opened.now().choices;
        choices.testPrior = 1;
        opened.session.change(choices, "prior");
        QVERIFY(!opened.session.jobs().isBusy());
        QCOMPARE(changed.size(), 0);
        QCOMPARE(prior.size(), 1);
        QCOMPARE(opened.now().accuracy, accuracy);
        QVERIFY(priorText(opened.now()).contains("training prior"));
        opened.session.undoStack().undo();
        QCOMPARE(opened.now().choices.testPrior, 0.0);
        QCOMPARE(prior.size(), 2);
    }

    void aUniformPriorIsTheClassMean()
    {
        Opened opened(tau(1));
        QVERIFY(opened.wait());
        const LiveAccuracy& live = *opened.now().accuracy;
        const auto shown = [](double percent) { return QString::number(percent, 'f', 1); };
        const QString words = priorText(opened.now());
        QVERIFY(words.contains(shown(*live.before.classMean)));
        QVERIFY(words.contains(shown(*live.after.classMean)));
    }

    void thePriorIsSavedAndOlderSessionsHaveNone()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath("prior.monotail.json").toStdString();
        Choices choices = tau(1);
        choices.testPrior = -0.25;
        Opened opened(choices);
        QVERIFY(opened.wait());
        saveSession(opened.now(), {}, path, Overwrite::Refuse);
        QCOMPARE(readSession(path).choices.testPrior, -0.25);
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray text = file.readAll();
        const auto at = text.indexOf("\"test_prior\"");
        QVERIFY(at > 0);
        text.replace(at, 12, "\"something\"");
        file.resize(0);
        file.seek(0);
        file.write(text);
        file.close();
        QCOMPARE(readSession(path).choices.testPrior, 0.0);
    }

    void anotherCheckpointIsSetBesideThisOne()
    {
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        opened.session.setPairWanted(true);
        Inputs other;
        other.checkpoint = demoInputs("crt").checkpoint;
        opened.session.compareWith(other);
        QTRY_VERIFY_WITH_TIMEOUT(opened.now().other && opened.now().pair &&
                                     opened.now().pair->sides == opened.now().sides,
                                 patience);
        const HeadComparison& result = opened.now().pair->result;
        QCOMPARE(*result.before.accuracy.top1, *opened.now().accuracy->before.top1);
        QVERIFY(QString::fromStdString(result.after.name).contains("crt.pth.tar"));
        QVERIFY(*result.after.accuracy.classMean > *result.before.accuracy.classMean);
        QVERIFY(result.comparison.classMean);
    }

    void otherClassesAreRefusedInASentence()
    {
        const QTemporaryDir folder;
        const auto made =
            test::writeProblem(folder.filePath("made").toStdString(), 12, test::MadeOptions{});
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        QSignalSpy failed(&opened.session, &Session::failed);
        Inputs other;
        other.checkpoint = made.checkpoint;
        opened.session.compareWith(other);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
        const QString sentence = failed[0][0].toString();
        QVERIFY2(sentence.contains("model.safetensors"), qPrintable(sentence));
        QVERIFY2(sentence.contains("12") && sentence.contains("10"), qPrintable(sentence));
        QVERIFY(!opened.now().other);
    }

    void twoMethodsAreCompared()
    {
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        opened.session.setPairWanted(true);
        QTRY_VERIFY_WITH_TIMEOUT(opened.now().pair, patience);
        const Sides sides{{Side::Kind::Method, "equal"}, {Side::Kind::Method, "logit-adjust=1"}};
        opened.session.setSides(sides);
        QTRY_COMPARE_WITH_TIMEOUT(opened.now().pair->sides, sides, patience);
        const auto& methods = opened.now().methods->methods;
        const auto top1 = [&](const char* name) {
            for (const MethodResult& result : methods)
                if (result.rescaling.method == name)
                    return *result.accuracy.top1;
            return 0.0;
        };
        QCOMPARE(*opened.now().pair->result.before.accuracy.top1, top1("equal"));
        QCOMPARE(*opened.now().pair->result.after.accuracy.top1, top1("logit-adjust=1"));
    }

    void unwatchedNothingIsCompared()
    {
        Opened opened(Choices{});
        QVERIFY(opened.wait());
        QVERIFY(!opened.now().pair);
    }
};

QTEST_GUILESS_MAIN(SessionStudiesTest)
#include "tst_session_studies.moc"
