// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of bad input ends in one clear sentence and exit status 1, and leaves nothing behind.
#include <QDir>
#include <QTemporaryDir>
#include <cmath>

#include "support/program.h"
#include "support/safetensors_file.h"

using namespace monotail::test;

class BadInputTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    const QString m_counts = demoFile("counts.csv");
    const QString m_stage1 = demoFile("stage1.pth.tar");
    const QString m_features = demoFile("features-test.safetensors");

    QString path(const QString& name) const { return m_folder.filePath(name); }

    QString write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write a test file");
        return file.fileName();
    }

    QString write(const QString& name, const SafetensorsFile& file) const
    {
        return QString::fromStdString(file.write(path(name).toStdString()));
    }

    /// A checkpoint with one head of 3 classes and 2 features.
    QString head(const QString& name, const std::vector<float>& weight) const
    {
        return write(
            name,
            SafetensorsFile().add("fc.weight", {3, 2}, weight).add("fc.bias", {3}, {0, 0, 0}));
    }

private Q_SLOTS:
    void isOneSentenceAndExitOne_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("parts"); // what the sentence must hold
        const QString three = write("three.txt", "30\n20\n10\n");
        const QString nine = write("nine.txt", "9\n8\n7\n6\n5\n4\n3\n2\n1\n");
        const float nan = std::nanf("");

        QTest::addRow("no such file")
            << QStringList{"inspect", path("none.pth")} << QStringList{"none.pth", "No such file"};
        QTest::addRow("a folder") << QStringList{"inspect", m_folder.path()}
                                  << QStringList{m_folder.path(), "folder"};
        QTest::addRow("not a checkpoint")
            << QStringList{"inspect", three} << QStringList{"three.txt", "not a"};
        QTest::addRow("empty file")
            << QStringList{"inspect", write("empty.pth", "")} << QStringList{"empty.pth", "empty"};
        QTest::addRow("a web page")
            << QStringList{"inspect", write("page.pth", "<!DOCTYPE html><html></html>")}
            << QStringList{"page.pth", "HTML"};
        QTest::addRow("an LFS pointer")
            << QStringList{"inspect",
                           write("lfs.pth", "version https://git-lfs.github.com/spec/v1\noid "
                                            "sha256:00\nsize 1\n")}
            << QStringList{"lfs.pth", "git-lfs"};
        QFile source(m_stage1);
        QVERIFY(source.open(QIODevice::ReadOnly));
        QTest::addRow("truncated checkpoint")
            << QStringList{"inspect", write("cut.pth", source.readAll().left(300000))}
            << QStringList{"cut.pth", "truncated"};
        QTest::addRow("no head") << QStringList{"profile",
                                                write("nohead.safetensors",
                                                      SafetensorsFile().add("scale", {4},
                                                                            {1, 2, 3, 4})),
                                                "--counts", three}
                                 << QStringList{"nohead.safetensors", "head"};
        const QString twins =
            write("twins.safetensors", SafetensorsFile()
                                           .add("a.fc.weight", {3, 2}, {1, 2, 3, 4, 5, 6})
                                           .add("b.fc.weight", {3, 2}, {1, 2, 3, 4, 5, 6}));
        QTest::addRow("ambiguous heads")
            << QStringList{"profile", twins, "--counts", three}
            << QStringList{"twins.safetensors", "a.fc.weight", "b.fc.weight", "--head"};
        QTest::addRow("no such head")
            << QStringList{"profile", twins, "--counts", three, "--head", "c.fc.weight"}
            << QStringList{"c.fc.weight"};
        QTest::addRow("counts of the wrong length")
            << QStringList{"profile", m_stage1, "--counts", nine}
            << QStringList{"nine.txt", "9", "10"};
        QTest::addRow("missing counts file")
            << QStringList{"profile", m_stage1, "--counts", path("nocounts.csv")}
            << QStringList{"nocounts.csv"};
        QTest::addRow("negative count")
            << QStringList{"profile", head("plain.safetensors", {1, 2, 3, 4, 5, 6}), "--counts",
                           write("negative.txt", "3\n-1\n2\n")}
            << QStringList{"negative.txt", "-1"};
        QTest::addRow("all-zero weights")
            << QStringList{"profile", head("zero.safetensors", {0, 0, 0, 0, 0, 0}), "--counts",
                           three}
            << QStringList{"zero.safetensors", "fc.weight", "zero"};
        QTest::addRow("NaN weight")
            << QStringList{"profile", head("nan.safetensors", {1, 2, nan, 4, 5, 6}), "--counts",
                           three}
            << QStringList{"nan.safetensors", "fc.weight", "finite"};
        QTest::addRow("label out of range")
            << QStringList{"evaluate",
                           path("plain.safetensors"),
                           "--counts",
                           three,
                           "--data",
                           write("labels.safetensors", SafetensorsFile()
                                                           .add("features", {2, 2}, {1, 2, 3, 4})
                                                           .addLabels("labels", {0, 3}))}
            << QStringList{"labels.safetensors", "label 3", "3 classes"};
        QTest::addRow("features of the wrong width")
            << QStringList{"evaluate", path("plain.safetensors"), "--counts", three, "--data",
                           m_features}
            << QStringList{"features-test.safetensors", "64", "2"};
        QTest::addRow("data that is a checkpoint")
            << QStringList{"evaluate", m_stage1, "--counts", m_counts, "--data", m_stage1}
            << QStringList{"stage1.pth.tar", "features"};
        QTest::addRow("unwritable target")
            << QStringList{"export", m_stage1, "--counts", m_counts, "-o", m_stage1 + "/x.pth"}
            << QStringList{"x.pth", "Not a directory"};
        QTest::addRow("target that exists")
            << QStringList{"export", m_stage1, "--counts", m_counts, "-o", three}
            << QStringList{"three.txt", "--force"};
        QTest::addRow("target that is the source")
            << QStringList{"export", path("plain.safetensors"), "--counts", three, "--force",
                           "-o",     path("plain.safetensors")}
            << QStringList{"plain.safetensors", "never written over"};
        QTest::addRow("scales of a missing class")
            << QStringList{"evaluate", m_stage1,
                           "--counts", m_counts,
                           "--data",   m_features,
                           "--method", "scales=" + write("scales.csv", "index,scale\n0,1\n")}
            << QStringList{"scales.csv"};
        QTest::addRow("no such device")
            << QStringList{"evaluate", m_stage1,   "--counts", m_counts,
                           "--data",   m_features, "--device", "cuda:1000"}
            << QStringList{"cuda:1000", "cpu"};
        const QString own = head("own.safetensors", {1, 2, 3, 4, 5, 6});
        const QString copy = write("copy.svg", "<svg/>");
        QTest::addRow("chart over an input")
            << QStringList{"profile", own, "--counts", copy, "--chart", copy, "--force"}
            << QStringList{"copy.svg", "input"};
        QTest::addRow("chart that exists")
            << QStringList{"profile", own, "--counts", three, "--chart", copy}
            << QStringList{"copy.svg", "--force"};
        QTest::addRow("predictions over the checkpoint")
            << QStringList{"evaluate", own,       "--counts",      three, "--data",
                           m_features, "--force", "--predictions", own}
            << QStringList{"own.safetensors", "input"};
        QTest::addRow("two results in one file") << QStringList{"evaluate",      own,
                                                                "--counts",      three,
                                                                "--data",        m_features,
                                                                "--confusion",   path("both.csv"),
                                                                "--predictions", path("both.csv")}
                                                 << QStringList{"both.csv", "two results"};
        QTest::addRow("provenance over the counts")
            << QStringList{"export",     own,
                           "--counts",   write("x.pth.provenance.json", "[3, 2, 1]"),
                           "--force",    "-o",
                           path("x.pth")}
            << QStringList{"x.pth.provenance.json", "input"};
        QDir(m_folder.path()).mkdir("y.pth.provenance.json");
        QTest::addRow("provenance that is a folder")
            << QStringList{"export", own, "--counts", three, "--force", "-o", path("y.pth")}
            << QStringList{"y.pth.provenance.json"};
        QTest::addRow("name that is too long")
            << QStringList{"export", own,  "--counts",
                           three,    "-o", path(QString(300, QLatin1Char('n')))}
            << QStringList{"nnn", "too long"};
        QTest::addRow("name with a line break")
            << QStringList{"inspect", path("a\nb")} << QStringList{"a\\x0ab"};
    }

    void isOneSentenceAndExitOne()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, parts);
        const auto before = QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden);
        const Outcome outcome = runProgram(arguments);
        QCOMPARE(outcome.code, 1);
        QCOMPARE(outcome.output, QString());
        QVERIFY2(outcome.errors.startsWith("error: "), qPrintable(outcome.errors));
        QCOMPARE(outcome.errors.count('\n'), 1);
        for (const QString& part : parts)
            QVERIFY2(outcome.errors.contains(part),
                     qPrintable(part + " is missing in: " + outcome.errors));
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden), before);
    }

    void sourceIsUntouchedByAFailedExport()
    {
        QFile file(path("plain.safetensors"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QCOMPARE(runProgram({"export", file.fileName(), "--counts", path("three.txt"), "--force",
                             "-o", file.fileName()})
                     .code,
                 1);
        file.seek(0);
        QCOMPARE(file.readAll(), bytes);
    }

    void featuresOfAnotherCheckpointAreWarnedAbout()
    {
        QFile source(m_features);
        QVERIFY(source.open(QIODevice::ReadOnly));
        QByteArray bytes = source.readAll();
        const qsizetype at = bytes.indexOf("backbone_sha256\":\"") + 18;
        QVERIFY(at > 18);
        bytes.replace(at, 4, "0000");
        const Outcome outcome = runProgram({"evaluate", m_stage1, "--counts", m_counts, "--data",
                                            write("foreign.safetensors", bytes), "--json"});
        QCOMPARE(outcome.code, 0);
        const auto warnings = outcome.json()["warnings"];
        QVERIFY(std::any_of(warnings.begin(), warnings.end(), [](const auto& warning) {
            return warning.template get<std::string>().find("another backbone") !=
                   std::string::npos;
        }));
    }

    void wrongUsageIsExitTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("parts");
        const QStringList evaluate{"evaluate", m_stage1, "--counts",
                                   m_counts,   "--data", m_features};
        QTest::addRow("no verb") << QStringList{} << QStringList{"subcommand"};
        QTest::addRow("unknown verb") << QStringList{"destroy"} << QStringList{"destroy"};
        QTest::addRow("missing file") << QStringList{"inspect"} << QStringList{"FILE"};
        QTest::addRow("missing counts")
            << QStringList{"profile", m_stage1} << QStringList{"--counts"};
        QTest::addRow("unknown flag")
            << QStringList{"inspect", m_stage1, "--sideways"} << QStringList{"--sideways"};
        QTest::addRow("unknown method")
            << evaluate + QStringList{"--method", "magic"} << QStringList{"magic", "samn", "tau"};
        QTest::addRow("negative tau")
            << evaluate + QStringList{"--method", "tau=-1"} << QStringList{"tau", "-1"};
        QTest::addRow("unknown group rule")
            << evaluate + QStringList{"--groups", "all"} << QStringList{"all", "kang"};
        QTest::addRow("unknown table format")
            << evaluate + QStringList{"--table", "html"} << QStringList{"html", "latex"};
        QTest::addRow("unknown device")
            << evaluate + QStringList{"--device", "abacus"} << QStringList{"abacus", "cpu"};
        QTest::addRow("unknown bias rule")
            << evaluate + QStringList{"--bias", "double"} << QStringList{"double", "keep"};
        QTest::addRow("chart that is no SVG")
            << QStringList{"profile", m_stage1, "--counts", m_counts, "--chart", path("norms.png")}
            << QStringList{".svg"};
    }

    void wrongUsageIsExitTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, parts);
        const Outcome outcome = runProgram(arguments);
        QCOMPARE(outcome.code, 2);
        QCOMPARE(outcome.output, QString());
        QVERIFY2(outcome.errors.startsWith("error: "), qPrintable(outcome.errors));
        QCOMPARE(outcome.errors.count('\n'), 2); // the mistake, and where to read more
        for (const QString& part : parts)
            QVERIFY2(outcome.errors.contains(part), qPrintable(part + " in " + outcome.errors));
    }
};

QTEST_APPLESS_MAIN(BadInputTest)
#include "tst_bad_input.moc"
