// SPDX-License-Identifier: GPL-3.0-or-later
#include "extract/extract.h"

#include <QtTest>
#include <chrono>

#include "core/dataset/scratch.h"
#include "core/extract/plain_network.h"
#include "dataset/features.h"
#include "dataset/image_list.h"
#include "extract/feature_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// `count` grey images of 2 x 2 pixels: image i is i, i + 1, i + 2, i + 3 (modulo 256).
ImageList countingImages(std::int64_t count)
{
    auto bytes = std::make_shared<std::vector<std::byte>>();
    ImageList list;
    list.source = "counting";
    for (std::int64_t i = 0; i < count; ++i) {
        for (std::int64_t k = 0; k < 4; ++k)
            bytes->push_back(static_cast<std::byte>((i + k) % 256));
        list.samples.push_back({"counting#" + std::to_string(i), i % 3, i});
    }
    list.arrays.push_back(
        {{"counting", NumberType::UInt8, {count, 4}, {4, 1}, bytes->data(), bytes},
         1,
         2,
         2,
         count,
         "counting"});
    return list;
}

Preprocessing plain()
{
    Preprocessing out = preprocessingPreset("none");
    out.mean = {0};
    out.deviation = {1};
    return out;
}

/// The first feature that PlainNetwork gives for image i.
float meanOf(std::int64_t i)
{
    float sum = 0;
    for (std::int64_t k = 0; k < 4; ++k)
        sum += static_cast<float>((i + k) % 256) / 255;
    return sum / 4;
}

std::vector<std::vector<float>> rowsOf(const FeaturePart& part)
{
    std::vector<std::vector<float>> rows;
    part.visit([&](std::int64_t, std::span<const float> row) {
        rows.emplace_back(row.begin(), row.end());
    });
    return rows;
}

} // namespace

class ExtractTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

    std::filesystem::path fixture(const std::string& name) const
    {
        return std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fixtures/images" / name;
    }

