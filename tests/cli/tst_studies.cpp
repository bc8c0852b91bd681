// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that study a head: sweep, compare, and what evaluate says of headroom and confusion.
#include <QTemporaryDir>
#include <cmath>

#include "support/program.h"
#include "support/safetensors_file.h"

using namespace monotail::test;
using nlohmann::json;

class StudiesTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    const QString m_counts = demoFile("counts.csv");
    const QString m_stage1 = demoFile("stage1.pth.tar");
    const QString m_crt = demoFile("crt.pth.tar");
    const QString m_test = demoFile("features-test.safetensors");
    const QString m_train = demoFile("features-train.safetensors");

    QString path(const QString& name) const { return m_folder.filePath(name); }

    Outcome run(const QString& verb, const QStringList& checkpoints, const QStringList& more) const
    {
        return runProgram(QStringList{verb} + checkpoints +
                          QStringList{"--counts", m_counts, "--data", m_test} + more);
    }

    json found(const QString& verb, const QStringList& checkpoints, const QStringList& more) const
    {
        const Outcome outcome = run(verb, checkpoints, more + QStringList{"--json"});
        return outcome.code == 0 ? outcome.json() : json();
    }

    json evaluated(const QString& method) const
    {
        return found("evaluate", {m_stage1}, {"--method", method});
    }

    static QByteArray contents(const QString& name)
    {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void sweepKeepsItsContract()
    {
        const json sweep = found("sweep", {m_stage1}, {"--method", "tau:0:2:0.5"});
        for (const char* key : {"schema", "warnings", "parameter", "points", "chosen", "projection",
                                "before", "sensitivity", "groups", "samples", "device", "data"})
            QVERIFY2(sweep.contains(key), key);
        QCOMPARE(sweep["parameter"].get<std::string>(), std::string("tau"));
        std::vector<double> values;
        for (const json& point : sweep["points"])
            values.push_back(point["value"].get<double>());
        QCOMPARE(values, (std::vector<double>{0, 0.5, 1, 1.5, 2}));
        QVERIFY(sweep["points"][0]["top5"].is_null() && sweep["points"][0]["ece"].is_null());
        QCOMPARE(sweep["chosen"]["on"].get<std::string>(),
                 "one half of " + m_test.toStdString() +
                     " (seed 0), reported on the other, and back");
        QCOMPARE(sweep["chosen"]["value"].get<double>(), 1.0);
        QVERIFY(sweep["chosen"]["changes_from_projection"]["class_mean"].is_object());
    }

    void sweptPointsAndProjectionAreWhatEvaluateSays()
    {
        const json sweep = found("sweep", {m_stage1}, {"--method", "tau:0.5:1:0.5"});
        const json half = evaluated("tau=0.5")["after"];
        const json projection = evaluated("samn")["after"];
        for (const char* key : {"top1", "class_mean", "many", "medium", "few", "worst_decile"}) {
            QCOMPARE(sweep["points"][0][key], half[key]);
            QCOMPARE(sweep["projection"][key], projection[key]);
        }
        QCOMPARE(sweep["before"]["top1"].get<double>(), 68.31);
    }

    void valueIsChosenOnValidationDataIfGiven()
    {
        const json sweep =
            found("sweep", {m_stage1}, {"--method", "tau:0:2:0.25", "--val", m_train});
        QCOMPARE(sweep["chosen"]["on"].get<std::string>(),
                 "validation features " + m_train.toStdString());
        QCOMPARE(sweep["chosen"]["values"].size(), std::size_t(1));
        for (const json& point : sweep["points"])
            if (point["value"] == sweep["chosen"]["value"])
                QCOMPARE(point["class_mean"], sweep["chosen"]["class_mean"]);
        QVERIFY(sweep["warnings"].dump().find("training split") != std::string::npos);
    }

    void sweepSaysInWordsWhatItFound()
    {
        const QString text = run("sweep", {m_stage1}, {"--method", "logit-adjust:0:2:1"}).output;
        for (const char* part :
             {"chosen on both halves", "SAMN projection, without a parameter, gives 78.4",
              "Sensitivity over the 3 values: class-mean from 66.1 to 82.2, 16.1 points; 33 % of "
              "the values are within 0.5 points of the best",
              "reported on the other, and back: logit-adjust 1"})
            QVERIFY2(text.contains(part), qPrintable(text));
    }

    void curveGoesToAFile()
    {
        const Outcome outcome =
            run("sweep", {m_stage1}, {"--method", "tau:0:1:0.5", "--csv", path("curve.csv")});
        QCOMPARE(outcome.code, 0);
        const QList<QByteArray> lines = contents(path("curve.csv")).split('\n');
        QCOMPARE(lines[0], QByteArray("name,value,class_mean,top1,many,medium,few"));
        QVERIFY(lines[1].startsWith("tau,0,68.31,68.31,"));
        QVERIFY(lines[3].startsWith("tau,1,"));
        QVERIFY(lines[4].startsWith("chosen,1,") && lines[5].startsWith("samn,,"));
        QCOMPARE(
            run("sweep", {m_stage1}, {"--method", "tau:0:1:1", "--csv", path("curve.csv")}).code,
            1); // not without --force
    }

    void compareKeepsItsContract()
    {
        const json compared = found("compare", {m_stage1, m_crt}, {});
        for (const char* key :
             {"schema", "warnings", "classes", "before", "after", "mcnemar", "changes", "groups"})
            QVERIFY2(compared.contains(key), key);
        QCOMPARE(compared["classes"].size(), std::size_t(10));
        double last = INFINITY;
        for (const json& row : compared["classes"]) {
            for (const char* key : {"index", "name", "before", "after", "difference", "p"})
                QVERIFY2(row.contains(key), key);
            const double difference = row["difference"];
            QVERIFY(std::abs(difference) <= last);
            last = std::abs(difference);
            QVERIFY(std::abs(row["after"].get<double>() - row["before"].get<double>() -
                             difference) < 1e-9);
            QVERIFY(row["p_adjusted"].get<double>() >= row["p"].get<double>());
        }
        QCOMPARE(compared["classes"][0]["name"].get<std::string>(), std::string("T-shirt/top"));
        QCOMPARE(compared["before"]["top1"].get<double>(), 68.31);
        QCOMPARE(compared["after"]["top1"].get<double>(), 81.62);
    }

    void methodsOfOneCheckpointAreCompared()
    {
        const json two = found("compare", {m_stage1}, {"--method", "samn", "--method", "tau=0.5"});
        QCOMPARE(two["before"]["method"].get<std::string>(), std::string("samn"));
        QCOMPARE(two["after"]["method"].get<std::string>(), std::string("tau=0.5"));
        QCOMPARE(two["before"]["top1"], evaluated("samn")["after"]["top1"]);
        QCOMPARE(two["after"]["top1"], evaluated("tau=0.5")["after"]["top1"]);
        const json one = found("compare", {m_stage1}, {"--method", "samn"});
        QCOMPARE(one["before"]["method"].get<std::string>(), std::string("none"));
        QCOMPARE(one["mcnemar"], evaluated("samn")["mcnemar"]);
    }

    void methodMayStandBeforeTheSecondCheckpoint()
    {
        const Outcome outcome = runProgram({"compare", m_stage1, "--method", "samn", m_crt,
                                            "--counts", m_counts, "--data", m_test, "--json"});
        QCOMPARE(outcome.code, 0);
        for (const char* side : {"before", "after"})
            QCOMPARE(outcome.json()[side]["method"].get<std::string>(), std::string("samn"));
    }

    void classesGoToAFile()
    {
        QCOMPARE(run("compare", {m_stage1, m_crt}, {"--csv", path("classes.csv")}).code, 0);
        const QList<QByteArray> lines = contents(path("classes.csv")).split('\n');
        QCOMPARE(lines.size(), 12); // header, classes, end
        QVERIFY(lines[1].startsWith("0,T-shirt/top,few,16,1000,0.5,61.9,61.4,"));
        QVERIFY(lines[1].endsWith(",better"));
    }

    void evaluateMeasuresTheHeadroomOfSmallData()
    {
        const json headroom = evaluated("samn")["headroom"];
        for (const char* kind : {"scale", "bias"}) {
            for (const char* key : {"class_mean", "top1", "many", "medium", "few", "changes"})
                QVERIFY2(headroom[kind].contains(key), key);
            QCOMPARE(headroom[kind]["fitted_on_half"].size(), std::size_t(2));
            for (const json& half : headroom[kind]["fitted_on_half"]) {
                QVERIFY(half["fitted"].get<double>() >= half["projection"].get<double>());
                QVERIFY(half["fitted"].get<double>() >= half["before"].get<double>());
            }
        }
        // 500 samples a class in each half: enough to better the projection on samples not seen.
        QVERIFY(headroom["scale"]["class_mean"].get<double>() > 78.42 + 1);
    }

    void headroomIsARowUnlessItIsNotWanted()
    {
        const QString with = run("evaluate", {m_stage1}, {}).output;
        QVERIFY2(with.contains("headroom: best per-class scale (cross-fitted)"), qPrintable(with));
        QVERIFY2(with.contains("headroom: best per-class bias (cross-fitted)"), qPrintable(with));
        const QString without = run("evaluate", {m_stage1}, {"--no-headroom"}).output;
        QVERIFY2(!without.contains("headroom"), qPrintable(without));
        QVERIFY(found("evaluate", {m_stage1}, {"--no-headroom"})["headroom"].is_null());
    }

    void groupsTakenForEachOtherAddUp()
    {
        const json confusion = evaluated("samn")["group_confusion"];
        for (const char* when : {"before", "after"})
            for (std::size_t g = 0; g < 3; ++g) {
                std::int64_t samples = 0;
                double percent = 0;
                for (std::size_t as = 0; as < 3; ++as) {
                    samples += confusion[when]["counts"][g][as].get<std::int64_t>();
                    percent += confusion[when]["percent"][g][as].get<double>();
                }
                QCOMPARE(samples, std::int64_t(g == 0 ? 4000 : 3000));
                QVERIFY(std::abs(percent - 100) < 1e-9);
            }
        const json after = evaluated("samn")["after"];
        QVERIFY(std::abs(confusion["after"]["percent"][2][0].get<double>() -
                         after["tail_as_head"].get<double>()) < 1e-9);
    }

    void priorMayBeANumber()
    {
        const json uniform = found("evaluate", {m_stage1}, {"--prior", "0"});
        QVERIFY(std::abs(uniform["prior"]["before"].get<double>() -
                         uniform["before"]["class_mean"].get<double>()) < 1e-9);
        const json head = found("evaluate", {m_stage1}, {"--prior", "1"});
        const json named = found("evaluate", {m_stage1}, {"--prior", "head"});
        QVERIFY(std::abs(head["prior"]["before"].get<double>() -
                         named["prior"]["before"].get<double>()) < 1e-9);
    }

    void badInputIsOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QStringList>("parts");
        const QStringList inputs{"--counts", m_counts, "--data", m_test};
        const QString other =
            QString::fromStdString(SafetensorsFile()
                                       .add("fc.weight", {3, 64}, std::vector<float>(3 * 64, 0.5F))
                                       .write(path("three.safetensors").toStdString()));
        const auto sweep = [&](const char* row, const QStringList& more, int code,
                               const QStringList& parts) {
            QTest::addRow("%s", row)
                << QStringList{"sweep", m_stage1} + inputs + more << code << parts;
        };
        sweep("sweep of no range", {"--method", "tau"}, 2, {"four parts are expected"});
        sweep("sweep backwards", {"--method", "tau:2:0:1"}, 2,
              {"the first value is above the last"});
        sweep("sweep of too many values", {"--method", "tau:0:2:1e-5"}, 2,
              {"more than 1000 values"});
        sweep("sweep without a method", {}, 2, {"--method is required"});
        sweep("sweep of what float32 cannot hold", {"--method", "tau:0:500:250"}, 1,
              {"tau=250", "float32 cannot hold"});
        sweep("validation on the evaluation data", {"--method", "tau:0:2:1", "--val", m_test}, 1,
              {"--val", "must not be chosen and reported on the same samples"});
        sweep("no such validation data", {"--method", "tau:0:2:1", "--val", path("none.npz")}, 1,
              {"none.npz"});
        const auto compare = [&](const char* row, const QStringList& checkpoints,
                                 const QStringList& more, const QStringList& parts) {
            QTest::addRow("%s", row)
                << QStringList{"compare"} + checkpoints + inputs + more << 1 << parts;
        };
        compare("nothing to compare with", {m_stage1}, {}, {"both sides are the same"});
        compare("the same method", {m_stage1}, {"--method", "samn", "--method", "samn"},
                {"both sides are the same"});
        compare("three methods", {m_stage1, m_crt},
                {"--method", "samn", "--method", "none", "--method", "equal"},
                {"one or two methods, 3 are given"});
        compare("other classes", {m_stage1, other}, {},
                {"stage1.pth.tar has 10 classes and", "three.safetensors has 3: only heads of the "
                                                      "same classes can be compared"});
        compare("other samples", {m_stage1, m_crt}, {"--data2", m_train},
                {"has 10000 samples and", "has 2238: to be compared"});
        compare("no such head", {m_stage1}, {"--head2", "fc9.weight"}, {"fc9.weight"});
        QTest::addRow("prior out of range")
            << QStringList{"evaluate", m_stage1} + inputs + QStringList{"--prior", "2"} << 2
            << QStringList{"expected head, uniform, tail or a number between -1 and 1"};
        QTest::addRow("headroom and none") << QStringList{"evaluate", m_stage1} + inputs +
                                                  QStringList{"--headroom", "--no-headroom"}
                                           << 2 << QStringList{"--headroom excludes --no-headroom"};
    }
    void badInputIsOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QStringList, parts);
        const Outcome outcome = runProgram(arguments);
        QVERIFY2(outcome.code == code, qPrintable(outcome.errors));
        QVERIFY(outcome.output.isEmpty());
        QVERIFY2(outcome.errors.startsWith("error: "), qPrintable(outcome.errors));
        for (const QString& part : parts)
            QVERIFY2(outcome.errors.contains(part), qPrintable(outcome.errors));
    }
};

QTEST_APPLESS_MAIN(StudiesTest)
#include "tst_studies.moc"
