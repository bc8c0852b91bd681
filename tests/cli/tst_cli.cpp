// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs as a person or a script uses them, on the demo's files.
#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <cmath>

#include "support/program.h"

using namespace monotail::test;
using nlohmann::json;

class CliTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    const QString m_counts = demoFile("counts.csv");
    const QString m_stage1 = demoFile("stage1.pth.tar");
    const QString m_features = demoFile("features-test.safetensors");

    QString path(const QString& name) const { return m_folder.filePath(name); }

    json profile(const QString& checkpoint, const QStringList& more = {}) const
    {
        const Outcome outcome =
            runProgram(QStringList{"profile", checkpoint, "--counts", m_counts, "--json"} + more);
        return outcome.code == 0 ? outcome.json() : json();
    }

    Outcome evaluate(const QStringList& more) const
    {
        return runProgram(
            QStringList{"evaluate", m_stage1, "--counts", m_counts, "--data", m_features} + more);
    }

    static QByteArray contents(const QString& name)
    {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void inspectKeepsItsContract()
    {
        const json found = runProgram({"inspect", m_stage1, "--json", "--digest"}).json();
        QCOMPARE(found["schema"].get<int>(), 1);
        QCOMPARE(found["format"].get<std::string>(), std::string("zip"));
        const json& head = found["heads"][0];
        QCOMPARE(head["weight"].get<std::string>(), std::string("state_dict.linear.weight"));
        QCOMPARE(head["bias"].get<std::string>(), std::string("state_dict.linear.bias"));
        QCOMPARE(head["classes"].get<int>(), 10);
        QCOMPARE(head["features"].get<int>(), 64);
        QVERIFY(!head["reason"].get<std::string>().empty());
        for (const json& tensor : found["tensors"])
            QCOMPARE(tensor["sha256"].get<std::string>().size(), std::size_t(64));
        QCOMPARE(found["scalars"]["best_acc1"].get<double>(), 68.31);
        QCOMPARE(found["objects"].size(), std::size_t(1)); // args: argparse.Namespace
        QVERIFY(found["warnings"].is_array());
    }

    void inspectNeedsNoJson()
    {
        const Outcome outcome = runProgram({"inspect", m_stage1});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.output.contains("state_dict.linear.weight"));
        QVERIFY(outcome.output.contains("10 classes x 64 features"));
        QVERIFY(outcome.output.contains("argparse.Namespace"));
    }

    void profileRanksByFrequencyAndPools()
    {
        const json found = profile(m_stage1);
        QCOMPARE(found["blocks"].size(), std::size_t(1));
        QCOMPARE(found["blocks"][0]["begin"].get<int>(), 0);
        QCOMPARE(found["blocks"][0]["end"].get<int>(), 10);
        const json byRank = json::array({6, 4, 7, 2, 3, 8, 9, 0, 1, 5});
        QCOMPARE(found["blocks"][0]["classes"], byRank);
        QCOMPARE(found["direction"].get<std::string>(), std::string("tail-high"));
        QCOMPARE(found["ties"].get<std::string>(), std::string("average"));
        QCOMPARE(found["weights"].get<std::string>(), std::string("uniform"));
        double sum = 0;
        for (const json& row : found["classes"]) {
            sum += row["norm"].get<double>();
            QVERIFY(std::abs(row["norm"].get<double>() * row["scale"].get<double>() -
                             row["fitted"].get<double>()) < 1e-12);
        }
        QVERIFY(std::abs(found["blocks"][0]["value"].get<double>() - sum / 10) < 1e-12);
    }

    void headHighNormsFallTowardTheTail()
    {
        const json found = profile(m_stage1, {"--direction", "head-high"});
        QVERIFY(found["blocks"].size() > 5);
        double last = INFINITY;
        for (const json& block : found["blocks"]) {
            QVERIFY(block["value"].get<double>() < last);
            last = block["value"];
        }
    }

    void orderMayComeFromAFile()
    {
        QFile order(path("order.csv"));
        QVERIFY(order.open(QIODevice::WriteOnly));
        order.write("index,value\n");
        for (int c = 0; c < 10; ++c)
            order.write(QByteArray::number(c) + "," + QByteArray::number(c) + ".5\n");
        order.close();
        const json found = profile(m_stage1, {"--order", order.fileName()});
        QVERIFY(QString::fromStdString(found["order"]).contains("order.csv"));
        std::vector<int> classes;
        for (const json& block : found["blocks"])
            for (const json& c : block["classes"])
                classes.push_back(c);
        QCOMPARE(classes, (std::vector<int>{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
    }

    void chartIsDrawn()
    {
        QVERIFY(!profile(m_stage1, {"--chart", path("norms.svg")}).is_null());
        const QByteArray svg = contents(path("norms.svg"));
        QVERIFY(svg.startsWith("<svg") && svg.endsWith("</svg>\n"));
        QCOMPARE(svg.count("<circle"), 10 + 1); // a point per class and one in the legend
        QVERIFY(svg.contains(">T-shirt/top<"));
    }

    void evaluateKeepsItsContract()
    {
        const json found = evaluate({"--json"}).json();
        for (const char* key :
             {"top1", "class_mean", "top5", "many", "medium", "few", "worst_class", "worst_decile",
              "harmonic", "ece", "ece_groups", "tail_as_head", "per_class"})
            for (const char* side : {"before", "after"})
                QVERIFY2(found[side].contains(key), key);
        for (const char* key :
             {"mcnemar", "changes", "near_ties", "witness", "stored_accuracy", "headroom",
              "methods", "groups", "split", "samples", "device", "warnings", "schema"})
            QVERIFY2(found.contains(key), key);
        QCOMPARE(found["samples"].get<int>(), 10000);
        QCOMPARE(found["split"].get<std::string>(), std::string("test"));
        QCOMPARE(found["groups"]["sizes"], json::array({4, 3, 3}));
        QCOMPARE(found["before"]["top1"].get<double>(), 68.31);
    }

    void severalMethodsGiveATable_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("line");
        QTest::addRow("markdown") << "md"
                                  << "^\\| tau=0.5 +\\|";
        QTest::addRow("LaTeX") << "latex"
                               << "^tau=0.5 & .* \\\\\\\\$";
        QTest::addRow("CSV") << "csv"
                             << "^tau=0.5,[0-9.]+,";
        QTest::addRow("text") << "text"
                              << "^tau=0.5 +[0-9.]+ ";
    }

    void severalMethodsGiveATable()
    {
        QFETCH(QString, table);
        QFETCH(QString, line);
        const Outcome outcome =
            evaluate({"--method", "samn", "--method", "tau=0.5", "--table", table});
        QCOMPARE(outcome.code, 0);
        const QRegularExpression row(line, QRegularExpression::MultilineOption);
        QVERIFY2(row.match(outcome.output).hasMatch(), qPrintable(outcome.output));
    }

    void scalesFromAFileEqualTheProjectionTheyCameFrom()
    {
        QFile scales(path("scales.csv"));
        QVERIFY(scales.open(QIODevice::WriteOnly));
        scales.write("name,scale\n");
        const json projection = profile(m_stage1);
        for (const json& row : projection["classes"])
            scales.write(QByteArray::fromStdString(row["name"].get<std::string>() + "," +
                                                   row["scale"].dump() + "\n"));
        scales.close();
        const json found =
            evaluate({"--json", "--method", "samn", "--method", "scales=" + scales.fileName()})
                .json();
        QCOMPARE(found["methods"][1]["scale"], found["methods"][0]["scale"]);
        QCOMPARE(found["methods"][1]["top1"], found["methods"][0]["top1"]);
    }

    void predictionAndConfusionFilesAddUp()
    {
        const Outcome outcome =
            evaluate({"--json", "--predictions", path("p.csv"), "--confusion", path("c.csv")});
        const json found = outcome.json();
        int right = 0;
        const QList<QByteArray> lines = contents(path("p.csv")).split('\n');
        QCOMPARE(lines.size(), 10002); // header, samples, end
        for (qsizetype i = 1; i <= 10000; ++i) {
            const QList<QByteArray> fields = lines[i].split(',');
            right += fields[1] == fields[3];
        }
        QCOMPARE(right / 100.0, found["after"]["top1"].get<double>());
        int before = 0, after = 0;
        for (const QByteArray& line : contents(path("c.csv")).split('\n').mid(1)) {
            const QList<QByteArray> fields = line.split(',');
            if (fields.size() == 6) {
                before += fields[4].toInt();
                after += fields[5].toInt();
            }
        }
        QCOMPARE(before, 10000);
        QCOMPARE(after, 10000);
    }

    void trainingSplitAndMissedStoredAccuracyAreWarnedAbout()
    {
        const json found = runProgram({"evaluate", m_stage1, "--counts", m_counts, "--data",
                                       demoFile("features-train.safetensors"), "--json"})
                               .json();
        const std::string warnings = found["warnings"].dump();
        QVERIFY2(warnings.find("training split") != std::string::npos, warnings.c_str());
        QVERIFY2(warnings.find("stores best_acc1 = 68.31 %") != std::string::npos,
                 warnings.c_str());
    }

    void evaluateSaysThatItReadsTheModelRight()
    {
        const Outcome outcome = evaluate({});
        QVERIFY(outcome.output.contains("stores best_acc1 = 68.31; measured 68.31"));
        QVERIFY(outcome.output.contains("own logits are W f + b"));
    }

    void uniformPriorIsTheClassMean()
    {
        const json found = evaluate({"--json", "--prior", "uniform"}).json();
        QVERIFY(std::abs(found["prior"]["after"].get<double>() -
                         found["after"]["class_mean"].get<double>()) < 1e-9);
        const json head = evaluate({"--json", "--prior", "head"}).json();
        QVERIFY(head["prior"]["before"].get<double>() > found["prior"]["before"].get<double>());
    }

    void exportChangesOnlyTheHeadsBytesAndTheirChecksums()
    {
        const QString output = path("corrected.pth.tar");
        const Outcome outcome = runProgram({"export", m_stage1, "--counts", m_counts, "-o", output,
                                            "--data", m_features, "--json"});
        QCOMPARE(outcome.code, 0);
        const json result = outcome.json();
        QCOMPARE(result["format"].get<std::string>(), std::string("patch"));
        QVERIFY(result["verified"].get<bool>());
        QCOMPARE(result["patched_bytes"].get<int>(), 10 * 64 * 4);
        const QByteArray was = contents(m_stage1);
        const QByteArray is = contents(output);
        QCOMPARE(is.size(), was.size());
        int runs = 0;
        qsizetype differing = 0;
        for (qsizetype i = 0, last = -100; i < is.size(); ++i) {
            if (is[i] == was[i])
                continue;
            runs += i - last > 64; // gaps within the weights are short
            last = i;
            ++differing;
        }
        QCOMPARE(runs, 2); // the weights with the CRC behind them, and the CRC in the directory
        QVERIFY(differing <= 10 * 64 * 4 + 8);
        const json corrected = profile(output);
        for (const json& row : corrected["classes"])
            QVERIFY(std::abs(row["scale"].get<double>() - 1) < 1e-6);
        const json again = evaluateFile(output);
        QCOMPARE(again["before"]["top1"], result["announced"]["top1"]);
    }

    void provenanceSaysWhatWasDone()
    {
        const json record =
            json::parse(contents(path("corrected.pth.tar.provenance.json")).toStdString());
        QCOMPARE(record["method"].get<std::string>(), std::string("samn"));
        QCOMPARE(record["head"].get<std::string>(), std::string("state_dict.linear.weight"));
        QCOMPARE(record["source_sha256"].get<std::string>().size(), std::size_t(64));
        QCOMPARE(record["groups"]["preset"].get<std::string>(), std::string("kang"));
        QVERIFY(record["announced"]["top1"].get<double>() > 70);
    }

    void correctedCheckpointIsNotTakenForABrokenOne()
    {
        const Outcome outcome = runProgram({"evaluate", path("corrected.pth.tar"), "--counts",
                                            m_counts, "--data", m_features, "--method", "none"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.errors.contains("was rescaled with samn"), qPrintable(outcome.errors));
        QVERIFY2(!outcome.errors.contains("likely cause"), qPrintable(outcome.errors));
        const QString words =
            runProgram({"profile", path("corrected.pth.tar"), "--counts", m_counts}).output;
        QVERIFY2(words.contains("equal up to rounding") || words.contains("one block"),
                 qPrintable(words));
    }

    void demoLeavesAForeignReportAlone()
    {
        QVERIFY(QDir(m_folder.path()).mkdir("mine"));
        QFile report(path("mine/report.txt"));
        QVERIFY(report.open(QIODevice::WriteOnly));
        report.write("mine");
        report.close();
        const Outcome outcome = runProgram({"demo", path("mine")});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains("not the demo's"), qPrintable(outcome.errors));
        QCOMPARE(contents(report.fileName()), QByteArray("mine"));
    }

    void noneBesideAnotherMethodIsNotTheOneShown()
    {
        const json found =
            evaluate({"--json", "--method", "none", "--method", "equal", "--method", "equal"})
                .json();
        QCOMPARE(found["method"].get<std::string>(), std::string("equal"));
        QCOMPARE(found["methods"].size(), std::size_t(2));
    }

    void existingOutputIsReplacedOnlyByForce()
    {
        const QStringList arguments{"export",   m_stage1, "--counts",
                                    m_counts,   "-o",     path("corrected.pth.tar"),
                                    "--method", "equal"};
        QCOMPARE(runProgram(arguments).code, 1);
        QCOMPARE(runProgram(arguments + QStringList{"--force"}).code, 0);
    }

    void aRescalingThatHurtsIsWarnedAboutBeforeWriting()
    {
        const Outcome outcome =
            runProgram({"export", m_stage1, "--counts", m_counts, "-o", path("worse.pth.tar"),
                        "--data", m_features, "--method", "logit-adjust=-2"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.errors.contains("hurts: class-mean"), qPrintable(outcome.errors));
    }

    void learnedScalesAreFoldedAndPatched()
    {
        const QString output = path("lws.pth.tar");
        const Outcome outcome = runProgram({"export", demoFile("lws.pth.tar"), "--counts", m_counts,
                                            "-o", output, "--data", m_features, "--json"});
        QCOMPARE(outcome.code, 0);
        // Scales and the bias under them; the 64 x 10 weight stays as it was.
        QCOMPARE(outcome.json()["patched_bytes"].get<int>(), 2 * 10 * 4);
        const json corrected = profile(output);
        for (const json& row : corrected["classes"])
            QVERIFY(std::abs(row["scale"].get<double>() - 1) < 1e-5);
    }

    void numbersReadTheSameUnderGermanLocale()
    {
        qputenv("LC_ALL", "de_DE.UTF-8");
        const Outcome outcome = evaluate({"--json", "--method", "tau=0.5"});
        qunsetenv("LC_ALL");
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.json()["methods"][0]["method"].get<std::string>(), std::string("tau=0.5"));
    }

    void everyVerbExplainsItselfWithAnExample_data()
    {
        QTest::addColumn<QString>("verb");
        for (const char* verb : {"inspect", "profile", "evaluate", "export", "demo"})
            QTest::addRow("%s", verb) << verb;
    }

    void everyVerbExplainsItselfWithAnExample()
    {
        QFETCH(QString, verb);
        const Outcome outcome = runProgram({verb, "--help"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.output.contains("monotail-cli " + verb));
    }

private:
    json evaluateFile(const QString& checkpoint) const
    {
        return runProgram({"evaluate", checkpoint, "--counts", m_counts, "--data", m_features,
                           "--method", "none", "--json"})
            .json();
    }
};

QTEST_APPLESS_MAIN(CliTest)
#include "tst_cli.moc"
