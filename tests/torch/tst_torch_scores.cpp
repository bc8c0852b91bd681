// SPDX-License-Identifier: GPL-3.0-or-later
// The score index against LibTorch's (z * s + b).argmax(1) on the same z.
#include "../core/evaluate/index_trials.h"
#include "evaluate/kept_scores.h"
#include "rescale/rescaling.h"
#include "scores.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::vector<std::int32_t> inOrder(std::int64_t classes)
{
    std::vector<std::int32_t> order;
    for (std::int32_t c = 0; c < classes; ++c)
        order.push_back(c);
    return order;
}

struct Both
{
    explicit Both(const RowMatrix& z)
        : index(z.rows(), inOrder(z.cols())),
          torch(loadTorchEngine()->makeScores("cpu", z.rows(), z.cols()))
    {
        index.add(0, z);
        torch->add(0, z);
    }
    ScoreIndex index;
    std::unique_ptr<DeviceScores> torch;
};

} // namespace

class TorchScoresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void winnersAreLibTorchs_data()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < madeScoreKinds; ++kind)
            QTest::addRow("scores of kind %d", kind) << kind;
    }
    void winnersAreLibTorchs()
    {
        QFETCH(int, kind);
        Random random(static_cast<std::uint64_t>(kind));
        const Both both(madeScores(static_cast<MadeScores>(kind), 300, 130, random));
        for (int round = 0; round < 120; ++round) {
            const Trial trial = makeTrial(round, 130, random);
            QVERIFY2(both.index.search(trial.scale, trial.bias).winner ==
                         both.torch->predict(trial.scale, trial.bias),
                     trial.name.c_str());
        }
    }

    void winnersOnTinyImageNetAreLibTorchs()
    {
        if (sharedFolder().empty())
            QSKIP("skipped: no MONOTAIL_SHARED");
        const auto folder = sharedFolder() / "data/tiny-imagenet-lt";
        const auto checkpoint = openCheckpoint(folder / "checkpoint.pth.tar");
        const ClassifierHead head = readHead(*checkpoint, chooseHead(*checkpoint, {}));
        const FeatureSet features = openFeatures((folder / "features-val.safetensors").string());
        const Both both(allScores(*loadTorchEngine()->makeScorer("cpu"), features, head.weight));
        Random random(1);
        for (int round = 0; round < 60; ++round) {
            const Trial trial = makeTrial(round, static_cast<std::size_t>(head.classes()), random);
            QVERIFY2(both.index.search(trial.scale, trial.bias).winner ==
                         both.torch->predict(trial.scale, trial.bias),
                     trial.name.c_str());
        }
    }

    void tooMuchForTheMemoryIsNoRoom()
    {
        QVERIFY(!loadTorchEngine()->makeScores("cpu", std::int64_t(1) << 40, 1 << 20));
    }
};

QTEST_APPLESS_MAIN(TorchScoresTest)
#include "tst_torch_scores.moc"
