// SPDX-License-Identifier: GPL-3.0-or-later
// The demo's figures are those of resources/demo/README.md.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "session/measuring.h"
#include "session/session.h"

using namespace monotail;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow
const std::string demo = MONOTAIL_SOURCE_DIR "/resources/demo/";

Inputs stage1(bool counts, bool data)
{
    return {demo + "stage1.pth.tar",
            counts ? demo + "counts.csv" : "",
            data ? demo + "features-test.safetensors" : "",
            {},
            {}};
}

bool isSettled(const Session& session)
{
    const Snapshot& now = session.snapshot();
    return now.accuracy && now.accuracy->settled && now.methods && !session.jobs().isBusy() &&
           now.accuracy->rescaling.scale == now.rescaling->scale &&
           now.accuracy->rescaling.bias == now.rescaling->bias;
}

double top1(const Session& session)
{
    return *session.snapshot().accuracy->after.top1;
}

Choices with(const Session& session, MethodKind method, double tau = 1)
{
    Choices choices = session.snapshot().choices;
    choices.method = method;
    choices.tau = tau;
    return choices;
}

} // namespace

class SessionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFileAloneShowsItsHead()
    {
        Session session;
        session.open(stage1(false, false));
        QTRY_VERIFY(session.snapshot().hasHead());
        QVERIFY(!session.snapshot().hasCounts());
        QCOMPARE(session.snapshot().document->head->classes(), 10);
        QCOMPARE(session.snapshot().document->names.front(), QString("0"));
    }

    void countsBringTheBlocks()
    {
        Session session;
        session.open(stage1(true, false));
        QTRY_VERIFY(session.snapshot().hasCounts());
        QCOMPARE(session.snapshot().profile->fit.blocks.size(), 1U);
        QVERIFY(!session.snapshot().hasData());
        QVERIFY(!session.jobs().isBusy());
    }

    void dataBringsAccuraciesAndTheMethodTable()
    {
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        const LiveAccuracy& live = *session.snapshot().accuracy;
        QCOMPARE(QString::number(*live.before.top1, 'f', 2), QString("68.31"));
        QCOMPARE(QString::number(*live.after.top1, 'f', 2), QString("78.42"));
        QVERIFY(live.comparison.top1->low > 9);
        QStringList methods;
        for (const MethodResult& result : session.snapshot().methods->methods)
            methods << QString::fromStdString(result.rescaling.method);
        QVERIFY(methods.contains("samn"));
        QVERIFY(methods.contains("tau=1, bias dropped"));
        QVERIFY(methods.contains("logit-adjust=1"));
        QVERIFY(methods.filter("maxnorm=").size() == 1);
        QVERIFY(session.snapshot().document->device.startsWith("CPU"));
    }

    void liveFiguresEqualTheSettledOnes()
    {
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        for (const MethodResult& result : session.snapshot().methods->methods) {
            const auto live = measureNow(*session.snapshot().document, result.rescaling,
                                         *session.snapshot().groups, nullptr, {});
            QCOMPARE(live->after.top1, result.accuracy.top1);
            QCOMPARE(live->after.groups, result.accuracy.groups);
            QCOMPARE(live->comparison.gained, result.comparison.gained);
            QCOMPARE(live->comparison.p, result.comparison.p);
        }
    }

    void changesAreUndoneAndRedoneExactly()
    {
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        const Choices first = session.snapshot().choices;
        const double before = top1(session);
        session.change(with(session, MethodKind::Tau, 0.5), "tau");
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        const Choices second = session.snapshot().choices;
        const double after = top1(session);
        QVERIFY(after != before);
        session.undoStack().undo();
        QVERIFY(session.snapshot().choices == first);
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        QCOMPARE(top1(session), before);
        session.undoStack().redo();
        QVERIFY(session.snapshot().choices == second);
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        QCOMPARE(top1(session), after);
    }

    void aGestureIsOneStep()
    {
        Session session;
        session.open(stage1(true, false));
        QTRY_VERIFY(session.snapshot().hasCounts());
        session.change(with(session, MethodKind::Tau, 1), "method");
        session.beginGesture();
        for (int i = 0; i < 20; ++i)
            session.change(with(session, MethodKind::Tau, 1 + 0.05 * i), "tau");
        session.endGesture();
        session.change(with(session, MethodKind::Tau, 0.3), "tau");
        QCOMPARE(session.undoStack().count(), 3);
        session.undoStack().undo();
        QCOMPARE(session.snapshot().choices.tau, 1.95);
        session.undoStack().undo();
        QCOMPARE(session.snapshot().choices.tau, 1.0);
    }

    void aGestureThatEndsWhereItBeganLeavesNoStep()
    {
        Session session;
        session.open(stage1(true, false));
        QTRY_VERIFY(session.snapshot().hasCounts());
        session.beginGesture();
        session.change(with(session, MethodKind::Samn, 0.5), "tau");
        session.change(with(session, MethodKind::Samn, 1), "tau");
        session.endGesture();
        QCOMPARE(session.undoStack().count(), 0);
    }

    void otherGroupsAreMeasuredAnew()
    {
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        Choices choices = session.snapshot().choices;
        choices.groups = parseShotRule("500,50");
        session.change(choices, "groups");
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session) &&
                                     session.snapshot().methods->groups.rule == choices.groups,
                                 patience);
        QCOMPARE(session.snapshot().accuracy->groups.sizes,
                 groupClasses(session.snapshot().document->classes->counts, choices.groups).sizes);
    }

    void aFileThatCannotBeReadSaysWhyAndKeepsWhatWasOpen()
    {
        Session session;
        session.open(stage1(true, false));
        QTRY_VERIFY(session.snapshot().hasCounts());
        QSignalSpy failed(&session, &Session::failed);
        session.open({demo + "counts.csv", {}, {}, {}, {}});
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("counts.csv"));
        QVERIFY(session.snapshot().hasCounts());
    }

    void wrongCountsLeaveTheFileOpen()
    {
        Session session;
        QSignalSpy failed(&session, &Session::failed);
        Inputs inputs = stage1(true, true);
        inputs.counts = "exp:500:100:7";
        session.open(inputs);
        QTRY_VERIFY(session.snapshot().hasHead());
        QCOMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("7"));
        QVERIFY(!session.snapshot().hasCounts());
    }

    void wrongDataLeavesTheBlocks()
    {
        Session session;
        QSignalSpy failed(&session, &Session::failed);
        Inputs inputs = stage1(true, true);
        inputs.data = demo + "stage1.pth.tar";
        session.open(inputs);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("stage1.pth.tar"));
        QVERIFY(session.snapshot().hasCounts());
        QVERIFY(!session.snapshot().hasData());
    }

    void dataWithoutCountsSaysWhatIsMissing()
    {
        Session session;
        QSignalSpy failed(&session, &Session::failed);
        session.open(stage1(false, true));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("training counts"));
    }

    void exportWritesWhatIsShown()
    {
        QTemporaryDir folder;
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        session.change(with(session, MethodKind::EqualNorms), "equal");
        ExportResult result;
        connect(&session, &Session::exported, this,
                [&](const ExportResult& written) { result = written; });
        const auto target = folder.filePath("corrected.pth.tar").toStdString();
        session.exportCheckpoint(target, Overwrite::Refuse);
        QTRY_VERIFY(result.verified);
        const auto written = openCheckpoint(target);
        const ClassifierHead head = readHead(*written, session.snapshot().document->head->source);
        for (const double norm : head.norms)
            QVERIFY(std::abs(norm - head.norms.front()) < 1e-5);
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        QCOMPARE(*result.announced->top1, top1(session));
        QSignalSpy failed(&session, &Session::failed);
        session.exportCheckpoint(target, Overwrite::Refuse);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("exists"));
    }

    void aSecondExportDoesNotCutOffTheFirst()
    {
        QTemporaryDir folder;
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        QSignalSpy exported(&session, &Session::exported), failed(&session, &Session::failed);
        const auto target = [&](const char* name) { return folder.filePath(name).toStdString(); };
        session.exportCheckpoint(target("a.pth.tar"), Overwrite::Refuse);
        QVERIFY(session.isExporting());
        session.exportCheckpoint(target("b.pth.tar"), Overwrite::Refuse);
        QCOMPARE(failed.count(), 1);
        session.close(); // not now
        QVERIFY(session.snapshot().hasFile());
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, patience);
        QVERIFY(QFile::exists(folder.filePath("a.pth.tar")));
        QVERIFY(QFile::exists(folder.filePath("a.pth.tar.provenance.json")));
        QVERIFY(!QFile::exists(folder.filePath("b.pth.tar")));
    }

    void exportsNeverWriteOverInputs()
    {
        QTemporaryDir folder;
        const auto copy = [&](const char* name) {
            const QString path = folder.filePath(name);
            QFile::copy(QString::fromStdString(demo) + name, path);
            return path.toStdString();
        };
        Inputs inputs{
            copy("stage1.pth.tar"), copy("counts.csv"), copy("features-test.safetensors"), {}, {}};
        Session session;
        session.open(inputs);
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(session), patience);
        QVERIFY(QFile::link(QString::fromStdString(inputs.counts), folder.filePath("link.pth")));
        QSignalSpy failed(&session, &Session::failed);
        int expected = 0;
        for (const std::string& target : {inputs.checkpoint, inputs.counts, inputs.data,
                                          folder.filePath("link.pth").toStdString()}) {
            const qint64 size = QFileInfo(QString::fromStdString(target)).size();
            session.exportCheckpoint(target, Overwrite::Replace);
            ++expected;
            QTRY_COMPARE_WITH_TIMEOUT(failed.count(), expected, patience);
            QVERIFY(failed.last()[0].toString().contains("input"));
            QCOMPARE(QFileInfo(QString::fromStdString(target)).size(), size);
        }
    }

    void closingWhileEvaluatingIsCalm()
    {
        for (int i = 0; i < 5; ++i) {
            Session session;
            session.open(stage1(true, true));
            if (i % 2 == 0)
                QTRY_VERIFY(session.snapshot().hasCounts());
        } // destroyed with jobs under way
        Session session;
        session.open(stage1(true, true));
        QTRY_VERIFY(session.snapshot().hasCounts());
        session.close();
        QVERIFY(!session.snapshot().hasFile());
        QTRY_VERIFY(!session.jobs().isBusy());
        QVERIFY(!session.snapshot().hasFile());
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_session.moc"
