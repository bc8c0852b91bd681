// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/preprocessing.h"

#include <QtTest>
#include <limits>

#include "core/images/image_fixtures.h"

using namespace monotail;
using namespace monotail::test;

class PreprocessingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void presetsAreKnownByName()
    {
        QCOMPARE(preprocessingPresets(),
                 (std::vector<std::string>{"imagenet", "tiny-imagenet", "cifar", "fashion-mnist",
                                           "none"}));
        for (const std::string& name : preprocessingPresets()) {
            QCOMPARE(preprocessingPreset(name).preset, name);
            checkPreprocessing(preprocessingPreset(name));
        }
        QCOMPARE(preprocessingPreset("imagenet"), Preprocessing());
        QCOMPARE(preprocessingPreset("cifar").crop, 0);
        QCOMPARE(errorOf([] { preprocessingPreset("imagnet"); }),
                 "there is no preprocessing preset \"imagnet\"; the presets are imagenet, "
                 "tiny-imagenet, cifar, fashion-mnist, none");
    }

    void descriptionHasEveryValue()
    {
        Preprocessing preprocessing;
        QCOMPARE(describe(preprocessing), "resize 256 bilinear, crop 224, mean 0.485,0.456,0.406, "
                                          "std 0.229,0.224,0.225");
        preprocessing.filter = ResizeFilter::Bicubic;
        preprocessing.crop = 0;
        preprocessing.flipAverage = true;
        QCOMPARE(describe(preprocessing), "resize 256 bicubic, mean 0.485,0.456,0.406, std "
                                          "0.229,0.224,0.225, averaged with the mirror image");
        QCOMPARE(describe(preprocessingPreset("fashion-mnist")), "size as it is, mean 0.286, std "
                                                                 "0.353");
    }

    void descriptionLeavesOutTheNameAndAnUnusedFilter()
    {
        Preprocessing preset = preprocessingPreset("cifar"), same = preset;
        same.preset = "custom";
        same.filter = ResizeFilter::Bicubic;
        QCOMPARE(describe(same), describe(preset));
    }

    void valuesWithoutSenseAreErrors_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("size") << "resize"
                              << "preprocessing: resize -1 makes no sense; 0 (none) to "
                                 "8192 pixels are possible";
        QTest::newRow("crop") << "crop"
                              << "preprocessing: crop 100000 makes no sense; 0 (none) to "
                                 "8192 pixels are possible";
        QTest::newRow("deviation") << "deviation"
                                   << "preprocessing: the standard deviation 0 is "
                                      "not a positive number";
        QTest::newRow("mean") << "mean"
                              << "preprocessing: the mean nan is not a finite number";
        QTest::newRow("count") << "count"
                               << "preprocessing: 2 means and 3 standard deviations; one "
                                  "of each for all channels, or three of each, are "
                                  "needed";
    }

    void valuesWithoutSenseAreErrors()
    {
        QFETCH(QString, value);
        QFETCH(QString, sentence);
        Preprocessing wrong;
        if (value == "resize")
            wrong.resize = -1;
        else if (value == "crop")
            wrong.crop = 100'000;
        else if (value == "deviation")
            wrong.deviation[1] = 0;
        else if (value == "mean")
            wrong.mean[2] = std::numeric_limits<double>::quiet_NaN();
        else
            wrong.mean.pop_back();
        QCOMPARE(QString::fromStdString(errorOf([&] { checkPreprocessing(wrong); })), sentence);
    }

    void everyValueIsNormalisedAsTorchDoes()
    {
        const auto tables = normalisation(Preprocessing(), 3);
        Sha256 digest;
        for (const auto& table : tables)
            digest.add(table.data(), sizeof table);
        QCOMPARE(digest.hex(), expectedImages().at("normalised").get<std::string>());
    }

    void oneMeanServesAllChannels()
    {
        Preprocessing preprocessing = preprocessingPreset("none");
        const auto tables = normalisation(preprocessing, 3);
        QCOMPARE(tables.size(), 3U);
        QCOMPARE(tables[0][255], 1.0F);
        QCOMPARE(tables[2][51], 0.2F);
        QCOMPARE(errorOf([] { normalisation(Preprocessing(), 1); }),
                 "preprocessing: 3 means for images of 1 channels; give one for all, or one for "
                 "each");
    }

    void greyBecomesRgbByRepeating()
    {
        const Picture grey{2, 1, 1, {7, 200}};
        QCOMPARE(withChannels(grey, 3), (Picture{2, 1, 3, {7, 7, 7, 200, 200, 200}}));
        QCOMPARE(withChannels(grey, 1), grey);
    }

    void rgbBecomesGreyWithItsWeights()
    {
        // 0.299 x 200 + 0.587 x 100 + 0.114 x 50 = 124.2
        const Picture rgb{3, 1, 3, {255, 255, 255, 255, 0, 0, 200, 100, 50}};
        QCOMPARE(withChannels(rgb, 1), (Picture{3, 1, 1, {255, 76, 124}}));
        QCOMPARE(errorOf([&] { withChannels(rgb, 4); }),
                 "images have 1 or 3 channels, and 4 are asked for");
    }
};

QTEST_APPLESS_MAIN(PreprocessingTest)
#include "tst_preprocessing.moc"
