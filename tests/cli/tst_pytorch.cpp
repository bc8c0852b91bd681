// SPDX-License-Identifier: GPL-3.0-or-later
// What stock PyTorch makes of an exported checkpoint. Skipped where there is no PyTorch.
#include <QTemporaryDir>
#include <cmath>

#include "support/program.h"
#include "support/pytorch.h"

using namespace monotail::test;
using nlohmann::json;

class PyTorchTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_python;

private Q_SLOTS:
    void initTestCase()
    {
        m_python = pythonWithTorch();
        if (m_python.isEmpty())
            QSKIP("skipped: no python3 with PyTorch");
    }

    void loadsTheExportAndReachesTheAnnouncedAccuracy_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("method");
        QTest::addRow("stage 1, projection") << "stage1"
                                             << "samn";
        QTest::addRow("stage 1, logit adjustment") << "stage1"
                                                   << "logit-adjust=1";
        QTest::addRow("cRT, projection") << "crt"
                                         << "samn";
        QTest::addRow("LWS, projection") << "lws"
                                         << "samn";
    }

    void loadsTheExportAndReachesTheAnnouncedAccuracy()
    {
        QFETCH(QString, part);
        QFETCH(QString, method);
        const QString output = m_folder.filePath(part + ".pth.tar");
        const QString features = demoFile("features-test.safetensors");
        const Outcome outcome = runProgram({"export", demoFile(qPrintable(part + ".pth.tar")),
                                            "--counts", demoFile("counts.csv"), "--data", features,
                                            "--method", method, "-o", output, "--force", "--json"});
        QCOMPARE(outcome.code, 0);
        QProcess process;
        process.start(m_python,
                      {MONOTAIL_SOURCE_DIR "/tests/cli/check_export.py", output, features});
        QVERIFY(process.waitForFinished(120000));
        const QByteArray complaint = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 0, complaint.constData());
        const json found = json::parse(process.readAllStandardOutput().toStdString());
        QVERIFY(found["testzip"].is_null());
        // PyTorch rounds a product and a sum where we fold; one sample of 10,000 may sit between.
        const double announced = outcome.json()["announced"]["top1"];
        QVERIFY2(std::abs(found["top1"].get<double>() - announced) < 0.011, found.dump().c_str());
    }
};

QTEST_APPLESS_MAIN(PyTorchTest)
#include "tst_pytorch.moc"
