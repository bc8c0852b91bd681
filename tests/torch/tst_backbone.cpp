// SPDX-License-Identifier: GPL-3.0-or-later
// Rebuilt networks against PyTorch's: tests/fixtures/make_backbones.py.
#include <QTemporaryDir>

#include "dataset/features.h"
#include "dataset/idx.h"
#include "rebuilt_network.h"
#include "support/pytorch.h"

using namespace monotail;
using namespace monotail::test;

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

    void onePixelIsEnough()
    {
        const Rebuilt rebuild = rebuilt(fixtures(), expected().at("rows").at("resnet10"));
        const MadeImages images = madeImages(1, 1, 1, {0, 0, 0}, {1, 1, 1});
        QCOMPARE(rebuild.network->run(images.batch()).features.cols(), 8);
    }

    void givesTheDemosFeatures()
    {
        // Real images and a trained network: what PyTorch wrote of them into the demo.
        const auto checkpoint = openCheckpoint(demoFolder() / "stage1.pth.tar");
        const HeadCandidate head = chooseHead(*checkpoint, {});
        const auto network = loadTorchEngine()->makeNetwork(
            *checkpoint, planBackbone(*checkpoint, head), {"cpu", Precision::Float32});
        const NumberArray images =
            readIdx(MappedFile::open(demoFolder() / "t10k-images-idx3-ubyte.gz"));
        MadeImages made = madeImages(500, 28, 28, {0.2860}, {0.3530});
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(images.data);
        made.pixels.assign(bytes, bytes + 500 * 28 * 28);
        const FeatureSet wanted =
            openFeatures((demoFolder() / "features-test.safetensors").string());
        const RowMatrix found = network->run(made.batch()).features;
        const float error = (found - wanted.features->read(0, 500)).cwiseAbs().maxCoeff();
        QVERIFY2(error < tolerance, qPrintable(QString::number(static_cast<double>(error))));
    }

    void aGpuGivesTheSame()
    {
        if (!errorOf([] { loadTorchEngine()->makeScorer("cuda"); }).empty())
            QSKIP("skipped: no CUDA device");
        const json& row = expected().at("rows").at("resnet10");
        const auto error = [&](Precision precision) {
            return largestError(runAlone("resnet10", {"cuda", precision}), row.at("features"));
        };
        QVERIFY(error(Precision::Float32) < tolerance);
        QVERIFY(error(Precision::Float16) < 0.01);
        QVERIFY(error(Precision::BFloat16) < 0.05);
        const RowMatrix mirrored = runAlone("resnet10", {"cpu", Precision::Float32}, true);
        const RowMatrix there = runAlone("resnet10", {"cuda", Precision::Float32}, true);
        QVERIFY(static_cast<double>((mirrored - there).cwiseAbs().maxCoeff()) < tolerance);
    }
};

QTEST_GUILESS_MAIN(BackboneTest)
#include "tst_backbone.moc"
