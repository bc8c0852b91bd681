// SPDX-License-Identifier: GPL-3.0-or-later
// What `inspect` says about the network in front of the head.
#include "support/program.h"

using namespace monotail;
using namespace monotail::test;
using nlohmann::json;

namespace {

QString fixture(const char* name)
{
    return QString(MONOTAIL_SOURCE_DIR "/tests/fixtures/") + name;
}

json backboneOf(const QStringList& arguments)
{
    const Outcome outcome = runProgram(QStringList{"inspect"} + arguments + QStringList{"--json"});
    return outcome.code == 0 ? outcome.json().at("backbone") : json();
}

json assumption(const char* key, const char* value, const std::string& reason)
{
    return {{"key", key}, {"value", value}, {"reason", reason}, {"overridden", false}};
}

} // namespace

class InspectBackboneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsWhatIsAssumed()
    {
        const json found = backboneOf({demoFile("stage1.pth.tar")});
        const std::string stem = "as ResNets for small images, which have such a 3 x 3 stem";
        const std::string strides = "every stage but the first halves the image, as in all ResNets";
        const std::string shortcut = "there is no convolution in the shortcut where channels grow: "
                                     "new ones are zeros on both sides (option A)";
        const json wanted = {
            {"family", "CIFAR ResNet-8 (basic blocks 1-1-1, 16-32-64 channels, 3 x 3 stem)"},
            {"prefix", "state_dict."},
            {"features", 64},
            {"input_channels", 1},
            {"assumptions",
             {assumption("stem-stride", "1", stem), assumption("max-pool", "no", stem),
              assumption("strides", "1-2-2", strides), assumption("shortcut", "pad-both", shortcut),
              assumption("eps", "1e-05", "PyTorch's default for batch norm")}},
            {"warnings", json::array()}};
        QCOMPARE(found, wanted);
    }

    void theUsersWordIsMarked()
    {
        const json found =
            backboneOf({demoFile("stage1.pth.tar"), "--backbone", "max-pool=yes,eps=1e-3"});
        for (const json& entry : found.at("assumptions")) {
            const bool isUsers = entry.at("key") == "max-pool" || entry.at("key") == "eps";
            QCOMPARE(entry.at("overridden").get<bool>(), isUsers);
            QCOMPARE(entry.at("reason") == "as the user says", isUsers);
        }
        QCOMPARE(found.at("assumptions")[1].at("value"), json("yes"));
        QCOMPARE(found.at("assumptions")[4].at("value"), json("0.001"));
    }

    void showsItInWords()
    {
        const Outcome outcome = runProgram(
            {"inspect", fixture("backbones/cifar_resnet32_side_heads.pth"), "--head", "fc.weight"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.output.contains(
            "\nbackbone\n"
            "  CIFAR ResNet-32 (basic blocks 5-5-5, 2-4-6 channels, 3 x 3 stem), tensors "
            "state_dict.*\n"
            "  assumed, since the file does not tell (--backbone KEY=VALUE says otherwise):\n"
            "    stem-stride=1: as ResNets for small images, which have such a 3 x 3 stem\n"));
        QVERIFY(outcome.errors.contains(
            "taken for heads beside the classifier and left out: state_dict.contrast_head, "
            "state_dict.fc_cb, state_dict.projection_head"));
    }

    void saysWhyThereIsNone_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a vision transformer")
            << fixture("heads/vit_timm.pth")
            << "the network before head.weight looks like a vision transformer, which is not "
               "rebuilt: blocks.0.attn.qkv.weight is 48 x 16; resources/dump_features.py writes "
               "the features of any model with your own PyTorch";
        QTest::newRow("TorchScript")
            << fixture("backbones/scripted.pt")
            << "a TorchScript file brings its own code, which extraction runs";
        QTest::newRow("no head") << fixture("heads/moco.pth.tar")
                                 << "there is no classifier head that a backbone could feed";
    }
    void saysWhyThereIsNone()
    {
        QFETCH(QString, file);
        QFETCH(QString, reason);
        const json found = backboneOf({file});
        QVERIFY(found.at("family").is_null());
        QCOMPARE(QString::fromStdString(found.at("reason")), reason);
        QVERIFY(runProgram({"inspect", file}).output.contains("\nbackbone\n  " + reason + "\n"));
    }

    void refusesWordsThatMeanNothing()
    {
        const Outcome usage =
            runProgram({"inspect", demoFile("stage1.pth.tar"), "--backbone", "max-pool=3"});
        QCOMPARE(usage.code, 2);
        QVERIFY(usage.errors.contains("max-pool=3: expected yes or no"));
        const Outcome unfit = runProgram(
            {"inspect", demoFile("stage1.pth.tar"), "--backbone", "bottleneck-stride=first"});
        QCOMPARE(unfit.code, 1);
        QCOMPARE(
            unfit.errors,
            QString("error: --backbone bottleneck-stride=first: nothing of the kind is assumed "
                    "about this network; assumed are: stem-stride, max-pool, strides, "
                    "shortcut, eps\n"));
    }
};

QTEST_APPLESS_MAIN(InspectBackboneTest)
#include "tst_inspect_backbone.moc"
