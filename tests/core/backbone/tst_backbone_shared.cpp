// SPDX-License-Identifier: GPL-3.0-or-later
// Real files: the project's demo, and those of the shared material.
#include "named_network.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// What is planned for the file's best head, or the sentence without the file.
QString verdictOn(const std::filesystem::path& file)
{
    try {
        const auto checkpoint = openCheckpoint(file);
        const HeadSearch heads = findHeads(*checkpoint, {});
        if (heads.candidates.empty())
            return "no head";
        const BackbonePlan plan = planBackbone(*checkpoint, heads.candidates.front());
        return QString::fromStdString(plan.prefix + " " + describe(plan));
    } catch (const Error& error) {
        const QString text = error.what();
        const int begin = static_cast<int>(text.indexOf(": ")) + 2;
        return text.mid(begin, text.lastIndexOf("; resources/dump_features.py") - begin);
    }
}

} // namespace

class BackboneSharedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recognisesTheDemo()
    {
        for (const char* name : {"stage1", "crt", "lws"})
            QCOMPARE(verdictOn(demoFolder() / (std::string(name) + ".pth.tar")),
                     QString("state_dict. CIFAR ResNet-8 (basic blocks 1-1-1, 16-32-64 channels, "
                             "3 x 3 stem); stem-stride=1; max-pool=no; strides=1-2-2; "
                             "shortcut=pad-both; eps=1e-05"));
    }

    void recognisesRealFiles_data()
    {
        MONOTAIL_NEEDS_SHARED();
        QTest::addColumn<QString>("verdict");
        const QString padded = "stem-stride=1; max-pool=no; strides=1-2-2; shortcut=pad-both; "
                               "eps=1e-05";
        QTest::newRow("data/tiny-imagenet-lt/checkpoint.pth.tar")
            << "state_dict. ResNet-10 (basic blocks 1-1-1-1, 64-128-256-512 channels, 7 x 7 stem); "
               "stem-stride=2; max-pool=yes; strides=1-2-2-2; eps=1e-05";
        QTest::newRow("zoo/akamaster_resnet20.th")
            << "state_dict.module. CIFAR ResNet-20 (basic blocks 3-3-3, 16-32-64 channels, 3 x 3 "
               "stem); " +
                   padded;
        QTest::newRow("zoo/akamaster_resnet32.th")
            << "state_dict.module. CIFAR ResNet-32 (basic blocks 5-5-5, 16-32-64 channels, 3 x 3 "
               "stem); " +
                   padded;
        QTest::newRow("zoo/kejeon_rn20_ckpt.pth")
            << "net.module. CIFAR ResNet-20 (basic blocks 3-3-3, 16-32-64 channels, 3 x 3 stem); " +
                   padded;
    }
    void recognisesRealFiles()
    {
        MONOTAIL_NEEDS_SHARED();
        QFETCH(QString, verdict);
        QCOMPARE(verdictOn(sharedFolder() / QTest::currentDataTag()), verdict);
    }

    void refusesOthers_data()
    {
        MONOTAIL_NEEDS_SHARED();
        QTest::addColumn<QString>("verdict");
        QTest::newRow("zoo/cgcnn_semi-metal-classification.pth.tar")
            << "the network before state_dict.fc_out.weight is none that is rebuilt (there "
               "is no layer1.0.conv1 as in ResNets); its first tensor is "
               "state_dict.embedding.weight, 64 x 92";
        QTest::newRow("zoo/douzai_model_best.pth.tar")
            << "the network before state_dict.classifier.weight is none that is rebuilt "
               "(there is no layer1.0.conv1 as in ResNets); its first tensor is "
               "state_dict.feature1.0.weight, 64 x 3 x 3 x 3";
        QTest::newRow("zoo/dric_lightning_mnist_epoch9.ckpt")
            << "the network before state_dict.classifier.weight looks like a convolutional "
               "network, which is not rebuilt: state_dict.conv1.weight is 32 x 1 x 3 x 3";
        QTest::newRow("zoo/emnist_lenet_ckpt.pth")
            << "the network before net.module.fc3.weight looks like a convolutional network,"
               " which is not rebuilt: net.module.conv1.weight is 6 x 1 x 5 x 5";
        QTest::newRow("zoo/fashapley_model_best.pth.tar")
            << "the network before state_dict.7.weight is none that is rebuilt (there is no "
               "layer1.0.conv1 as in ResNets); its first tensor is state_dict.0.weight, 16 x"
               " 3 x 4 x 4";
        QTest::newRow("zoo/gt_ice_cifar_net.pth")
            << "the network before fc3.weight looks like a convolutional network, which is "
               "not rebuilt: conv1.weight is 6 x 3 x 5 x 5";
        QTest::newRow("zoo/inu_entire_model.pth")
            << "the network before classifier.4.weight looks like a VGG, AlexNet or "
               "SqueezeNet, which is not rebuilt: features.0.weight is 4 x 1 x 3 x 3";
        QTest::newRow("zoo/kaihuatang_final_model_checkpoint.pth")
            << "looks like a ResNet with more than stem and stages, which is not rebuilt: "
               "state_dict_best.feat_model.module.cb_block.bn1.running_mean (64) would be "
               "left out";
        QTest::newRow("zoo/level0rd_yolov5n.pt") << "no head";
        QTest::newRow("zoo/mnist_tinygrad.safetensors")
            << "the network before l2.weight is none that is rebuilt (there is no "
               "layer1.0.conv1 as in ResNets); its first tensor is l1.weight, 128 x 784";
        QTest::newRow("zoo/temporalens_model_best.pth.tar")
            << "the network before state_dict.fc.weight looks like a convolutional network, "
               "which is not rebuilt: state_dict.conv1.bias is 16";
    }
    void refusesOthers()
    {
        MONOTAIL_NEEDS_SHARED();
        QFETCH(QString, verdict);
        QCOMPARE(verdictOn(sharedFolder() / QTest::currentDataTag()), verdict);
    }

    void stubsAreNoBackbones()
    {
        // The heads of many codes, on backbones of a few tensors.
        const auto folder = std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/heads";
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const QString verdict = verdictOn(entry.path());
            QVERIFY2(!verdict.contains("stem-stride"), entry.path().c_str());
        }
    }
};

QTEST_APPLESS_MAIN(BackboneSharedTest)
#include "tst_backbone_shared.moc"
