// SPDX-License-Identifier: GPL-3.0-or-later
// What an export would do, what it writes and what it never writes over.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "platform/outputs.h"
#include "session/dropped.h"
#include "session/session.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr int patience = 60000; // milliseconds; sanitizers are slow
const std::filesystem::path heads = MONOTAIL_SOURCE_DIR "/tests/fixtures/heads";
const std::string shards[] = {"model-00001-of-00002.safetensors",
                              "model-00002-of-00002.safetensors"};

Inputs inputsFor(const std::filesystem::path& checkpoint)
{
    return {checkpoint.string(), "exp:500:100:10", {}, {}, {}};
}

/// A copy of the sharded fixture, which a mistake may damage.
struct Sharded
{
    QTemporaryDir folder;
    std::filesystem::path place = folder.path().toStdString();
    std::filesystem::path index = place / "model.safetensors.index.json";

    Sharded()
    {
        std::filesystem::copy_file(heads / "sharded/model.safetensors.index.json", index);
        for (const std::string& shard : shards)
            std::filesystem::copy_file(heads / "sharded" / shard, place / shard);
    }
};

QString refusalOf(const std::vector<std::string>& inputs, const std::filesystem::path& target)
{
    return QString::fromStdString(
        errorOf([&] { checkOutputs(inputs, {target.string()}, Overwrite::Replace); }));
}

void openIn(Session& session, const std::filesystem::path& checkpoint)
{
    session.open(inputsFor(checkpoint));
    QTRY_VERIFY_WITH_TIMEOUT(session.snapshot().hasCounts(), patience);
}

Choices with(const Session& session, MethodKind method)
{
    Choices choices = session.snapshot().choices;
    choices.method = method;
    return choices;
}

} // namespace

class SessionExportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thePlanIsMadeOnceForEachRescaling()
    {
        Session session;
        openIn(session, heads / "weight_norm.pth");
        QSignalSpy planned(&session, &Session::exportPlanned);
        QVERIFY(!session.exportPlan());
        for (int i = 0; i < 3; ++i)
            session.planExport();
        QTRY_VERIFY_WITH_TIMEOUT(session.exportPlan(), patience);
        session.planExport();
        QTRY_VERIFY(!session.jobs().isBusy());
        QCOMPARE(planned.size(), 1);
        QVERIFY(session.exportPlan()->automatic == ExportFormat::Patch);
        QCOMPARE(session.exportPlan()->patchChanges.size(), 1U);
        QCOMPARE(session.exportPlan()->patchChanges[0].tensor, std::string("fc.weight_g"));
        session.change(with(session, MethodKind::EqualNorms), "equal");
        QVERIFY(!session.exportPlan()); // of another rescaling
        session.planExport();
        QTRY_VERIFY_WITH_TIMEOUT(session.exportPlan(), patience);
        QCOMPARE(planned.size(), 2);
        session.close();
        QVERIFY(!session.exportPlan());
    }

    void whatIsImpossibleIsSaidInTheCoresWords()
    {
        Session session;
        openIn(session, heads / "samn_trained.pth.tar");
        session.planExport();
        QTRY_VERIFY_WITH_TIMEOUT(session.exportPlan(), patience);
        const ExportPlan& plan = *session.exportPlan();
        QVERIFY(plan.automatic == ExportFormat::StateDict);
        QVERIFY(plan.refusal(ExportFormat::Patch).find("fix_norms_w") != std::string::npos);
        QVERIFY(plan.refusal(ExportFormat::Automatic).empty());
        QVERIFY(plan.refusal(ExportFormat::Safetensors).empty());
        QVERIFY(!plan.newFileNotes.empty());
    }

    void nothingToChangeInShardsIsNoPatch()
    {
        Session session;
        openIn(session, heads / "sharded/model.safetensors.index.json");
        session.change(with(session, MethodKind::None), "none");
        session.planExport();
        QTRY_VERIFY_WITH_TIMEOUT(session.exportPlan(), patience);
        QVERIFY(!session.exportPlan()->refusal(ExportFormat::Patch).empty());
        QVERIFY(session.exportPlan()->refusal(ExportFormat::StateDict).empty());
    }

    void theFormatAskedForIsWritten_data()
    {
        QTest::addColumn<ExportFormat>("format");
        QTest::addColumn<QString>("written");
        QTest::addRow("automatic") << ExportFormat::Automatic << "legacy";
        QTest::addRow("patch") << ExportFormat::Patch << "legacy";
        QTest::addRow("state_dict") << ExportFormat::StateDict << "zip";
        QTest::addRow("safetensors") << ExportFormat::Safetensors << "safetensors";
    }
    void theFormatAskedForIsWritten()
    {
        QFETCH(ExportFormat, format);
        QFETCH(QString, written);
        const QTemporaryDir folder;
        Session session;
        openIn(session, heads / "crt_decoupling.pth");
        QCOMPARE(session.snapshot().document->checkpoint->format, std::string("legacy"));
        QSignalSpy exported(&session, &Session::exported);
        const auto target = folder.filePath("corrected.pth").toStdString();
        session.exportCheckpoint(target, Overwrite::Refuse, format);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, patience);
        QCOMPARE(QString::fromStdString(openCheckpoint(target)->format), written);
    }

    void shardsAreNeverWrittenOver()
    {
        Sharded copy;
        Session session;
        openIn(session, copy.index);
        QSignalSpy failed(&session, &Session::failed);
        int expected = 0;
        for (const std::string& shard : shards) {
            const std::string before = readText(copy.place / shard);
            session.exportCheckpoint(copy.place / shard, Overwrite::Replace,
                                     ExportFormat::Safetensors);
            ++expected;
            QTRY_COMPARE_WITH_TIMEOUT(failed.size(), expected, patience);
            QVERIFY(failed.last()[0].toString().contains("this is an input"));
            QVERIFY(readText(copy.place / shard) == before);
        }
    }

    void shardsAreInputsEvenWhenTheyAreGone()
    {
        Sharded copy;
        const Inputs inputs = inputsFor(copy.index);
        std::filesystem::remove(copy.place / shards[0]);
        for (const std::string& shard : shards)
            QVERIFY(refusalOf(filesOf(inputs), copy.place / shard).contains("this is an input"));
        QCOMPARE(refusalOf(filesOf(inputs), copy.place / "other.safetensors"), QString());
    }

    void anOpenDocumentKnowsItsShardsWithoutTheIndex()
    {
        Sharded copy;
        Session session;
        openIn(session, copy.index);
        std::filesystem::remove(copy.index);
        QVERIFY(refusalOf(filesOf(*session.snapshot().document), copy.place / shards[1])
                    .contains("this is an input"));
    }

    void aMissingIndexNamesNoShards()
    {
        const Inputs inputs = inputsFor("/nowhere/model.safetensors.index.json");
        const QTemporaryDir folder;
        QCOMPARE(refusalOf(filesOf(inputs), folder.filePath("other.pth").toStdString()), QString());
        QVERIFY(refusalOf(filesOf(inputs), inputs.checkpoint).contains("this is an input"));
    }

    void ofDroppedFilesTheIndexIsTheCheckpoint()
    {
        const Sharded copy;
        const std::string index = copy.index.string();
        const std::vector<std::string> files{(copy.place / shards[0]).string(), index,
                                             (copy.place / shards[1]).string()};
        QCOMPARE(withFiles({}, files).checkpoint, index);
    }
};

QTEST_GUILESS_MAIN(SessionExportTest)
#include "tst_session_export.moc"
