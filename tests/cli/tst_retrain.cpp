// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that train: retrain, sweep --over, presets.
#include <QTemporaryDir>
#include <cmath>

#include "support/program.h"

using namespace monotail::test;
using nlohmann::json;

class RetrainTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    const QString m_counts = demoFile("counts.csv");
    const QString m_stage1 = demoFile("stage1.pth.tar");
    const QString m_test = demoFile("features-test.safetensors");
    const QString m_train = demoFile("features-train.safetensors");

    QString path(const QString& name) const { return m_folder.filePath(name); }

    /// Few epochs, on the demo.
    Outcome retrain(const QStringList& more, const QString& train = {}) const
    {
        return runProgram(QStringList{"retrain", m_stage1, "--counts", m_counts, "--data",
                                      train.isEmpty() ? m_train : train} +
                          more);
    }

    json trained(const QStringList& more) const
    {
        const Outcome outcome = retrain(more + QStringList{"--json"});
        return outcome.code == 0 ? outcome.json() : json{{"error", outcome.errors.toStdString()}};
    }

    Outcome sweep(const QStringList& more) const
    {
        return runProgram(QStringList{"sweep", m_stage1, "--counts", m_counts, "--data", m_test} +
                          more);
    }

    static QByteArray contents(const QString& name)
    {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void jsonKeepsItsContract()
    {
        const json run =
            trained({"--preset", "ce+samn", "--epochs", "2", "--seed", "5", "--test", m_test});
        for (const char* key :
             {"schema", "warnings", "preset", "axes", "epochs", "blocks", "output", "seconds",
              "seed", "threads", "device", "chosen", "runs", "before", "features"})
            QVERIFY2(run.contains(key), key);
        QVERIFY(run["preset"].is_null()); // 2 epochs are not the published 20
        QCOMPARE(run["name"].get<std::string>(), std::string("samn"));
        QCOMPARE(run["axes"]["norms"].get<std::string>(), std::string("samn"));
        QCOMPARE(run["epochs"].size(), std::size_t(3));
        QVERIFY(run["epochs"][2]["loss"].get<double>() < run["epochs"][1]["loss"].get<double>());
        QCOMPARE(run["seed"].get<int>(), 5);
        QCOMPARE(run["chosen"]["by"].get<std::string>(), std::string("last epoch"));
        QVERIFY(run["output"].is_null());
        QCOMPARE(run["before"]["top1"].get<double>(), 68.31);
    }

    void unrefinedPresetKeepsItsName()
    {
        const json run = trained({"--preset", "ce+samn", "--seed", "3"});
        QCOMPARE(run["preset"].get<std::string>(), std::string("ce+samn"));
    }

    void writtenHeadIsWhatWasMeasured()
    {
        const QString output = path("samn.pth.tar");
        const json run =
            trained({"--preset", "ce+samn", "--epochs", "3", "--test", m_test, "-o", output});
        QVERIFY2(run.contains("output"), run.dump().c_str());
        QCOMPARE(run["output"].get<std::string>(), output.toStdString());
        const Outcome again = runProgram({"evaluate", output, "--counts", m_counts, "--data",
                                          m_test, "--method", "none", "--json"});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.json()["before"]["top1"], run["runs"][0]["test"]["top1"]);
        QCOMPARE(again.json()["before"]["class_mean"], run["runs"][0]["test"]["class_mean"]);
        const json record = json::parse(contents(output + ".run.json").toStdString());
        QCOMPARE(record["epochs"], run["epochs"]);
        QVERIFY(QFile::exists(output + ".provenance.json"));
    }

    void aRecordThatCannotBeWrittenLeavesNoCheckpoint()
    {
        QVERIFY(QDir().mkdir(path("held.pth.run.json")));
        const Outcome outcome = retrain({"--epochs", "1", "-o", path("held.pth"), "--force"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains("this is a folder"), qPrintable(outcome.errors));
        QVERIFY(!QFile::exists(path("held.pth")));
    }

    void whatFollowsTrainingIsWrittenToo()
    {
        const QString output = path("tau.pth.tar");
        const json run = trained({"--epochs", "0", "--afterwards", "tau=1", "--afterwards-bias",
                                  "drop", "--test", m_test, "-o", output});
        QVERIFY2(run.contains("output"), run.dump().c_str());
        const Outcome tau = runProgram({"evaluate", m_stage1, "--counts", m_counts, "--data",
                                        m_test, "--method", "tau=1", "--bias", "drop", "--json"});
        QCOMPARE(run["runs"][0]["test"]["top1"], tau.json()["after"]["top1"]);
        const Outcome again = runProgram({"evaluate", output, "--counts", m_counts, "--data",
                                          m_test, "--method", "none", "--json"});
        QVERIFY2(again.code == 0, qPrintable(again.errors));
        QCOMPARE(again.json()["before"]["top1"], tau.json()["after"]["top1"]);
    }

    void seedsEndInMeanAndDeviation()
    {
        const json run =
            trained({"--preset", "crt", "--epochs", "1", "--seeds", "3", "--test", m_test});
        QCOMPARE(run["runs"].size(), std::size_t(3));
        double sum = 0, squares = 0;
        for (const json& one : run["runs"]) {
            const double value = one["test"]["class_mean"].get<double>();
            sum += value;
            squares += value * value;
        }
        QVERIFY(std::abs(run["seeds"]["class_mean"].get<double>() - sum / 3) < 1e-9);
        const double deviation = std::sqrt((squares - sum * sum / 3) / 2);
        QVERIFY(std::abs(run["seeds"]["deviation"]["class_mean"].get<double>() - deviation) < 1e-6);
        const QString text =
            retrain({"--preset", "crt", "--epochs", "1", "--seeds", "2", "--test", m_test}).output;
        QVERIFY2(text.contains("mean ± deviation of 2 seeds"), qPrintable(text));
        QVERIFY(text.contains("cached features"));
    }

    void epochIsChosenOnValidation()
    {
        const json run = trained({"--epochs", "4", "--val", m_test});
        const int chosen = run["chosen"]["epoch"].get<int>();
        double best = -1;
        for (std::size_t e = 1; e < run["epochs"].size(); ++e)
            best = std::max(best, run["epochs"][e]["validation"]["class_mean"].get<double>());
        QCOMPARE(run["epochs"][std::size_t(chosen)]["validation"]["class_mean"].get<double>(),
                 best);
        QCOMPARE(run["chosen"]["by"].get<std::string>(),
                 "class-mean accuracy on " + m_test.toStdString());
    }

    void runsGoToACsvThatStays()
    {
        QCOMPARE(retrain({"--epochs", "1", "--csv", path("runs.csv")}).code, 0);
        const QList<QByteArray> lines = contents(path("runs.csv")).split('\n');
        QVERIFY(lines[0].startsWith("run,recipe,settings,measured_on,seed,epochs,chosen_epoch,"));
        QVERIFY(lines[1].startsWith("1,ce,sampling=instance loss=ce "));
        QCOMPARE(retrain({"--epochs", "1", "--csv", path("runs.csv")}).code, 1);
    }

    void constraintsMayBeGivenTwice()
    {
        const json run =
            trained({"--epochs", "1", "--constraint", "wd=0.01", "--constraint", "maxnorm=1.5"});
        QCOMPARE(run["axes"]["constraint"]["wd"].get<double>(), 0.01);
        QCOMPARE(run["axes"]["constraint"]["maxnorm"].get<double>(), 1.5);
        for (const json& norm : run["norms"])
            QVERIFY(norm.get<double>() <= 1.5 + 1e-5);
    }

    void batchIsThatOfTraining()
    {
        const json run = trained({"--epochs", "1", "--batch", "7"});
        QCOMPARE(run["hyperparameters"]["batch"].get<int>(), 7);
    }

    void mistakesAreSaid_data()
    {
        QTest::addColumn<QStringList>("flags");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("MaxNorm with SAMN")
            << QStringList{"--norms", "samn", "--constraint", "maxnorm=1"} << 1
            << "cannot be combined with norms=samn";
        QTest::newRow("test is the training data")
            << QStringList{"--test", m_train} << 1
            << "is given to --test and to --data: a head must not be trained and reported on the "
               "same samples; give the test split";
        QTest::newRow("test is the validation data")
            << QStringList{"--test", m_test, "--val", m_test} << 1
            << "is given to --val and to --test: an epoch or a value must not be chosen and "
               "reported on the same samples";
        QTest::newRow("validation is the training data")
            << QStringList{"--val", m_train} << 1
            << "samples that a head was trained on do not tell which epoch is best";
        QTest::newRow("a view that is the test") << QStringList{"--view", m_test, "--test", m_test}
                                                 << 1 << "is given to --test and to --view";
        QTest::newRow("a view of other images")
            << QStringList{"--view", m_test} << 1 << "a further view must hold the same images";
        QTest::newRow("output is the checkpoint")
            << QStringList{"-o", m_stage1, "--force"} << 1 << "stage1.pth.tar";
        QTest::newRow("output is the training data")
            << QStringList{"-o", m_train, "--force"} << 1 << "features-train.safetensors";
        QTest::newRow("no such preset")
            << QStringList{"--preset", "smote"} << 2 << "the presets are ce, ce+samn";
        QTest::newRow("no such constraint")
            << QStringList{"--constraint", "l1=2"} << 2 << "expected none, wd=X or maxnorm=R";
        QTest::newRow("no epochs to speak of")
            << QStringList{"--epochs", "1.5"} << 1 << "epochs = 1.5: a whole number is expected";
        QTest::newRow("no number") << QStringList{"--lr", "fast"} << 2 << "a number is expected";
        QTest::newRow("a rate beyond float32")
            << QStringList{"--lr", "1e308"} << 1 << "beyond what float32 holds";
        QTest::newRow("smoothing of another loss")
            << QStringList{"--las-head", "0.2"} << 1 << "--las-head has no effect on the recipe";
        QTest::newRow("an output that cannot be written")
            << QStringList{"-o", "/proc/x.pth"} << 1 << "/proc/x.pth: cannot write";
        QTest::newRow("no seeds") << QStringList{"--seeds", "0"} << 2 << "from 1 to 1000";
        QTest::newRow("rate that bursts")
            << QStringList{"--lr", "1e38", "--epochs", "2"} << 1 << "the loss is no longer finite";
        QTest::newRow("scales afterwards")
            << QStringList{"--afterwards", "scales=x.csv"} << 2 << "export --method";
    }

    void mistakesAreSaid()
    {
        QFETCH(QStringList, flags);
        QFETCH(int, code);
        QFETCH(QString, sentence);
        const Outcome outcome = retrain(flags);
        QVERIFY2(outcome.errors.contains(sentence), qPrintable(outcome.errors));
        QCOMPARE(outcome.code, code);
        QVERIFY(outcome.output.isEmpty());
    }

    void patchThatCannotBeIsRefusedBeforeTraining()
    {
        const Outcome outcome = retrain({"--features", "cosine", "--epochs", "100000", "--format",
                                         "patch", "-o", path("never.pth.tar")});
        QCOMPARE(outcome.code, 1);
        QVERIFY(!QFile::exists(path("never.pth.tar")));
        QVERIFY2(outcome.errors.contains("error: "), qPrintable(outcome.errors));
    }

    void sweepOverTrainingKeepsItsContract()
    {
        const Outcome outcome = sweep({"--train", m_train, "--over", "wd:0,0.01,1", "--epochs", "2",
                                       "--lr", "0.05", "--beside", "none", "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json found = outcome.json();
        for (const char* key : {"schema", "warnings", "parameter", "points", "chosen", "beside",
                                "sensitivity", "samples", "device", "train", "data", "seeds"})
            QVERIFY2(found.contains(key), key);
        QCOMPARE(found["parameter"].get<std::string>(), std::string("wd"));
        QCOMPARE(found["points"].size(), std::size_t(3));
        double best = 0, worst = 100;
        for (const json& point : found["points"]) {
            best = std::max(best, point["class_mean"].get<double>());
            worst = std::min(worst, point["class_mean"].get<double>());
        }
        QCOMPARE(found["sensitivity"]["difference"].get<double>(), best - worst);
        QCOMPARE(found["chosen"]["values"].size(), std::size_t(2));
        QCOMPARE(found["beside"].size(), std::size_t(2));
        QCOMPARE(found["beside"][0]["top1"].get<double>(), 68.31);
    }

    void sweepOfWhatFollowsAgreesWithTheSweepOfTheMethod()
    {
        const json trained = sweep({"--train", m_train, "--over", "then-tau:0:2:1", "--epochs", "0",
                                    "--beside", "none", "--json"})
                                 .json();
        const json plain = sweep({"--method", "tau:0:2:1", "--json"}).json();
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(trained["points"][i]["class_mean"], plain["points"][i]["class_mean"]);
        QCOMPARE(trained["chosen"]["values"], plain["chosen"]["values"]);
        QCOMPARE(trained["chosen"]["class_mean"], plain["chosen"]["class_mean"]);
        QCOMPARE(trained["sensitivity"], plain["sensitivity"]);
    }

    void sweepShowsSamnBesideItself()
    {
        const Outcome outcome = sweep({"--train", m_train, "--over", "wd:0:0.1:0.1", "--epochs",
                                       "1", "--csv", path("sweep.csv")});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        for (const char* part : {"ce+samn gives class-mean", "samn projection", "none (as it is)",
                                 "Sensitivity over the 2 values"})
            QVERIFY2(outcome.output.contains(part), qPrintable(outcome.output));
        QVERIFY(contents(path("sweep.csv")).startsWith("name,value,class_mean,"));
    }

    void sweepMistakesAreSaid_data()
    {
        QTest::addColumn<QStringList>("flags");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("nothing to sweep")
            << QStringList{} << 2 << "--method is required, or --over with --train";
        QTest::newRow("both") << QStringList{"--method", "tau:0:1:1", "--over", "wd:0,1"} << 2
                              << "--method excludes --over";
        QTest::newRow("nothing to train on")
            << QStringList{"--over", "wd:0,1"} << 2 << "--over requires --train";
        QTest::newRow("training flag without training")
            << QStringList{"--method", "tau:0:1:1", "--lr", "1"} << 2 << "--lr requires --over";
        QTest::newRow("unknown parameter") << QStringList{"--over", "gamma:0,1", "--train", m_train}
                                           << 2 << "is no number of a recipe";
        QTest::newRow("parameter without effect")
            << QStringList{"--over", "beta:0.9,0.99", "--train", m_train} << 1
            << "beta has no effect on the recipe";
        QTest::newRow("trained and reported on the same")
            << QStringList{"--over", "wd:0,1", "--train", m_test} << 1
            << "is given to --data and to --train";
    }

    void sweepMistakesAreSaid()
    {
        QFETCH(QStringList, flags);
        QFETCH(int, code);
        QFETCH(QString, sentence);
        const Outcome outcome = sweep(flags);
        QVERIFY2(outcome.errors.contains(sentence), qPrintable(outcome.errors));
        QCOMPARE(outcome.code, code);
    }

    void presetsAreListed()
    {
        const Outcome text = runProgram({"presets"});
        QCOMPARE(text.code, 0);
        QVERIFY(text.output.contains("ce+samn  (CE + SAMN)\n  SAMN (CVPR 2026"));
        const json found = runProgram({"presets", "--json"}).json();
        QCOMPARE(found["presets"].size(), std::size_t(12));
        QCOMPARE(found["presets"][1]["settings"]["epochs"].get<int>(), 20);
    }

    void helpHasAnExample()
    {
        const Outcome outcome = runProgram({"retrain", "--help"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.output.contains("monotail-cli retrain checkpoint.pth.tar --counts"));
    }
};

QTEST_APPLESS_MAIN(RetrainTest)
#include "tst_retrain.moc"
