// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold on an NVIDIA GPU; skipped where LibTorch sees none.
#include "../core/evaluate/index_trials.h"
#include "scores.h"

using namespace monotail;
using namespace monotail::test;

class GpuTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Scorer> m_scorer;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string error =
            errorOf([&] { m_scorer = loadTorchEngine()->makeScorer("cuda"); });
        if (!m_scorer)
            QSKIP(("skipped: " + error).c_str());
    }

    void scoresEqualTheCpusUpToRounding()
    {
        const RowMatrix weight = demoWeight();
        const FeatureSet features = demoFeatures();
        const RowMatrix gpu = allScores(*m_scorer, features, weight);
        const RowMatrix cpu = allScores(*makeEigenScorer(), features, weight);
        QVERIFY((gpu - cpu).cwiseAbs().maxCoeff() < 1e-5f * cpu.cwiseAbs().maxCoeff());
    }

    void winnersEqualTheCpusOnTheSameScores()
    {
        Random random(4);
        for (int kind = 0; kind < madeScoreKinds; ++kind) {
            const RowMatrix z = madeScores(static_cast<MadeScores>(kind), 500, 1000, random);
            const auto gpu = m_scorer->makeRoom(500, 1000);
            const auto cpu = loadTorchEngine()->makeScores("cpu", 500, 1000);
            QVERIFY(gpu && cpu);
            gpu->add(0, z);
            cpu->add(0, z);
            for (int round = 0; round < 48; ++round) {
                const Trial trial = makeTrial(round, 1000, random);
                QVERIFY2(gpu->predict(trial.scale, trial.bias) ==
                             cpu->predict(trial.scale, trial.bias),
                         trial.name.c_str());
            }
        }
    }

    void autoTakesTheGpu()
    {
        QCOMPARE(loadTorchEngine()->makeScorer("auto")->device(), m_scorer->device());
    }
};

QTEST_APPLESS_MAIN(GpuTest)
#include "tst_gpu.moc"
