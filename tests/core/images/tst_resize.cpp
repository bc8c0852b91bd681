// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/images/image_fixtures.h"

using namespace monotail;
using namespace monotail::test;

namespace {

Picture greyRow(std::vector<std::uint8_t> pixels)
{
    return {static_cast<std::int64_t>(pixels.size()), 1, 1, std::move(pixels)};
}

Picture numbered(std::int64_t width, std::int64_t height)
{
    Picture picture{width, height, 1, {}};
    for (std::int64_t i = 0; i < width * height; ++i)
        picture.pixels.push_back(static_cast<std::uint8_t>(i + 1));
    return picture;
}

} // namespace

class ResizeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void halvingBilinearlyTakesFourPixels()
    {
        // Triangle of half-width 2 around 1 and 3: weights 1:3:3:(1), cut at the edges and divided
        // by their sum: (3 x 0 + 3 x 80 + 160) / 7 = 57.14; (80 + 3 x 160 + 3 x 240) / 7 = 182.86.
        QCOMPARE(resized(greyRow({0, 80, 160, 240}), {2, 1}, ResizeFilter::Bilinear),
                 greyRow({57, 183}));
    }

    void doublingBilinearlyMixesNeighbours()
    {
        // Centres at -0.25, 0.25, 0.75, 1.25: 0, (3 x 0 + 100) / 4, (0 + 3 x 100) / 4, 100.
        QCOMPARE(resized(greyRow({0, 100}), {4, 1}, ResizeFilter::Bilinear),
                 greyRow({0, 25, 75, 100}));
    }

    void cubicOvershootIsClipped()
    {
        const Picture edge =
            resized(greyRow({0, 0, 0, 255, 255, 255}), {12, 1}, ResizeFilter::Bicubic);
        QCOMPARE(edge.pixels[4], 0); // below without clipping
        QCOMPARE(edge.pixels[7], 255);
    }

    void rowsAndColumnsAreTreatedAlike()
    {
        const Picture row = greyRow({0, 80, 160, 240, 10, 20, 35});
        const Picture column{1, 7, 1, row.pixels};
        for (const auto filter : {ResizeFilter::Bilinear, ResizeFilter::Bicubic})
            QCOMPARE(resized(column, {1, 3}, filter).pixels, resized(row, {3, 1}, filter).pixels);
    }

    void theSameSizeIsTheSamePicture()
    {
        const Picture picture = decodedFixture("portrait.jpg").picture;
        QCOMPARE(resized(picture, {38, 61}, ResizeFilter::Bicubic), picture);
        Preprocessing preprocessing = preprocessingPreset("tiny-imagenet");
        QCOMPARE(prepared(picture, preprocessing, 3), picture);
    }

    void channelsDoNotMix()
    {
        const Picture picture = decodedFixture("portrait.jpg").picture;
        for (const PictureSize size : {PictureSize{17, 80}, {90, 7}, {3, 3}, {1, 1}}) {
            const Picture together = resized(picture, size, ResizeFilter::Bicubic);
            for (std::size_t c = 0; c < 3; ++c) {
                Picture plane{picture.width, picture.height, 1, {}};
                for (std::size_t i = c; i < picture.pixels.size(); i += 3)
                    plane.pixels.push_back(picture.pixels[i]);
                const Picture alone = resized(plane, size, ResizeFilter::Bicubic);
                for (std::size_t i = 0; i < alone.pixels.size(); ++i)
                    QCOMPARE(together.pixels[3 * i + c], alone.pixels[i]);
            }
        }
    }

    void croppingWhileResizingGivesTheSamePixels()
    {
        const Picture picture = decodedFixture("colour-420.jpg").picture;
        for (const std::int64_t side : {1, 2, 9, 44, 45, 46, 130})
            for (const std::int64_t crop : {1, 8, 33, 45, 67, 140}) {
                Preprocessing both;
                both.resize = side;
                both.crop = crop;
                const Picture apart =
                    centreCropped(resized(picture, resizedTo(picture, side), both.filter), crop);
                QCOMPARE(prepared(picture, both, 3), apart);
            }
    }

    void theShorterSideDecides()
    {
        const auto sizeOf = [](std::int64_t width, std::int64_t height, std::int64_t side) {
            const PictureSize size = resizedTo({width, height, 1, {}}, side);
            return std::pair(size.width, size.height);
        };
        QCOMPARE(sizeOf(500, 375, 256), std::pair(341L, 256L));
        QCOMPARE(sizeOf(375, 500, 256), std::pair(256L, 341L));
        QCOMPARE(sizeOf(64, 64, 256), std::pair(256L, 256L));
        QCOMPARE(sizeOf(1, 1000, 2), std::pair(2L, 2000L));
    }

    void halfAPixelOfMarginRoundsToEven()
    {
        // Margins 1, 3, 5 leave out 0.5, 1.5, 2.5 pixels before: 0, 2, 2 by Python's round().
        QCOMPARE(centreCropped(numbered(3, 2), 2).pixels, (std::vector<std::uint8_t>{1, 2, 4, 5}));
        QCOMPARE(centreCropped(numbered(4, 1), 1).pixels, (std::vector<std::uint8_t>{3}));
        QCOMPARE(centreCropped(numbered(6, 1), 1).pixels, (std::vector<std::uint8_t>{3}));
    }

    void blackFillsACropThatIsLarger()
    {
        QCOMPARE(centreCropped(numbered(2, 1), 3).pixels,
                 (std::vector<std::uint8_t>{0, 0, 0, 1, 2, 0, 0, 0, 0}));
    }

    void aThinPictureTakesNoMoreMemoryThanItsCrop()
    {
        // Resized it would have 2 x 10^9 pixels.
        Picture thread{1, 1'000'000, 3, {}};
        thread.pixels.resize(3'000'000, 9);
        Preprocessing preprocessing;
        preprocessing.resize = 2000;
        preprocessing.crop = 2;
        QCOMPARE(prepared(thread, preprocessing, 3).pixels, std::vector<std::uint8_t>(12, 9));
        preprocessing.crop = 0;
        QCOMPARE(errorOf([&] { prepared(thread, preprocessing, 3); }),
                 "resizing to 2000 x 2000000000 pixels is not possible");
    }
};

QTEST_APPLESS_MAIN(ResizeTest)
#include "tst_resize.moc"
