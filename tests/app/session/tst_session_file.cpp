// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "session/demo.h"
#include "session/session.h"

using namespace monotail;

namespace {

constexpr int patience = 60000; // milliseconds

QString sentenceOf(const std::filesystem::path& path)
{
    try {
        readSession(path);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

} // namespace

class SessionFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_inputs = {};
        const Inputs demo = demoInputs("crt");
        QVERIFY(QFile::copy(QString::fromStdString(demo.checkpoint), m_folder->filePath("m.pth")));
        QVERIFY(QFile::copy(QString::fromStdString(demo.counts), m_folder->filePath("c.csv")));
        m_inputs.checkpoint = m_folder->filePath("m.pth").toStdString();
        m_inputs.counts = m_folder->filePath("c.csv").toStdString();
        m_file = m_folder->filePath("s.monotail.json").toStdString();
    }

    void everythingComesBack()
    {
        const Choices choices = savedChoices();
        save(choices, {2, 5});
        Session session;
        session.openSaved(readSession(m_file));
        QTRY_VERIFY_WITH_TIMEOUT(session.snapshot().hasCounts(), patience);
        QVERIFY(session.snapshot().choices == choices);
        QCOMPARE(session.selection().classes(), std::vector<std::int64_t>({2, 5}));
        QCOMPARE(session.snapshot().document->inputs.counts, m_inputs.counts);
        QVERIFY(session.warnings().empty());
    }

    void howTheHeadIsReadComesBack()
    {
        m_inputs.head.name = "linear.weight";
        m_inputs.head.kind = HeadKind::Cosine;
        m_inputs.head.background = BackgroundRow::None;
        m_inputs.head.logitScale = 14.285714;
        m_inputs.head.classes = 10;
        save({}, {});
        QVERIFY(readSession(m_file).inputs.head == m_inputs.head);
    }

    void aWeightOfColumnsComesBack()
    {
        m_inputs.checkpoint = MONOTAIL_SOURCE_DIR "/tests/fixtures/heads/causal_norm.pth";
        m_inputs.counts = "exp:500:100:16"; // 10 x 16, read the other way round
        m_inputs.head.transposed = true;
        save({}, {});
        Session session;
        session.openSaved(readSession(m_file));
        QTRY_VERIFY_WITH_TIMEOUT(session.snapshot().hasCounts(), patience);
        QVERIFY(session.snapshot().document->inputs.head == m_inputs.head);
        QCOMPARE(session.snapshot().document->head->classes(), 16);
    }

    void aMovedFolderIsFoundAgain()
    {
        save(savedChoices(), {});
        const QString moved = m_folder->path() + "-moved";
        QVERIFY(QDir().rename(m_folder->path(), moved));
        const SavedSession saved = readSession((moved + "/s.monotail.json").toStdString());
        QVERIFY(!saved.missing);
        QCOMPARE(saved.inputs.checkpoint, (moved + "/m.pth").toStdString());
        QVERIFY(QDir(moved).removeRecursively());
    }

    void aLawIsNoFile()
    {
        m_inputs.counts = "exp:500:100:10";
        save({}, {});
        QCOMPARE(readSession(m_file).inputs.counts, std::string("exp:500:100:10"));
    }

    void missingAndChangedFilesAreSaid()
    {
        save({}, {});
        write(m_folder->filePath("c.csv"), "index,count\n0,5\n");
        SavedSession saved = readSession(m_file);
        QVERIFY(!saved.missing);
        QVERIFY(QString::fromStdString(saved.changed.at(0)).contains("c.csv has changed"));
        QVERIFY(QFile::remove(m_folder->filePath("m.pth")));
        saved = readSession(m_file);
        QVERIFY(saved.missing);
        QVERIFY(QString::fromStdString(saved.changed.at(0)).contains("m.pth is not there"));
    }

    void anotherHeadIsSaid()
    {
        save({}, {});
        const Inputs other = demoInputs("stage1");
        QVERIFY(QFile::remove(m_folder->filePath("m.pth")));
        QVERIFY(QFile::copy(QString::fromStdString(other.checkpoint), m_folder->filePath("m.pth")));
        Session session;
        QSignalSpy failed(&session, &Session::failed);
        session.openSaved(readSession(m_file));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, patience);
        QVERIFY(failed[0][0].toString().contains("another head"));
    }

    void damageIsOneSentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("said");
        QTest::addRow("empty") << QByteArray() << "no session";
        QTest::addRow("not JSON") << QByteArray("hello") << "no session";
        QTest::addRow("other JSON") << QByteArray("[1, 2]") << "no session";
        QTest::addRow("a later version") << QByteArray("{\"monotail_session\": 9}") << "version 9";
        QTest::addRow("half of it") << QByteArray("{\"monotail_session\": 1}") << "no session";
    }
    void damageIsOneSentence()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, said);
        write(QString::fromStdString(m_file.string()), bytes);
        const QString sentence = sentenceOf(m_file);
        QVERIFY2(sentence.contains(said), qPrintable(sentence));
        QVERIFY(sentence.contains("s.monotail.json"));
    }

    void unknownChoicesAreSaid()
    {
        save({}, {});
        QFile file(QString::fromStdString(m_file.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll().replace("\"samn\"", "\"magic\"");
        file.close();
        write(file.fileName(), bytes);
        QVERIFY(sentenceOf(m_file).contains("\"magic\" is none that this version knows"));
    }

private:
    static Choices savedChoices()
    {
        Choices choices;
        choices.method = MethodKind::Tau;
        choices.tau = 0.37;
        choices.radius = 1.5;
        choices.manual.assign(10, 1.25);
        choices.bias = BiasRule::Drop;
        choices.direction = Direction::HeadHigh;
        choices.ties = Ties::ClassOrder;
        choices.weights = FitWeights::Count;
        choices.groups = parseShotRule("200,30");
        return choices;
    }

    void save(const Choices& choices, const std::vector<std::int64_t>& selection)
    {
        Session session;
        session.open(m_inputs, choices);
        QTRY_VERIFY_WITH_TIMEOUT(session.snapshot().hasCounts(), patience);
        saveSession(session.snapshot(), selection, m_file, Overwrite::Refuse);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    Inputs m_inputs;
    std::filesystem::path m_file;
};

QTEST_GUILESS_MAIN(SessionFileTest)
#include "tst_session_file.moc"
