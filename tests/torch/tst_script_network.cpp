// SPDX-License-Identifier: GPL-3.0-or-later
// TorchScript modules of tests/fixtures/make_backbones.py against what PyTorch gives.
#include "rebuilt_network.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::unique_ptr<FeatureNetwork> scripted(const std::string& file, const char* head)
{
    const auto path = fixtures() / file;
    std::optional<HeadCandidate> candidate;
    if (head) {
        HeadQuery query;
        query.name = head;
        candidate = chooseHead(*openCheckpoint(path), query);
    }
    return loadTorchEngine()->makeScriptedNetwork(path, candidate, {"cpu", Precision::Float32});
}

} // namespace

class ScriptNetworkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theScriptsFeaturesAreTheInputOfItsHead_data()
    {
        QTest::addColumn<QString>("row");
        QTest::newRow("scripted") << "scripted";
        QTest::newRow("traced") << "traced";
    }
    void theScriptsFeaturesAreTheInputOfItsHead()
    {
        QFETCH(QString, row);
        const json& entry = expected().at("rows").at(row.toStdString());
        const auto network = scripted(entry.at("file"), "fc");
        QCOMPARE(network->width(), 8);
        QCOMPARE(network->inputChannels(), 3);
        const MadeImages images = imagesFor(entry, expected());
        for (int run = 0; run < 3; ++run) { // the executor compiles anew on the way
            const NetworkOutput output = network->run(images.batch());
            QVERIFY(largestError(output.features, entry.at("features")) < tolerance);
            QVERIFY(largestError(output.logits, entry.at("logits")) < tolerance);
        }
    }

    void aScriptWithoutHeadGivesItsOutput()
    {
        const json& entry = expected().at("rows").at("traced up to the features");
        const auto network = scripted("traced_trunk.pt", nullptr);
        const MadeImages images = imagesFor(entry, expected());
        const NetworkOutput output = network->run(images.batch());
        QVERIFY(largestError(output.features, entry.at("features")) < tolerance);
        QCOMPARE(output.logits.size(), 0);
    }

    void aHeadThatTheScriptDoesNotUseIsSaid()
    {
        const auto path = fixtures() / "traced.pt";
        HeadCandidate head = chooseHead(*openCheckpoint(path), {});
        head.weight = "other.weight";
        const auto network =
            loadTorchEngine()->makeScriptedNetwork(path, head, {"cpu", Precision::Float32});
        const MadeImages images = madeImages(1, 8, 8, {0, 0, 0}, {1, 1, 1});
        QCOMPARE(errorOf([&] { network->run(images.batch()); }),
                 std::string("the product with other.weight is not found in the module's code, and "
                             "its output has 5 numbers for each image, not the 8 features that the "
                             "head takes; resources/dump_features.py writes the features of any "
                             "model with your own PyTorch"));
    }

    void aFileThatIsNoScriptIsSaid()
    {
        const std::string error = errorOf([] { scripted("resnet10.pth", nullptr); });
        QVERIFY2(error.find("resnet10.pth: LibTorch cannot read this TorchScript module: ") !=
                     std::string::npos,
                 error.c_str());
    }
};

QTEST_GUILESS_MAIN(ScriptNetworkTest)
#include "tst_script_network.moc"
