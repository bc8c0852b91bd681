// SPDX-License-Identifier: GPL-3.0-or-later
#include "scores.h"

using namespace monotail;
using namespace monotail::test;

class TorchScorerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scoresEqualEigensUpToRounding()
    {
        const RowMatrix weight = demoWeight();
        const FeatureSet features = demoFeatures();
        const RowMatrix ours = allScores(*loadTorchEngine()->makeScorer("cpu"), features, weight);
        const RowMatrix eigen = allScores(*makeEigenScorer(), features, weight);
        QVERIFY(ours.allFinite());
        QVERIFY((ours - eigen).cwiseAbs().maxCoeff() < 1e-5f * eigen.cwiseAbs().maxCoeff());
    }

    void cancelStopsTheWork()
    {
        const auto scorer = loadTorchEngine()->makeScorer("cpu");
        const Progress refuse = [](std::int64_t, std::int64_t) { return false; };
        QVERIFY_EXCEPTION_THROWN(
            scorer->score(
                demoFeatures(), demoWeight(), [](std::int64_t, const RowMatrix&) {}, refuse),
            Cancelled);
    }

    void unknownDevicesAreRefusedByName_data()
    {
        QTest::addColumn<QString>("device");
        for (const char* device :
             {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:99999999999", "cuda:1000"})
            QTest::addRow("\"%s\"", device) << device;
    }

    void unknownDevicesAreRefusedByName()
    {
        QFETCH(QString, device);
        const std::string error =
            errorOf([&] { loadTorchEngine()->makeScorer(device.toStdString()); });
        QVERIFY2(error.find("--device " + device.toStdString()) == 0, error.c_str());
    }

    void optimisedBlasIsFound() { QVERIFY(loadTorchEngine()->warnings().empty()); }
};

QTEST_APPLESS_MAIN(TorchScorerTest)
#include "tst_torch_scorer.moc"
