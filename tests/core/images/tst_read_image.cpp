// SPDX-License-Identifier: GPL-3.0-or-later
#include "images/read_image.h"

#include <QtTest>
#include <numeric>

#include "core/dataset/scratch.h"
#include "core/images/image_fixtures.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// `count` images of 2 channels of 2 x 3 pixels, numbered from `first` on.
PixelArray numberedArray(std::int64_t count, std::uint8_t first)
{
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(12 * count));
    std::iota(bytes->begin(), bytes->end(), first);
    NumberArray numbers{"batch",
                        NumberType::UInt8,
                        {count, 2, 2, 3},
                        {12, 6, 3, 1},
                        reinterpret_cast<const std::byte*>(bytes->data()),
                        bytes};
    return {std::move(numbers), 2, 2, 3, count};
}

ImageList listOf(std::vector<PixelArray> arrays)
{
    ImageList images;
    images.source = "batches";
    for (const PixelArray& array : arrays)
        for (std::int64_t i = 0; i < array.count; ++i)
            images.samples.push_back({std::to_string(images.size()), 0});
    images.arrays = std::move(arrays);
    return images;
}

} // namespace

class ReadImageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filesAreReadBelowTheRoot()
    {
        ImageList images;
        images.root = imageFolder();
        images.samples = {{"grey.jpg", 0}, {"colour-16.png", 1}};
        QCOMPARE(readImage(images, 0).picture, decodedFixture("grey.jpg").picture);
        QCOMPARE(readImage(images, 1).conversion, "16 bits a channel");
    }

    void missingAndUnreadableFilesAreNamed()
    {
        const Scratch scratch;
        scratch.file("n01/empty.JPEG", "");
        ImageList images;
        images.source = "val.txt";
        images.root = scratch.root();
        images.samples = {{"n01/none.JPEG", 0}, {"n01/empty.JPEG", 0}, {"n01", 0}};
        const std::string root = scratch.root().string();
        QCOMPARE(errorOf([&] { readImage(images, 0); }),
                 root + "/n01/none.JPEG: cannot open the file: No such file or directory");
        QCOMPARE(errorOf([&] { readImage(images, 1); }),
                 root + "/n01/empty.JPEG: the file is empty; an image was expected");
        QCOMPARE(errorOf([&] { readImage(images, 2); }),
                 root + "/n01: this is a folder, not a file");
        images.root = "/dev";
        images.samples[0].id = "null";
        QCOMPARE(errorOf([&] { readImage(images, 0); }), "/dev/null: this is not a regular file");
        QCOMPARE(errorOf([&] { readImage(images, 3); }), "val.txt: there is no image 3");
        QCOMPARE(errorOf([&] { readImage(images, -1); }), "val.txt: there is no image -1");
    }

    void planesOfAnArrayBecomePixels()
    {
        const ImageList images = listOf({numberedArray(2, 0), numberedArray(1, 100)});
        QCOMPARE(readImage(images, 0).picture,
                 (Picture{3, 2, 2, {0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11}}));
        QCOMPARE(readImage(images, 1).picture.pixels[0], 12);
        QCOMPARE(readImage(images, 2).picture.pixels[0], 100);
        QCOMPARE(readImage(images, 2).conversion, "");
    }

    void anArrayMayHaveItsAxesInAnyOrder()
    {
        PixelArray array = numberedArray(2, 0);
        array.images.stride = {1, 12, 6, 2}; // as Fortran has it
        QCOMPARE(readImage(listOf({array}), 1).picture.pixels,
                 (std::vector<std::uint8_t>{1, 13, 3, 15, 5, 17, 7, 19, 9, 21, 11, 23}));
    }

    void anArrayOfAnotherSizeIsAnError()
    {
        PixelArray array = numberedArray(2, 0);
        array.width = 4;
        QCOMPARE(errorOf([&] { readImage(listOf({array}), 0); }),
                 "batch: 2 images of 4 x 2 pixels in 2 channels of 8 bits were expected");
    }
};

QTEST_APPLESS_MAIN(ReadImageTest)
#include "tst_read_image.moc"
