// SPDX-License-Identifier: GPL-3.0-or-later
// What sweep, compare and evaluate say of input that is thin, far too large or belongs elsewhere.
#include <QTemporaryDir>

#include "support/program.h"
#include "support/safetensors_file.h"

using namespace monotail::test;
using nlohmann::json;

class StudyInputTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_head, m_counts, m_data;
    const QString m_sweep = "tau:0:2:1";

    QString path(const QString& name) const { return m_folder.filePath(name); }

    QString write(const QString& name, const SafetensorsFile& file) const
    {
        return QString::fromStdString(file.write(path(name).toStdString()));
    }

    QString writeCounts(const QString& name, const QByteArray& text) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write a test file");
        return file.fileName();
    }

    /// Samples of classes 0, 1, 2, 0, 1, ... that the head of this test gets right.
    static SafetensorsFile samples(std::size_t count, float size = 1)
    {
        std::vector<float> features;
        std::vector<std::int64_t> labels;
        for (std::size_t i = 0; i < count; ++i) {
            const std::array<std::array<float, 2>, 3> of{{{1, 0}, {0, 1}, {-1, -1}}};
            features.insert(features.end(), {of[i % 3][0] * size, of[i % 3][1] * size});
            labels.push_back(static_cast<std::int64_t>(i % 3));
        }
        SafetensorsFile file;
        return file.add("features", {static_cast<std::int64_t>(count), 2}, features)
            .addLabels("labels", labels);
    }

    Outcome run(const QString& verb, const QString& data, const QStringList& more) const
    {
        return runProgram(QStringList{verb, m_head, "--counts", m_counts, "--data", data} + more);
    }

    Outcome sweep(const QString& data, const QStringList& more = {}) const
    {
        return run("sweep", data, QStringList{"--method", m_sweep, "--json"} + more);
    }

    static qsizetype saying(const Outcome& outcome, const char* part)
    {
        if (outcome.code != 0)
            return -1;
        const json warnings = outcome.json()["warnings"];
        return std::count_if(warnings.begin(), warnings.end(), [&](const json& warning) {
            return warning.get<std::string>().find(part) != std::string::npos;
        });
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_head = write("head.safetensors", SafetensorsFile()
                                               .add("fc.weight", {3, 2}, {2, 0, 0, 1, -1, -1})
                                               .add("fc.bias", {3}, {0, 0, 0}));
        m_counts = writeCounts("counts.txt", "30\n20\n10\n");
        m_data = write("data.safetensors", samples(30));
    }

    void headroomThatNobodyAskedForEndsNothing()
    {
        const QString huge = write("huge.safetensors", samples(30, 1e34F));
        const Outcome outcome = run("evaluate", huge, {"--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QVERIFY(outcome.json()["headroom"].is_null());
        QCOMPARE(outcome.json()["before"]["top1"].get<double>(), 100.0);
        QCOMPARE(saying(outcome, "headroom n/a"), 1);
        QCOMPARE(saying(outcome, "too large to find the headroom"), 1);
    }

    void headroomThatFailsNamesTheWayOut()
    {
        const Outcome outcome = run("evaluate", path("huge.safetensors"), {"--headroom"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains("--no-headroom"), qPrintable(outcome.errors));
        QVERIFY2(!outcome.errors.contains("NaN"), qPrintable(outcome.errors));
    }

    void headroomOfThreeSamplesIsNotAvailable()
    {
        const QString three = write("three.safetensors", samples(3));
        const Outcome outcome = run("evaluate", three, {"--headroom", "--json"});
        QCOMPARE(saying(outcome, "headroom n/a: it takes 4 samples or more"), 1);
        QVERIFY(!run("evaluate", three, {}).output.contains("headroom"));
    }

    void oneSampleIsSingular()
    {
        const QString one = write("one.safetensors", samples(1));
        const QString text = run("evaluate", one, {}).output;
        QVERIFY2(text.contains("\n1 sample;"), qPrintable(text));
    }

    void profileWarningsReachEveryStudyOnce_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addRow("evaluate") << QStringList{"evaluate"};
        QTest::addRow("sweep") << QStringList{"sweep", "--method", m_sweep};
        QTest::addRow("compare") << QStringList{"compare", "--method", "samn"};
    }
    void profileWarningsReachEveryStudyOnce()
    {
        QFETCH(QStringList, arguments);
        const QString head = write("zero.safetensors",
                                   SafetensorsFile().add("fc.weight", {3, 2}, {2, 0, 0, 0, 1, -1}));
        const QString counts = writeCounts("absent.txt", "30\n20\n0\n");
        const Outcome outcome =
            runProgram(arguments.mid(0, 1) + QStringList{head} + arguments.mid(1) +
                       QStringList{"--counts", counts, "--data", m_data, "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QCOMPARE(saying(outcome, "rows of norm 0 keep scale 1"), 1);
        QCOMPARE(saying(outcome, "classes without training images rank as the rarest"), 1);
    }

    void sweepWarnsOfLogitsOfAnotherHead()
    {
        const auto with = [](SafetensorsFile file, float shift) {
            std::vector<float> logits;
            for (int i = 0; i < 10; ++i)
                logits.insert(logits.end(), {2 + shift, 0, -1, 0, 1, -1 + shift, -2, -1, 2});
            return file.add("logits", {30, 3}, logits);
        };
        const char* missed = "the model's own logits are not W f + b";
        QCOMPARE(saying(sweep(write("own.safetensors", with(samples(30), 0))), missed), 0);
        const QString other = write("other.safetensors", with(samples(30), 1));
        QCOMPARE(saying(sweep(other), missed), 1);
        const QString more = write("more.safetensors", samples(60));
        QCOMPARE(saying(sweep(more, {"--val", other}), missed), 1);
    }

    void sweepWarnsOfAStoredAccuracyThatIsMissed()
    {
        const auto swept = [](const char* data, const QStringList& more) {
            return runProgram(QStringList{"sweep", demoFile("stage1.pth.tar"), "--counts",
                                          demoFile("counts.csv"), "--data", demoFile(data),
                                          "--method", "tau:0:1:1", "--json"} +
                              more);
        };
        const char* said = "the checkpoint stores best_acc1 = 68.31 %, measured 93.43 %";
        QCOMPARE(saying(swept("features-train.safetensors", {}), said), 1);
        const QString other = demoFile("features-train.safetensors"); // only chosen on
        QCOMPARE(saying(swept("features-test.safetensors", {"--val", other}), "stores"), 0);
    }

    void sweepOfOneSampleChoosesNothing()
    {
        const QString one = write("one.safetensors", samples(1));
        const Outcome outcome = sweep(one);
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QVERIFY(outcome.json()["chosen"].is_null());
        QCOMPARE(outcome.json()["points"].size(), std::size_t(3));
        QCOMPARE(saying(outcome, "no value can be chosen"), 1);
        const QString text = run("sweep", one, {"--method", m_sweep}).output;
        QVERIFY2(text.contains("chosen (n/a)") && text.contains("No value could be chosen on"),
                 qPrintable(text));
    }

    void thinValidationIsWarnedAbout()
    {
        const QString four = write("four.safetensors", samples(4)); // two of class 0 only
        QCOMPARE(saying(sweep(m_data, {"--val", four}), "only 1 of 3 classes have 2 samples"), 1);
        const QString six = write("six.safetensors", samples(6));
        QCOMPARE(saying(sweep(m_data, {"--val", six}), "classes have 2 samples"), 0);
    }

    void sameSamplesInAnotherFileAreNoValidation()
    {
        SafetensorsFile file = samples(30);
        file.metadata["split"] = "val";
        const Outcome outcome = sweep(m_data, {"--val", write("copy.safetensors", file)});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains("must not be chosen and reported on the same samples") &&
                     outcome.errors.contains("copy.safetensors"),
                 qPrintable(outcome.errors));
        const QString scaled = write("scaled.safetensors", samples(30, 1.5F));
        QCOMPARE(sweep(m_data, {"--val", scaled}).code, 0);
    }

    void numericPriorSaysWhatItTakesForNoImages()
    {
        const QString counts = writeCounts("absent.txt", "30\n20\n0\n");
        const auto under = [&](const char* prior) {
            return runProgram({"evaluate", m_head, "--counts", counts, "--data", m_data, "--json",
                               "--prior", prior});
        };
        const char* said = "1 class without training images weighs as half an image";
        QCOMPARE(saying(under("-1"), said), 1);
        QCOMPARE(saying(under("0"), said), 0);
        QCOMPARE(saying(under("tail"), said), 0);
        QCOMPARE(saying(run("evaluate", m_data, {"--json", "--prior", "1"}), said), 0);
    }

    void valuesThatRoundToOneAreListedOnce()
    {
        const Outcome outcome =
            run("sweep", m_data, {"--method", "tau:1:1.0000000000000004:1e-17", "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        QCOMPARE(outcome.json()["points"].size(), std::size_t(3));
    }

    void missingFolderIsFoundBeforeTheDataIsRead_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString target = path("nowhere/out.csv");
        QTest::addRow("sweep") << QStringList{"sweep", "--method", m_sweep, "--csv", target};
        QTest::addRow("compare") << QStringList{"compare", "--method", "samn", "--csv", target};
        QTest::addRow("predictions") << QStringList{"evaluate", "--predictions", target};
        QTest::addRow("confusion") << QStringList{"evaluate", "--confusion", target};
    }
    void missingFolderIsFoundBeforeTheDataIsRead()
    {
        QFETCH(QStringList, arguments);
        const Outcome outcome = run(arguments.first(), path("none.safetensors"), arguments.mid(1));
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains("nowhere does not exist"), qPrintable(outcome.errors));
    }

    void mistakeInTheUsageIsExitTwo_data()
    {
        QTest::addColumn<QStringList>("arguments"); // verb and what is added to it
        QTest::addColumn<QString>("said");
        const QStringList swept{"sweep", "--method", m_sweep};
        for (const char* option : {"--val", "--csv", "--classes", "--head", "--order"})
            QTest::addRow("sweep with an empty %s", option)
                << swept + QStringList{option, ""} << QString(option) + ": the value is empty";
        for (const char* option : {"--data2", "--head2", "--csv", "--method"})
            QTest::addRow("compare with an empty %s", option)
                << QStringList{"compare", option, ""} << QString(option) + ": the value is empty";
        for (const char* option : {"--prior", "--predictions", "--confusion", "--table"})
            QTest::addRow("evaluate with an empty %s", option)
                << QStringList{"evaluate", option, ""} << QString(option) + ": the value is empty";
        QTest::addRow("negative seed") << swept + QStringList{"--seed", "-1"} << "--seed: -1";
        QTest::addRow("seed too large")
            << swept + QStringList{"--seed", "99999999999999999999"} << "--seed: 9999";
        QTest::addRow("negative tau before too many values")
            << QStringList{"sweep", "--method", "tau:-1e308:1e308:1e307"} << "tau=-1e+308";
        QTest::addRow("unknown table")
            << QStringList{"evaluate", "--table", "xml"} << "error: --table: xml: expected text";
    }
    void mistakeInTheUsageIsExitTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, said);
        const Outcome outcome = run(arguments.first(), m_data, arguments.mid(1));
        QVERIFY2(outcome.code == 2, qPrintable(outcome.errors));
        QVERIFY2(outcome.errors.contains(said), qPrintable(outcome.errors));
    }

    void emptyCountsAreNamed()
    {
        const Outcome outcome = runProgram({"evaluate", m_head, "--counts", "", "--data", m_data});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.errors.contains("--counts: the value is empty"),
                 qPrintable(outcome.errors));
    }
};

QTEST_APPLESS_MAIN(StudyInputTest)
#include "tst_study_input.moc"
