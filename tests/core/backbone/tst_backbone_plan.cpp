// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "named_network.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Bottleneck = NamedNetwork::Bottleneck;

NamedNetwork bottlenecks(std::vector<int> blocks, std::int64_t middle, std::int64_t groups)
{
    NamedNetwork net;
    net.stem(8, 7);
    for (std::size_t s = 0; s < blocks.size(); ++s)
        net.bottleneckStage(static_cast<int>(s) + 1, blocks[s],
                            {middle << s, std::int64_t(32) << s, groups});
    net.linear("fc", 10, std::int64_t(32) << (blocks.size() - 1));
    return net;
}

NamedNetwork basics(std::vector<int> blocks, std::int64_t kernel)
{
    NamedNetwork net;
    net.stem(4, kernel);
    for (std::size_t s = 0; s < blocks.size(); ++s)
        net.basicStage(static_cast<int>(s) + 1, blocks[s], std::int64_t(4) << s, "shortcut");
    net.linear("linear", 10, std::int64_t(4) << (blocks.size() - 1));
    return net;
}

} // namespace

class BackbonePlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheFamily_data()
    {
        QTest::addColumn<QString>("found");
        QTest::addColumn<QString>("family");
        const auto row = [](const char* name, const NamedNetwork& net, const char* family) {
            QTest::newRow(name) << QString::fromStdString(net.plan().family) << family;
        };
        row("ResNet-10", resnet10().linear("fc", 10, 32),
            "ResNet-10 (basic blocks 1-1-1-1, 4-8-16-32 channels, 7 x 7 stem)");
        row("ResNet-18 for CIFAR", basics({2, 2, 2, 2}, 3),
            "ResNet-18 (basic blocks 2-2-2-2, 4-8-16-32 channels, 3 x 3 stem)");
        row("ResNet-34", basics({3, 4, 6, 3}, 7),
            "ResNet-34 (basic blocks 3-4-6-3, 4-8-16-32 channels, 7 x 7 stem)");
        row("unnamed depth", basics({1, 2, 1, 1}, 7),
            "ResNet (basic blocks 1-2-1-1, 4-8-16-32 channels, 7 x 7 stem)");
        row("ResNet-50", bottlenecks({3, 4, 6, 3}, 8, 1),
            "ResNet-50 (bottleneck blocks 3-4-6-3, 32-64-128-256 channels, 7 x 7 stem)");
        row("ResNet-152", bottlenecks({3, 8, 36, 3}, 8, 1),
            "ResNet-152 (bottleneck blocks 3-8-36-3, 32-64-128-256 channels, 7 x 7 stem)");
        row("ResNeXt-101", bottlenecks({3, 4, 23, 3}, 16, 4),
            "ResNeXt-101 4x4d (bottleneck blocks 3-4-23-3, 32-64-128-256 channels, 7 x 7 stem)");
        row("Wide ResNet-50-2", bottlenecks({3, 4, 6, 3}, 16, 1),
            "Wide ResNet-50-2 (bottleneck blocks 3-4-6-3, 32-64-128-256 channels, 7 x 7 stem)");
        row("CIFAR ResNet-32", cifarResnet(5).linear("fc", 10, 64),
            "CIFAR ResNet-32 (basic blocks 5-5-5, 16-32-64 channels, 3 x 3 stem)");
        row("CIFAR ResNet-110", cifarResnet(18).linear("fc", 10, 64),
            "CIFAR ResNet-110 (basic blocks 18-18-18, 16-32-64 channels, 3 x 3 stem)");
        row("CIFAR ResNet-29 of bottlenecks", bottlenecks({3, 3, 3}, 8, 1),
            "CIFAR ResNet-29 (bottleneck blocks 3-3-3, 32-64-128 channels, 7 x 7 stem)");
    }
    void namesTheFamily()
    {
        QFETCH(QString, found);
        QFETCH(QString, family);
        QCOMPARE(found, family);
    }

    void planOfATorchvisionNetwork()
    {
        const BackbonePlan plan = resnet10("module.").linear("fc", 10, 32).plan();
        QCOMPARE(plan.prefix, std::string("module."));
        QCOMPARE(plan.inputChannels, 3);
        QCOMPARE(plan.features, 32);
        QVERIFY((plan.stem == ConvolutionPlan{"module.conv1.weight", "", "module.bn1.weight",
                                              "module.bn1.bias", "module.bn1.running_mean",
                                              "module.bn1.running_var", 2, 3, 1}));
        QVERIFY(plan.maxPool);
        QCOMPARE(plan.blocks.size(), std::size_t(4));
        QCOMPARE(plan.blocks[0].stride, 1);
        QVERIFY(plan.blocks[0].shortcut == Shortcut::Identity);
        const ResidualBlockPlan& last = plan.blocks[3];
        QVERIFY(last.shortcut == Shortcut::Convolution);
        QCOMPARE(last.convolutions[0].stride, 2);
        QCOMPARE(last.convolutions[0].padding, 1);
        QCOMPARE(last.convolutions[1].stride, 1);
        QCOMPARE(last.projection.stride, 2);
        QCOMPARE(last.projection.padding, 0);
        QCOMPARE(last.projection.mean, std::string("module.layer4.0.downsample.1.running_mean"));
        QCOMPARE(assumed(plan),
                 std::string("stem-stride=2 max-pool=yes strides=1-2-2-2 eps=1e-05"));
        QVERIFY(plan.warnings.empty());
    }

    void smallStemsHaveNoStrideAndNoPool()
    {
        const BackbonePlan plan = basics({2, 2, 2, 2}, 3).plan();
        QCOMPARE(assumed(plan), std::string("stem-stride=1 max-pool=no strides=1-2-2-2 eps=1e-05"));
        QCOMPARE(plan.stem.stride, 1);
        QVERIFY(!plan.maxPool);
    }

    void growingWithoutAConvolutionIsPadding()
    {
        const BackbonePlan plan = cifarResnet(2).linear("linear", 10, 64).plan();
        QCOMPARE(
            assumed(plan),
            std::string("stem-stride=1 max-pool=no strides=1-2-2 shortcut=pad-both eps=1e-05"));
        QVERIFY(plan.blocks[0].shortcut == Shortcut::Identity);
        QVERIFY(plan.blocks[2].shortcut == Shortcut::PadChannels);
        QCOMPARE(plan.blocks[2].inputs, 16);
        QCOMPARE(plan.blocks[2].outputs, 32);
        QVERIFY(plan.blocks[3].shortcut == Shortcut::Identity);
    }

    void groupsAreReadFromTheShape()
    {
        const BackbonePlan plan = bottlenecks({1, 1, 1, 1}, 16, 4).plan();
        QCOMPARE(plan.blocks[0].convolutions[0].groups, 1);
        QCOMPARE(plan.blocks[0].convolutions[1].groups, 4);
        QCOMPARE(plan.blocks[0].convolutions[2].groups, 1);
    }

    void theUsersWordHolds_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("assumptions");
        const QString rest = " strides=1-2-2-2 bottleneck-stride=second eps=1e-05";
        QTest::newRow("nothing said") << ""
                                      << "stem-stride=2 max-pool=yes" + rest;
        QTest::newRow("no pool") << "max-pool=no"
                                 << "stem-stride=2 max-pool=no" + rest;
        QTest::newRow("stem") << "stem-stride=1"
                              << "stem-stride=1 max-pool=yes" + rest;
        QTest::newRow("all others")
            << "strides=1-2-2-1,bottleneck-stride=first,eps=1e-3"
            << "stem-stride=2 max-pool=yes strides=1-2-2-1 bottleneck-stride=first eps=0.001";
    }
    void theUsersWordHolds()
    {
        QFETCH(QString, options);
        QFETCH(QString, assumptions);
        const NamedNetwork net = bottlenecks({1, 1, 1, 1}, 8, 1);
        const BackbonePlan plan = net.plan(options.toStdString());
        QCOMPARE(QString::fromStdString(assumed(plan)), assumptions);
        QCOMPARE(plan.maxPool, !options.contains("max-pool=no"));
        QCOMPARE(plan.stem.stride, options.contains("stem-stride=1") ? 1 : 2);
        QCOMPARE(plan.eps, options.contains("eps=1e-3") ? 1e-3 : 1e-5);
        const bool isFirst = options.contains("first");
        QCOMPARE(plan.blocks[1].convolutions[0].stride, isFirst ? 2 : 1);
        QCOMPARE(plan.blocks[1].convolutions[1].stride, isFirst ? 1 : 2);
        QCOMPARE(plan.blocks[3].stride, options.contains("2-2-1") ? 1 : 2);
        for (const BackboneAssumption& entry : plan.assumptions)
            QCOMPARE(entry.isOverridden, options.contains(QString::fromStdString(entry.key) + "="));
    }

    void paddingAtTheEndIfTheUserSaysSo()
    {
        const BackbonePlan plan = cifarResnet(1).linear("fc", 10, 64).plan("shortcut=pad-end");
        QVERIFY(plan.blocks[1].shortcut == Shortcut::PadChannelsAtEnd);
    }

    void equalPlansHaveEqualDescriptions()
    {
        const NamedNetwork net = cifarResnet(1).linear("fc", 10, 64);
        QCOMPARE(describe(net.plan()),
                 std::string("CIFAR ResNet-8 (basic blocks 1-1-1, 16-32-64 channels, 3 x 3 stem); "
                             "stem-stride=1; max-pool=no; strides=1-2-2; shortcut=pad-both; "
                             "eps=1e-05"));
        QCOMPARE(describe(net.plan("eps=0.00001")), describe(net.plan()));
        QVERIFY(describe(net.plan("eps=1e-4")) != describe(net.plan()));
    }

    void findsTheBackboneOfTheHead_data()
    {
        QTest::addColumn<QString>("backbone");
        QTest::addColumn<QString>("head");
        QTest::newRow("alone") << ""
                               << "fc";
        QTest::newRow("training checkpoint") << "state_dict.module."
                                             << "state_dict.module.linear";
        QTest::newRow("Lightning") << "state_dict.model."
                                   << "state_dict.model.fc";
        QTest::newRow("backbone in a module") << "state_dict.net.backbone."
                                              << "state_dict.net.classifier";
        QTest::newRow("decoupling code") << "state_dict_best.feat_model.module."
                                         << "state_dict_best.classifier.module.fc";
        QTest::newRow("decoupling, one file") << "feat_model."
                                              << "classifier.fc";
        QTest::newRow("MiSLAS") << "state_dict_model.module."
                                << "state_dict_classifier.module.fc";
        QTest::newRow("averaged weights") << "state_dict_ema.module."
                                          << "state_dict_ema.module.fc";
    }
    void findsTheBackboneOfTheHead()
    {
        QFETCH(QString, backbone);
        QFETCH(QString, head);
        NamedNetwork net = resnet10(backbone.toStdString());
        net.prefix("").linear(head.toStdString(), 10, 32);
        QCOMPARE(net.plan().prefix, backbone.toStdString());
    }

    void averagedWeightsGoWithTheAveragedHead()
    {
        NamedNetwork net = resnet10("state_dict.");
        net.linear("fc", 10, 32).prefix("state_dict_ema.");
        net.stem(4, 7).basicStage(1, 1, 4).basicStage(2, 1, 8).basicStage(3, 1, 16);
        net.basicStage(4, 1, 32).linear("fc", 10, 32);
        QCOMPARE(net.plan("", "state_dict.fc.weight").prefix, std::string("state_dict."));
        QCOMPARE(net.plan("", "state_dict_ema.fc.weight").prefix, std::string("state_dict_ema."));
    }

    void headsBesideAreLeftOutAndNamed()
    {
        NamedNetwork net = cifarResnet(5, "downsample", "state_dict.module.");
        net.linear("fc", 10, 64).linear("fc_cb", 10, 64).linear("contrast_head.0", 32, 64);
        net.linear("projection_head.0", 64, 64).norm("projection_head.1", 64);
        const BackbonePlan plan = net.plan("", ".fc.weight");
        QCOMPARE(plan.warnings.size(), std::size_t(1));
        QCOMPARE(plan.warnings[0],
                 std::string("taken for heads beside the classifier and left out: "
                             "state_dict.module.contrast_head, state_dict.module.fc_cb, "
                             "state_dict.module.projection_head"));
    }

    void otherCodesNamesAreKnown_data()
    {
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("parts in a sequence") << "backbone."
                                             << "conv1.,bn1.,layer1.,layer2.,layer3.,layer4."
                                             << "0.,1.,4.,5.,6.,7.";
        QTest::newRow("residual functions")
            << "state_dict."
            << "0.conv1.,0.bn1.,0.conv2.,0.bn2.,conv1.,bn1.,layer1.,layer2.,layer3.,layer4."
            << "0.residual_function.0.,0.residual_function.1.,0.residual_function.3.,"
               "0.residual_function.4.,conv1.0.,conv1.1.,conv2_x.,conv3_x.,conv4_x.,conv5_x.";
    }
    void otherCodesNamesAreKnown()
    {
        QFETCH(QString, prefix);
        QFETCH(QString, from);
        QFETCH(QString, to);
        NamedNetwork renamed = resnet10(prefix.toStdString());
        renamed.renamed(from.toStdString(), to.toStdString());
        const BackbonePlan plan = renamed.prefix("").linear("fc", 10, 32).plan();
        const BackbonePlan usual = resnet10().linear("fc", 10, 32).plan();
        QCOMPARE(describe(plan), describe(usual));
        QVERIFY(plan.blocks[3].convolutions[1].mean != usual.blocks[3].convolutions[1].mean);
        QVERIFY(renamed.checkpoint().find(plan.blocks[3].convolutions[1].mean));
        QVERIFY(renamed.checkpoint().find(plan.stem.scale));
    }

    void modulesBesideTheBackboneAreNamed()
    {
        NamedNetwork net = resnet10("model.backbone.");
        net.prefix("").linear("model.neck", 32, 32).linear("model.fc", 10, 32);
        QCOMPARE(net.plan().warnings,
                 Warnings{"taken for heads beside the classifier and left out: model.neck"});
    }

    void optimizerStateIsNoModule()
    {
        NamedNetwork net = resnet10();
        net.linear("fc", 10, 32).tensor("optimizer.state.0.momentum_buffer", {4, 3, 7, 7});
        QVERIFY(net.plan().warnings.empty());
    }

    void olderFilesAndOtherTypesAreTheSameNetwork()
    {
        const BackbonePlan plan = resnet10().linear("fc", 10, 32).plan();
        QVERIFY(resnet10().linear("fc", 10, 32).without("num_batches_tracked").plan() == plan);
        QVERIFY(resnet10().linear("fc", 10, 32).typed(DType::Float16).plan() == plan);
        QVERIFY(resnet10().linear("fc", 10, 32).typed(DType::BFloat16).plan() == plan);
    }

    void convolutionsMayHaveABias()
    {
        const BackbonePlan plan =
            resnet10().tensor("layer2.0.conv1.bias", {8}).linear("fc", 10, 32).plan();
        QCOMPARE(plan.blocks[1].convolutions[0].bias, std::string("layer2.0.conv1.bias"));
        QCOMPARE(plan.blocks[1].convolutions[1].bias, std::string());
    }

    void shortcutsMayLackABatchNorm()
    {
        const BackbonePlan plan = resnet10().without("downsample.1").linear("fc", 10, 32).plan();
        QVERIFY(plan.blocks[1].shortcut == Shortcut::Convolution);
        QCOMPARE(plan.blocks[1].projection.mean, std::string());
    }
};

QTEST_APPLESS_MAIN(BackbonePlanTest)
#include "tst_backbone_plan.moc"