private Q_SLOTS:
    void everyImageIsDoneOnceAndInOrder_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("images");
        QTest::newRow("one thread") << 1 << 0 << 1000;
        QTest::newRow("four threads") << 4 << 0 << 1000;
        QTest::newRow("one at a time") << 2 << 1 << 37;
        QTest::newRow("an odd batch") << 3 << 7 << 100;
        QTest::newRow("a single image") << 4 << 0 << 1;
    }

    void everyImageIsDoneOnceAndInOrder()
    {
        QFETCH(int, threads);
        QFETCH(int, batch);
        QFETCH(int, images);
        FeaturePart part(m_scratch.root() / (std::string(QTest::currentDataTag()) + ".part"));
        const PlainNetwork network;
        const ExtractRun run = extractFeatures(countingImages(images), {0, images}, network,
                                               plain(), part, {threads, batch});
        QCOMPARE(run.images, std::int64_t{images});
        const auto rows = rowsOf(part);
        QCOMPARE(rows.size(), static_cast<std::size_t>(images));
        for (std::size_t i = 0; i < rows.size(); ++i)
            QVERIFY(std::abs(rows[i][0] - meanOf(static_cast<std::int64_t>(i))) < 1e-6f);
        if (batch > 0)
            QVERIFY(*std::max_element(network.batches.begin(), network.batches.end()) <= batch);
    }

    void aRangeIsThatOfAShard()
    {
        FeaturePart part(m_scratch.root() / "shard.part");
        extractFeatures(countingImages(100), {40, 60}, PlainNetwork(), plain(), part, {});
        const auto rows = rowsOf(part);
        QCOMPARE(rows.size(), std::size_t{20});
        QVERIFY(std::abs(rows[0][0] - meanOf(40)) < 1e-6f);
    }

    void theBatchHalvesWhereTheDeviceHasNoRoom()
    {
        FeaturePart part(m_scratch.root() / "small.part");
        PlainNetwork network;
        network.largestBatch = 5;
        const ImageList images = countingImages(100);
        extractFeatures(images, {0, 100}, network, plain(), part, {});
        QCOMPARE(rowsOf(part).size(), std::size_t{100});
        QVERIFY(std::abs(rowsOf(part)[99][0] - meanOf(99)) < 1e-6f);
        FeaturePart none(m_scratch.root() / "none.part");
        network.largestBatch = 0;
        QCOMPARE(errorOf([&] {
                     extractFeatures(images, {0, 100}, network, plain(), none, {});
                 }),
                 std::string("counting#0: no room"));
    }

    void flipAveragingIsTheMeanOverBothSides()
    {
        FeaturePart part(m_scratch.root() / "flip.part");
        Preprocessing flip = plain();
        flip.flipAverage = true;
        PlainNetwork network;
        network.logits = true;
        extractFeatures(countingImages(3), {0, 3}, network, flip, part, {});
        // The left column of image 1 is 1 and 3, the right one 2 and 4: their mean is 2.5.
        const std::vector<float> row = rowsOf(part)[1];
        QVERIFY(std::abs(row[1] - 2.5f / 255) < 1e-6f);
        QVERIFY(std::abs(row[3] - 25.f / 255) < 1e-5f); // logits beside it
    }

    void aCancelledRunIsGoneOnWith()
    {
        const std::filesystem::path path = m_scratch.root() / "resume.part";
        const ImageList images = countingImages(500);
        PlainNetwork network;
        network.pause = std::chrono::milliseconds(1);
        {
            FeaturePart part(path);
            bool isCancelled = false;
            try {
                extractFeatures(images, {0, 500}, network, plain(), part, {2, 16},
                                [](std::int64_t done, std::int64_t) { return done < 100; });
            } catch (const Cancelled&) {
                isCancelled = true;
            }
            QVERIFY(isCancelled);
            QVERIFY(part.samples() >= 100 && part.samples() < 500);
        }
        // A kill in the middle of a record.
        std::ofstream(path, std::ios::binary | std::ios::app) << "rest";
        FeaturePart part(path);
        const std::int64_t before = part.samples();
        QVERIFY(before >= 100);
        const ExtractRun run = extractFeatures(images, {0, 500}, network, plain(), part, {2, 16});
        QCOMPARE(run.images, 500 - before);
        const auto rows = rowsOf(part);
        QCOMPARE(rows.size(), std::size_t{500});
        for (std::size_t i = 0; i < rows.size(); ++i)
            QVERIFY(std::abs(rows[i][0] - meanOf(static_cast<std::int64_t>(i))) < 1e-6f);
    }

    void aConvertedImageIsRememberedByTheNextRun()
    {
        std::filesystem::create_directories(m_scratch.root() / "seen");
        std::filesystem::copy_file(fixture("cmyk.jpg"), m_scratch.root() / "seen/cmyk.jpg");
        ImageQuery query;
        query.source = m_scratch.file("seen/list.txt", "cmyk.jpg 0\n");
        PlainNetwork network;
        network.channels = 3;
        FeaturePart part(m_scratch.root() / "seen.part");
        extractFeatures(readImageList(query), {0, 1}, network, plain(), part, {});
        QCOMPARE(part.marked(FeaturePart::Mark::Converted), (std::vector<std::int64_t>{0}));
        part.reset();
        QCOMPARE(part.samples(), std::int64_t{0});
        QCOMPARE(part.width(), std::int64_t{0});
    }

    void largePicturesComeInSmallBatches()
    {
        // 256 images of 224 x 224 pixels are the most at once: of 1600 x 1600 five.
        const std::int64_t side = 1600;
        auto bytes = std::make_shared<std::vector<std::byte>>(12 * side * side);
        ImageList list;
        for (std::int64_t i = 0; i < 12; ++i)
            list.samples.push_back({"large#" + std::to_string(i), 0, i});
        list.arrays.push_back({{"large",
                                NumberType::UInt8,
                                {12, side * side},
                                {side * side, 1},
                                bytes->data(),
                                bytes},
                               1,
                               side,
                               side,
                               12,
                               "large"});
        FeaturePart part(m_scratch.root() / "large.part");
        const PlainNetwork network;
        extractFeatures(list, {0, 12}, network, plain(), part, {});
        QCOMPARE(part.samples(), std::int64_t{12});
        QVERIFY(*std::max_element(network.batches.begin(), network.batches.end()) <= 5);
    }

    void twoRunsDoNotWriteOneFile()
    {
        const std::filesystem::path path = m_scratch.root() / "held.part";
        const FeaturePart part(path);
        QVERIFY(says(errorOf([&] { FeaturePart second(path); }),
                     {"held.part", "another run of the program is at work on this file"}));
    }

    void unreadableImagesAreCountedAndShiftNothing()
    {
        m_scratch.file("bad/empty.jpg", "");
        m_scratch.file("bad/page.jpg", "<!DOCTYPE html><html></html>");
        const std::string jpeg = readText(fixture("grey.jpg"));
        m_scratch.file("bad/good.png", jpeg); // a JPEG under another name
        m_scratch.file("bad/cut.jpg", jpeg.substr(0, jpeg.size() / 2));
        m_scratch.file("bad/cmyk.jpg", readText(fixture("cmyk.jpg")));
        ImageQuery query;
        query.source = m_scratch.file("bad/list.txt", "empty.jpg 0\npage.jpg 1\ngood.png 2\n"
                                                      "cut.jpg 3\nmissing.jpg 4\ncmyk.jpg 5\n"
                                                      "good.png 6\n");
        const ImageList images = readImageList(query);
        FeaturePart part(m_scratch.root() / "bad.part");
        PlainNetwork network;
        network.channels = 3;
        Preprocessing square = plain();
        square.resize = 16;
        square.crop = 16;
        const ExtractRun run = extractFeatures(images, {0, 7}, network, square, part, {});
        QCOMPARE(part.samples(), std::int64_t{7});
        QCOMPARE(part.marked(FeaturePart::Mark::Missing), (std::vector<std::int64_t>{0, 1, 3, 4}));
        QCOMPARE(run.conversions.size(), std::size_t{1});
        QCOMPARE(run.conversions.begin()->second.images, std::int64_t{1});
        QCOMPARE(run.conversions.begin()->second.first, std::int64_t{5});
        const std::filesystem::path file = m_scratch.root() / "bad.safetensors";
        writeFeatureFile(part, images, 0, {{"split", "val"}}, file, Overwrite::Refuse);
        const FeatureSet features = openFeatures(file.string());
        QCOMPARE(features.labels, (std::vector<std::int64_t>{2, 5, 6}));
        QCOMPARE(features.ids, (std::vector<std::string>{"good.png", "cmyk.jpg", "good.png"}));
        QVERIFY(features.features->read(0, 1) == features.features->read(2, 3));
        QCOMPARE(features.origin.split, std::string("val"));
    }

    void imagesOfSeveralSizesAreDoneSizeBySizeAndCounted()
    {
        ImageQuery query;
        std::filesystem::copy_file(fixture("grey.jpg"), m_scratch.root() / "grey.jpg");
        std::filesystem::copy_file(fixture("portrait.jpg"), m_scratch.root() / "portrait.jpg");
        query.source = m_scratch.file("sizes.txt", "grey.jpg 0\nportrait.jpg 1\ngrey.jpg 2\n");
        const ImageList images = readImageList(query);
        FeaturePart part(m_scratch.root() / "sizes.part");
        const ExtractRun run = extractFeatures(images, {0, 3}, PlainNetwork(), plain(), part, {});
        QCOMPARE(run.sizes, std::int64_t{2});
        const auto rows = rowsOf(part);
        QCOMPARE(rows[0], rows[2]);
        QVERIFY(rows[0] != rows[1]);
    }
};

QTEST_APPLESS_MAIN(ExtractTest)
#include "tst_extract.moc"
