// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>

#include "rebuilt_network.h"
#include "support/safetensors_file.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// One basic block of width 1 in each of three stages, all of it zeros and ones but the variances.
SafetensorsFile smallest(float variance)
{
    SafetensorsFile file;
    const auto layer = [&](const std::string& conv, const std::string& norm) {
        file.add(conv + ".weight", {1, 1, 3, 3}, std::vector<float>(9, 0.0f));
        for (const char* part : {".weight", ".bias", ".running_mean"})
            file.add(norm + part, {1}, {1});
        file.add(norm + ".running_var", {1}, {norm == "layer2.0.bn1" ? variance : 1.0f});
    };
    layer("conv1", "bn1");
    for (const std::string stage : {"layer1.0.", "layer2.0.", "layer3.0."}) {
        layer(stage + "conv1", stage + "bn1");
        layer(stage + "conv2", stage + "bn2");
    }
    file.add("fc.weight", {2, 1}, {1, 2});
    return file;
}

} // namespace

class BackboneErrorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aProcessorHasNoFloat16()
    {
        QCOMPARE(errorOf([] {
                     runAlone("resnet10", {"cpu", Precision::Float16});
                 }),
                 std::string("fp16 needs a CUDA device: on a CPU, use bf16 or fp32"));
    }

    void refusesWhatItCannotTake()
    {
        const Rebuilt rebuild = rebuilt(fixtures(), expected().at("rows").at("resnet10"));
        QCOMPARE(rebuild.network->inputChannels(), 3);
        QCOMPARE(rebuild.network->width(), 8);
        const MadeImages grey = madeImages(1, 8, 8, {0}, {1});
        QCOMPARE(errorOf([&] { rebuild.network->run(grey.batch()); }),
                 std::string("the network takes images of 3 channels, not of 1"));
        const MadeImages none = madeImages(0, 8, 8, {0, 0, 0}, {1, 1, 1});
        QCOMPARE(errorOf([&] { rebuild.network->run(none.batch()); }),
                 std::string("a batch of 0 images of 8 x 8 with 3 channels is empty"));
        const MadeImages images = madeImages(1, 8, 8, {0, 0, 0}, {1, 1, 1});
        ImageBatch cut = images.batch();
        cut.pixels = cut.pixels.subspan(1);
        QCOMPARE(errorOf([&] { rebuild.network->run(cut); }),
                 std::string("a batch of 1 images of 8 x 8 with 3 channels has 191 values and 3 "
                             "tables"));
    }

    void numbersThatAreNotFiniteAreSaid()
    {
        QTemporaryDir folder;
        const std::string path =
            smallest(-1).write(folder.filePath("net.safetensors").toStdString());
        const json row{{"file", "net.safetensors"}, {"head", "fc"}, {"options", ""}};
        QCOMPARE(errorOf([&] { rebuilt(folder.path().toStdString(), row); }),
                 path + ": layer2.0.conv1.weight and its batch norm give numbers that are not "
                        "finite; the file is damaged, or training has diverged");
        smallest(1).write(path);
        QCOMPARE(errorOf([&] { rebuilt(folder.path().toStdString(), row); }), std::string());
    }

    void numbersThatAreNotStoredAreSaid()
    {
        QTemporaryDir folder;
        const std::string path =
            smallest(1).write(folder.filePath("net.safetensors").toStdString());
        const auto checkpoint = openCheckpoint(path);
        const HeadCandidate head = chooseHead(*checkpoint, {});
        Checkpoint repeating = *checkpoint;
        for (Tensor& tensor : repeating.tensors)
            if (tensor.name == "layer3.0.conv2.weight")
                repeating.storages.at(tensor.storage).bytes = 4;
        const BackbonePlan plan = planBackbone(repeating, head);
        QCOMPARE(errorOf([&] { loadTorchEngine()->makeNetwork(repeating, plan, {}); }),
                 path + ": layer3.0.conv2.weight has more numbers than are stored for it; the file "
                        "is damaged");
    }
};

QTEST_GUILESS_MAIN(BackboneErrorsTest)
#include "tst_backbone_errors.moc"
