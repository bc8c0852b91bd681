// SPDX-License-Identifier: GPL-3.0-or-later
// The window's command line, as far as it can be seen without a display.
#include "support/program.h"

using namespace monotail::test;

namespace {

Outcome run(const QStringList& arguments)
{
    return runProgram(arguments, "monotail");
}

} // namespace

class ProgramTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void helpAndVersionAreNoMistakes()
    {
        const Outcome help = run({"--help"});
        QCOMPARE(help.code, 0);
        QVERIFY(help.output.contains("monotail --demo --render -o report"));
        QCOMPARE(run({"--version"}).code, 0);
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("said");
        QTest::addRow("unknown option") << QStringList{"--colour"} << "--colour";
        QTest::addRow("data without a checkpoint")
            << QStringList{"--data", "x.npz"} << "need a checkpoint";
        QTest::addRow("demo and a checkpoint")
            << QStringList{"--demo", "x.pth"} << "brings its own";
        QTest::addRow("nothing to render") << QStringList{"--render"} << "give a checkpoint";
        QTest::addRow("no such method")
            << QStringList{"--demo", "--render", "--method", "magic"} << "magic";
        QTest::addRow("scales from a file")
            << QStringList{"--demo", "--render", "--method", "scales=x.csv"} << "monotail-cli";
        QTest::addRow("no such device")
            << QStringList{"--demo", "--render", "--device", "abacus"} << "abacus";
    }
    void wrongUsageIsTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, said);
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.errors.contains(said), qPrintable(outcome.errors));
    }

    void renderWritesTheReportWithoutADisplay()
    {
        QTemporaryDir folder;
        const QString target = folder.filePath("r");
        const QStringList arguments{"--demo", "--render", "--method", "tau=0.5", "-o", target};
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QVERIFY(outcome.output.contains("16 files"));
        QVERIFY(QFile::exists(target + "/report.html"));
        QFile page(target + "/report.html");
        QVERIFY(page.open(QIODevice::ReadOnly) && page.readAll().contains("tau=0.5"));
        const Outcome again = run(arguments);
        QCOMPARE(again.code, 1);
        QVERIFY(again.errors.contains("exists already"));
        QCOMPARE(run(arguments + QStringList{"--force"}).code, 0);
    }

    void filesThatCannotBeReadAreOneSentence()
    {
        QTemporaryDir folder;
        const Outcome outcome =
            run({folder.filePath("none.pth"), "--render", "-o", folder.filePath("r")});
        QCOMPARE(outcome.code, 1);
        QVERIFY(outcome.errors.startsWith("error: "));
        QVERIFY(outcome.errors.contains("none.pth"));
        QCOMPARE(outcome.errors.count('\n'), 1);
    }

    void withoutADisplayTheWindowSaysSo()
    {
        qunsetenv("QT_QPA_PLATFORM");
        qunsetenv("DISPLAY");
        qunsetenv("WAYLAND_DISPLAY");
        const Outcome outcome = run({"--demo"});
        QCOMPARE(outcome.code, 1);
        QVERIFY(outcome.errors.contains("no display"));
    }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "tst_program.moc"
