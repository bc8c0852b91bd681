// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "named_network.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

const QString wayOut =
    "; resources/dump_features.py writes the features of any model with your own PyTorch";

NamedNetwork headed(NamedNetwork net)
{
    return net.linear("fc", 10, 32);
}

void row(const char* name, const NamedNetwork& net, const QString& sentence)
{
    QTest::newRow(name) << QString::fromStdString(errorOf([&] { net.plan(); }))
                        << "made/up.pth: " + sentence + wayOut;
}

} // namespace

/// Networks that would come out as others are refused, each with what was recognised.
class BackboneRefusalsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesWhatIsInTheBlocks_data()
    {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("sentence");
        const auto with = [](const char* name, std::vector<std::int64_t> shape) {
            return headed(resnet10().tensor(name, std::move(shape)));
        };
        row("squeeze-and-excitation", with("layer1.0.se.fc1.weight", {1, 4}),
            "looks like a ResNet with squeeze-and-excitation, which is not rebuilt: "
            "layer1.0.se.fc1.weight would be left out");
        row("CBAM", with("layer2.0.ca.fc.0.weight", {1, 4, 1, 1}),
            "looks like a ResNet with attention (CBAM), which is not rebuilt: "
            "layer2.0.ca.fc.0.weight would be left out");
        row("average in the shortcut", with("layer2.0.downsample.2.weight", {8}),
            "looks like a ResNet with an average in its shortcuts (ResNet-D), which is not "
            "rebuilt: layer2.0.downsample.2.weight would be left out");
        row("weight norm", with("layer1.0.conv1.weight_g", {4, 1, 1, 1}),
            "looks like a ResNet with weight norm, which is not rebuilt: layer1.0.conv1.weight_g "
            "would be left out");
        row("a scalar", with("layer1.0.alpha", {1}),
            "looks like a ResNet with more in its blocks than convolutions, batch norms and "
            "shortcuts, which is not rebuilt: layer1.0.alpha would be left out");
        row("outside of blocks", with("layer1.gate.weight", {4, 4}),
            "looks like a ResNet with more in its blocks than convolutions, batch norms and "
            "shortcuts, which is not rebuilt: layer1.gate.weight would be left out");
    }
    void namesWhatIsInTheBlocks() { compare(); }

    void namesWhatIsMissingOrDoesNotFit_data()
    {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("sentence");
        row("a shortcut that is missing", headed(resnet10()).without("layer3.0.downsample"),
            "looks like a ResNet, but layer4.0 has a convolution in its shortcut and layer3.0, "
            "which changes the channels, has none; its tensors are missing or called otherwise");
        row("deep stem",
            headed(resnet10())
                .without("conv1.weight")
                .convolution("layer1.0.conv1", 4, 4, 3)
                .convolution("conv1.0", 4, 3, 3),
            "looks like a ResNet with a deep stem of several convolutions, which is not rebuilt: "
            "conv1.0.weight");
        row("no stem's batch norm",
            NamedNetwork()
                .convolution("conv1", 4, 3, 3)
                .convolution("layer1.0.conv1", 4, 4, 3)
                .linear("fc", 10, 4),
            "looks like a ResNet with pre-activation, which is not rebuilt: there is no batch norm "
            "bn1 behind conv1");
        row("no batch norm in a block", headed(resnet10()).without("layer2.0.bn2"),
            "looks like a ResNet, but there is no batch norm layer2.0.bn2 behind layer2.0.conv2");
        row("no running statistics", headed(resnet10()).without("running_"),
            "looks like a ResNet, but the batch norm bn1 has no running mean and variance "
            "(track_running_stats=False, or a norm of another kind), so that its output depends "
            "on the whole batch");
        row("no running mean", headed(resnet10()).without("layer1.0.bn1.running_mean"),
            "layer1.0.bn1.running_mean is missing");
        row("no batch norm's bias", headed(resnet10()).without("layer1.0.bn1.bias"),
            "layer1.0.bn1.bias is missing");
        row("a convolution missing", headed(resnet10()).without("layer3.0.conv2"),
            "looks like a ResNet, but layer3.0.conv2.weight is missing");
        row("layers that do not join",
            headed(resnet10()).reshaped("layer2.0.conv2.weight", {8, 6, 3, 3}),
            "looks like a ResNet, but layer2.0.conv2.weight (8 x 6 x 3 x 3) does not take the 8 "
            "outputs of layer2.0.conv1");
        row("a batch norm of another length", headed(resnet10()).reshaped("layer2.0.bn2.bias", {6}),
            "layer2.0.bn2.bias is 6, but layer2.0.conv2.weight has 8 outputs");
        row("a kernel of another size",
            headed(resnet10()).reshaped("layer2.0.conv2.weight", {8, 8, 5, 5}),
            "looks like a ResNet, but layer2.0.conv2.weight (8 x 8 x 5 x 5) is no 3 x 3 "
            "convolution as in a basic block");
        row("an even kernel", headed(resnet10()).reshaped("conv1.weight", {4, 3, 4, 4}),
            "conv1.weight is 4 x 3 x 4 x 4, where a ResNet has a convolution with an odd, square "
            "kernel");
        row("an empty kernel", headed(resnet10()).reshaped("conv1.weight", {4, 0, 7, 7}),
            "conv1.weight is 4 x 0 x 7 x 7, where a ResNet has a convolution with an odd, square "
            "kernel");
        row("a matrix", headed(resnet10()).reshaped("layer1.0.conv1.weight", {4, 36}),
            "layer1.0.conv1.weight is 4 x 36, where a ResNet has a convolution with an odd, "
            "square kernel");
        row("a shortcut that does not fit",
            headed(resnet10()).reshaped("layer2.0.downsample.0.weight", {8, 4, 3, 3}),
            "looks like a ResNet, but layer2.0.downsample.0.weight (8 x 4 x 3 x 3) is no 1 x 1 "
            "convolution to the 8 channels of its block");
        row("whole numbers",
            headed(resnet10())
                .typed(DType::Float32)
                .without("bn1.weight")
                .tensor("bn1.weight", {4}, DType::Int64),
            "bn1.weight is of type int64, not of floating point numbers");
        row("two stages",
            NamedNetwork().stem(4, 3).basicStage(1, 1, 4).basicStage(2, 1, 8).linear("fc", 10, 8),
            "looks like a ResNet with 2 stages; those with 3 (CIFAR) or 4 are rebuilt");
        row("blocks left out", headed(resnet10()).convolution("layer4.2.conv1", 32, 32, 3),
            "looks like a ResNet with blocks left out: there is layer4.2, but none before it");
        row("blocks numbered beyond all numbers",
            headed(resnet10()).convolution("layer4.99999999999999999999.conv1", 32, 32, 3),
            "looks like a ResNet with more in its blocks than convolutions, batch norms and "
            "shortcuts, which is not rebuilt: layer4.99999999999999999999.conv1.weight would be "
            "left out");
        row("a branch beside", headed(resnet10()).convolution("rb_block.conv1", 32, 16, 3),
            "looks like a ResNet with more than stem and stages, which is not rebuilt: "
            "rb_block.conv1.weight (32 x 16 x 3 x 3) would be left out");
        row("a norm behind", headed(resnet10()).norm("bn2", 32),
            "looks like a ResNet with more than stem and stages, which is not rebuilt: "
            "bn2.running_mean (32) would be left out");
        row("a head of other width", resnet10().linear("fc", 10, 128),
            "the head fc.weight takes 128 features, but the ResNet-10 (basic blocks 1-1-1-1, "
            "4-8-16-32 channels, 7 x 7 stem) before it ends in 32");
        row("layers between", resnet10().linear("fc.0", 32, 32).linear("fc.2", 10, 32),
            "the head fc.2.weight is the last of several layers behind the ResNet, which are not "
            "rebuilt: fc.0.bias (32) would be left out");
        row("layers between, in a module of their own",
            resnet10("body.").prefix("").norm("head.2", 32).linear("head.4", 10, 32),
            "the head head.4.weight is the last of several layers behind the ResNet, which are "
            "not rebuilt: head.2.weight (32) would be left out");
    }
    void namesWhatIsMissingOrDoesNotFit() { compare(); }

    void namesOtherNetworks_data()
    {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("sentence");
        row("vision transformer",
            NamedNetwork("model.")
                .tensor("blocks.0.attn.qkv.weight", {96, 32})
                .linear("head", 10, 32),
            "the network before model.head.weight looks like a vision transformer, which is not "
            "rebuilt: model.blocks.0.attn.qkv.weight is 96 x 32");
        row("VGG", NamedNetwork().convolution("features.0", 8, 3, 3).linear("classifier.6", 10, 32),
            "the network before classifier.6.weight looks like a VGG, AlexNet or SqueezeNet, which "
            "is not rebuilt: features.0.weight is 8 x 3 x 3 x 3");
        row("unknown", NamedNetwork().convolution("first", 8, 3, 3).linear("fc", 10, 32),
            "the network before fc.weight is none that is rebuilt (there is no layer1.0.conv1 as "
            "in ResNets); its first tensor is first.weight, 8 x 3 x 3 x 3");
        row("no network", NamedNetwork().linear("fc", 10, 32),
            "there is no backbone in the file: nothing but the head fc.weight");
        NamedNetwork two = resnet10("left.");
        two.prefix("right.").stem(4, 7).basicStage(1, 1, 4).prefix("").linear("fc", 10, 32);
        row("two backbones", two,
            "two ResNets, left.* and right.*, are equally near to fc.weight, and the file does not "
            "say which of them feeds it");
    }
    void namesOtherNetworks() { compare(); }

    void expertsHaveFeaturesOfTheirOwn()
    {
        NamedNetwork net = resnet10("backbone.");
        net.linear("linears.0", 10, 32).linear("linears.1", 10, 32);
        HeadCandidate head = net.head("linears.0.weight");
        head.kind = HeadKind::Experts;
        head.experts = {{"backbone.linears.0.weight", ""}, {"backbone.linears.1.weight", ""}};
        const std::string error = errorOf([&] { planBackbone(net.checkpoint(), head); });
        QCOMPARE(QString::fromStdString(error),
                 "made/up.pth: the head is the mean of 2 experts, each with features of its own, "
                 "which are not rebuilt" +
                     wayOut);
    }

    void refusesOptionsThatMeanNothingHere_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("bottlenecks in a basic network")
            << "bottleneck-stride=first"
            << "--backbone bottleneck-stride=first: nothing of the kind is assumed about this "
               "network; assumed are: stem-stride, max-pool, strides, eps";
        QTest::newRow("too few strides")
            << "strides=1-2-2"
            << "--backbone strides=1-2-2: the network has 4 stages, so that 4 numbers are expected";
    }
    void refusesOptionsThatMeanNothingHere()
    {
        QFETCH(QString, options);
        QFETCH(QString, sentence);
        const std::string error = errorOf([&] { headed(resnet10()).plan(options.toStdString()); });
        QCOMPARE(QString::fromStdString(error), sentence);
    }

private:
    void compare()
    {
        QFETCH(QString, error);
        QFETCH(QString, sentence);
        QCOMPARE(error, sentence);
    }
};

QTEST_APPLESS_MAIN(BackboneRefusalsTest)
#include "tst_backbone_refusals.moc"
