// SPDX-License-Identifier: GPL-3.0-or-later
// Rebuilt networks against PyTorch's: tests/fixtures/make_backbones.py.
#include <QTemporaryDir>
#include <algorithm>

#include "checkpoint/head.h"
#include "evaluate/torch_engine.h"
#include "made_images.h"
#include "support/pytorch.h"
#include "support/safetensors_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-4;

std::filesystem::path fixtures()
{
    return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/backbones";
}

const json& expected()
{
    static const json all = readJson(fixtures() / "expected.json");
    return all;
}

RowMatrix matrixFrom(const json& rows)
{
    RowMatrix out(static_cast<Eigen::Index>(rows.size()),
                  static_cast<Eigen::Index>(rows.at(0).size()));
    for (Eigen::Index i = 0; i < out.rows(); ++i)
        for (Eigen::Index j = 0; j < out.cols(); ++j)
            out(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)].get<float>();
    return out;
}

double largestError(const RowMatrix& found, const json& wanted)
{
    const RowMatrix want = matrixFrom(wanted);
    if (found.rows() != want.rows() || found.cols() != want.cols())
        return std::numeric_limits<double>::infinity();
    return static_cast<double>((found - want).cwiseAbs().maxCoeff());
}

MadeImages imagesFor(const json& row, const json& all)
{
    auto mean = all.at("mean").get<std::vector<double>>();
    auto deviation = all.at("std").get<std::vector<double>>();
    mean.resize(row.at("channels").get<std::size_t>());
    deviation.resize(mean.size());
    return madeImages(2, row.at("height"), row.at("width"), mean, deviation);
}

RowMatrix logitsOf(const RowMatrix& features, const ClassifierHead& head)
{
    return (features * head.weight.transpose()).rowwise() + head.bias.transpose();
}

/// A network of the fixtures, ready to run.
struct Rebuilt
{
    std::shared_ptr<const Checkpoint> checkpoint;
    ClassifierHead head;
    std::unique_ptr<FeatureNetwork> network;
};

Rebuilt rebuilt(const std::filesystem::path& folder, const json& row,
                const NetworkOptions& options = {"cpu", Precision::Float32})
{
    const auto checkpoint = openCheckpoint(folder / row.at("file").get<std::string>());
    HeadQuery query;
    query.name = row.at("head");
    const HeadCandidate head = chooseHead(*checkpoint, query);
    const BackbonePlan plan =
        planBackbone(*checkpoint, head, parseBackboneOptions(row.at("options").get<std::string>()));
    return {checkpoint, readHead(*checkpoint, head),
            loadTorchEngine()->makeNetwork(*checkpoint, plan, options)};
}

void compare(const std::filesystem::path& folder, const json& row, const json& all)
{
    const Rebuilt rebuild = rebuilt(folder, row);
    const MadeImages images = imagesFor(row, all);
    const NetworkOutput output = rebuild.network->run(images.batch());
    QCOMPARE(output.logits.size(), 0);
    const double features = largestError(output.features, row.at("features"));
    const double logits = largestError(logitsOf(output.features, rebuild.head), row.at("logits"));
    QVERIFY2(features < tolerance, qPrintable(QString::number(features)));
    QVERIFY2(logits < tolerance, qPrintable(QString::number(logits)));
}

RowMatrix runAlone(const std::string& row, const NetworkOptions& options, bool mirrored = false)
{
    const json& entry = expected().at("rows").at(row);
    const Rebuilt rebuild = rebuilt(fixtures(), entry, options);
    const MadeImages images = imagesFor(entry, expected());
    ImageBatch batch = images.batch();
    batch.mirrored = mirrored;
    return rebuild.network->run(batch).features;
}

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

class BackboneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesPyTorchsNumbers_data()
    {
        QTest::addColumn<QString>("row");
        for (const auto& [name, row] : expected().at("rows").items())
            if (row.at("file").get<std::string>().find(".pt") ==
                row.at("file").get<std::string>().find(".pth"))
                QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void givesPyTorchsNumbers()
    {
        QFETCH(QString, row);
        compare(fixtures(), expected().at("rows").at(row.toStdString()), expected());
    }

    void largeModelsGivePyTorchsNumbers()
    {
        const QString python = pythonWithTorch();
        if (python.isEmpty())
            QSKIP("no Python with PyTorch");
        QTemporaryDir folder;
        QProcess process;
        process.start(python, {MONOTAIL_SOURCE_DIR "/tests/fixtures/make_backbones.py", "--live",
                               folder.path()});
        QVERIFY(process.waitForFinished(300000));
        const QString errors = process.readAllStandardError();
        if (errors.contains("No module named 'torchvision'"))
            QSKIP("no torchvision");
        QVERIFY2(process.exitCode() == 0, qPrintable(errors));
        const std::filesystem::path path = folder.path().toStdString();
        const json all = readJson(path / "expected.json");
        QCOMPARE(all.at("rows").size(), std::size_t(6));
        for (const auto& [name, row] : all.at("rows").items()) {
            compare(path, row, all);
            QVERIFY2(!QTest::currentTestFailed(), name.c_str());
        }
    }

    void whatIsAssumedMatters_data()
    {
        QTest::addColumn<QString>("row");
        QTest::newRow("max-pool") << "resnet10 max-pool=no";
        QTest::newRow("stem stride") << "resnet10 stem-stride=1";
        QTest::newRow("strides and eps") << "resnet10 strides=1-2-2-1,eps=1e-3";
        QTest::newRow("bottleneck stride") << "resnet50 bottleneck-stride=first";
        QTest::newRow("padding") << "cifar ResNet-20, padded at the end";
    }
    void whatIsAssumedMatters()
    {
        QFETCH(QString, row);
        const json wanted = expected().at("rows").at(row.toStdString());
        json assumed = wanted;
        assumed["options"] = "";
        const Rebuilt rebuild = rebuilt(fixtures(), assumed);
        const MadeImages images = imagesFor(assumed, expected());
        const RowMatrix features = rebuild.network->run(images.batch()).features;
        QVERIFY(largestError(features, wanted.at("features")) > 10 * tolerance);
    }

    void mirroredImagesAreMirrored()
    {
        const json& row = expected().at("rows").at("resnet10");
        const Rebuilt rebuild = rebuilt(fixtures(), row);
        MadeImages images = imagesFor(row, expected());
        ImageBatch batch = images.batch();
        batch.mirrored = true;
        const RowMatrix mirrored = rebuild.network->run(batch).features;
        const MadeImages plain = images;
        for (std::int64_t at = 0; at < images.count * images.height; ++at)
            for (std::int64_t x = 0; x < images.width; ++x)
                for (std::int64_t c = 0; c < 3; ++c)
                    images.pixels[static_cast<std::size_t>((at * images.width + x) * 3 + c)] =
                        plain.pixels[static_cast<std::size_t>(
                            ((at + 1) * images.width - 1 - x) * 3 + c)];
        QVERIFY(rebuild.network->run(images.batch()).features == mirrored);
        QVERIFY(largestError(mirrored, row.at("features")) > 10 * tolerance);
    }

    void bfloat16IsNear()
    {
        const RowMatrix features = runAlone("resnet10", {"cpu", Precision::BFloat16});
        const double error =
            largestError(features, expected().at("rows").at("resnet10").at("features"));
        QVERIFY2(error > 0 && error < 0.05, qPrintable(QString::number(error)));
    }

    void aProcessorHasNoFloat16()
    {
        QCOMPARE(errorOf([] {
                     runAlone("resnet10", {"cpu", Precision::Float16});
                 }),
                 std::string("fp16 needs a CUDA device: on a CPU, use bf16 or fp32"));
    }

    void onePixelIsEnough()
    {
        const Rebuilt rebuild = rebuilt(fixtures(), expected().at("rows").at("resnet10"));
        const MadeImages images = madeImages(1, 1, 1, {0, 0, 0}, {1, 1, 1});
        QCOMPARE(rebuild.network->run(images.batch()).features.cols(), 8);
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

    void numbersThatAreNotFiniteAreSaid()
    {
        // One stage of each kind, all zeros: a variance of -1 under the square root.
        QTemporaryDir folder;
        SafetensorsFile file;
        const auto zeros = [](std::size_t count) { return std::vector<float>(count, 0.0f); };
        const auto layer = [&](const std::string& conv, const std::string& norm, std::int64_t k) {
            file.add(conv + ".weight", {1, 1, k, k}, zeros(static_cast<std::size_t>(k * k)));
            for (const char* part : {".weight", ".bias", ".running_mean"})
                file.add(norm + part, {1}, {1});
            file.add(norm + ".running_var", {1}, {norm == "layer2.0.bn1" ? -1.0f : 1.0f});
        };
        layer("conv1", "bn1", 3);
        for (const std::string stage : {"layer1.0.", "layer2.0.", "layer3.0."}) {
            layer(stage + "conv1", stage + "bn1", 3);
            layer(stage + "conv2", stage + "bn2", 3);
        }
        file.add("fc.weight", {2, 1}, {1, 2});
        const std::string path = file.write(folder.filePath("net.safetensors").toStdString());
        const json row{{"file", "net.safetensors"}, {"head", "fc"}, {"options", ""}};
        QCOMPARE(errorOf([&] { rebuilt(folder.path().toStdString(), row); }),
                 path + ": layer2.0.conv1.weight and its batch norm give numbers that are not "
                        "finite; the file is damaged, or training has diverged");
    }
};

QTEST_GUILESS_MAIN(BackboneTest)
#include "tst_backbone.moc"
