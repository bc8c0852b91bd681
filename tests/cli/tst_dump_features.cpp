// SPDX-License-Identifier: GPL-3.0-or-later
// resources/dump_features.py with a live PyTorch, and monotail on what it writes.
#include <QTemporaryDir>

#include "checkpoint/checkpoint.h"
#include "dataset/features.h"
#include "support/program.h"
#include "support/pytorch.h"

using namespace monotail;
using namespace monotail::test;
using nlohmann::json;

class DumpFeaturesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_python = pythonWithTorch();
        if (m_python.isEmpty())
            QSKIP("skipped: no python3 with PyTorch");
        QFile::copy(MONOTAIL_SOURCE_DIR "/tests/cli/dump_small.py", m_folder.filePath("small.py"));
        QFile counts(m_folder.filePath("counts.txt"));
        QVERIFY(counts.open(QIODevice::WriteOnly));
        counts.write("40\n30\n20\n10\n");
        counts.close();
        QCOMPARE(python({"small.py"}).code, 0);
    }

    void theModelIsReadRight_data()
    {
        QTest::addColumn<QString>("factory");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("layer");
        QTest::newRow("safetensors") << "small:make"
                                     << "a.safetensors"
                                     << "fc";
        QTest::newRow("npz") << "small:make"
                             << "b.npz"
                             << "fc";
        QTest::newRow("pt") << "small:make"
                            << "c.pt"
                            << "fc";
        QTest::newRow("parallel, dictionaries") << "small:parallel"
                                                << "d.safetensors"
                                                << "module.fc";
    }
    void theModelIsReadRight()
    {
        QFETCH(QString, factory);
        QFETCH(QString, file);
        QFETCH(QString, layer);
        const Outcome dumped = dump({factory, layer, file, "--split", "val"});
        QVERIFY2(dumped.code == 0, qPrintable(dumped.errors));
        QCOMPARE(dumped.output, "40 samples written to " + file + "\n");
        QCOMPARE(QDir(m_folder.path()).entryList({"*.part"}).size(), 0);
        const Outcome outcome = runProgram({"evaluate", m_folder.filePath("checkpoint.pth"),
                                            "--data", m_folder.filePath(file), "--counts",
                                            m_folder.filePath("counts.txt"), "--json"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const json found = outcome.json();
        QCOMPARE(found.at("samples").get<int>(), 40);
        const json witness = found.at("witness");
        QVERIFY(witness.at("holds").get<bool>());
        QVERIFY(witness.at("max_error").get<double>() < 1e-5);
        for (const json& warning : found.at("warnings"))
            QVERIFY2(warning.get<std::string>().find("backbone") == std::string::npos,
                     warning.get<std::string>().c_str());
    }

    void whatMadeThemIsKept()
    {
        QCOMPARE(dump({"small:make", "fc", "e.safetensors", "--split", "val", "--preprocessing",
                       "none at all"})
                     .code,
                 0);
        const FeatureSet features = openFeatures(m_folder.filePath("e.safetensors").toStdString());
        QCOMPARE(features.origin.split, std::string("val"));
        QCOMPARE(features.origin.precision, std::string("float32"));
        QCOMPARE(features.origin.preprocessing, std::string("none at all"));
        QCOMPARE(features.origin.backboneDigest.size(), std::size_t(64));
        QCOMPARE(features.origin.logitsHeadDigest.size(), std::size_t(64));
        const Outcome inspected =
            runProgram({"inspect", m_folder.filePath("e.safetensors"), "--json"});
        for (const json& tensor : inspected.json().at("tensors"))
            if (tensor.at("name") == "ids")
                QCOMPARE(tensor.at("shape"), json::array({40 * 18})); // "val/größe_0_0.jpg" LF
    }

    void samplesOfAnImageFolderAreNamed_data()
    {
        QTest::addColumn<QString>("factory");
        QTest::addColumn<QString>("ids");
        QTest::newRow("in order") << "small:folder"
                                  << "0/0.png\n0/1.png\n0/2.png\n1/0.png\n1/1.png\n1/2.png\n"
                                     "2/0.png\n2/1.png\n2/2.png\n3/0.png\n3/1.png\n3/2.png\n";
        QTest::newRow("shuffled: nobody knows") << "small:shuffled"
                                                << "";
    }
    void samplesOfAnImageFolderAreNamed()
    {
        QFETCH(QString, factory);
        QFETCH(QString, ids);
        QCOMPARE(dump({factory, "fc", "f.safetensors", "--force"}).code, 0);
        const auto file = openCheckpoint(m_folder.filePath("f.safetensors").toStdString());
        const Tensor* tensor = file->find("ids");
        QCOMPARE(tensor != nullptr, !ids.isEmpty());
        if (!tensor)
            return;
        const std::vector<std::byte> bytes = readTensorBytes(*file, *tensor);
        QCOMPARE(QString::fromUtf8(reinterpret_cast<const char*>(bytes.data()),
                                   static_cast<qsizetype>(bytes.size())),
                 ids);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no such layer")
            << QStringList{"small:make", "head", "x.npz"}
            << "error: the model has no layer 'head'; its Linear layers are: hidden (6 -> 6), fc "
               "(6 -> 4)\n";
        QTest::newRow("no rows")
            << QStringList{"small:make", "hidden", "x.npz"}
            << "error: the layer 'hidden' takes [8, 5, 5, 6] for 8 samples, not one row of "
               "features for each; name the classifier\n";
        QTest::newRow("no batches")
            << QStringList{"small:empty", "fc", "x.npz"} << "error: the loader gives no batches\n";
        QTest::newRow("labels of other kind")
            << QStringList{"small:one_hot", "fc", "x.npz"}
            << "error: the labels are [8, 4] torch.float32, not one class index for each sample\n";
        QTest::newRow("file of other kind")
            << QStringList{"small:make", "fc", "x.csv"}
            << "error: x.csv: the name must end in .safetensors, .npz, .pt\n";
        QTest::newRow("no factory")
            << QStringList{"small", "fc", "x.npz"} << "error: 'small': expected MODULE:FUNCTION\n";
        QTest::newRow("no function") << QStringList{"small:other", "fc", "x.npz"}
                                     << "error: small has no function 'other'\n";
    }
    void saysWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, sentence);
        const Outcome outcome = dump(arguments);
        QCOMPARE(outcome.code, 1);
        QCOMPARE(outcome.errors, sentence);
        QVERIFY(!QFile::exists(m_folder.filePath("x.npz")));
    }

private:
    Outcome python(const QStringList& arguments)
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(m_python, arguments);
        if (!process.waitForFinished(240000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    Outcome dump(const QStringList& arguments)
    {
        return python(QStringList{MONOTAIL_SOURCE_DIR "/resources/dump_features.py"} + arguments);
    }

    QTemporaryDir m_folder;
    QString m_python;
};

QTEST_GUILESS_MAIN(DumpFeaturesTest)
#include "tst_dump_features.moc"
