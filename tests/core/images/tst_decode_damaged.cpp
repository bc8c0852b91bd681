// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <zlib.h>

#include "core/dataset/scratch.h"
#include "core/images/image_fixtures.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::string fixture(const std::string& name)
{
    return readText(imageFolder() / name);
}

std::string errorFor(const std::string& bytes)
{
    return errorOf([&] { decoded(bytes); });
}

std::string bigEndian(std::uint32_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 255);
    return bytes;
}

std::string chunk(const std::string& name, const std::string& data)
{
    const std::string body = name + data;
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return bigEndian(static_cast<std::uint32_t>(data.size())) + body +
           bigEndian(static_cast<std::uint32_t>(sum));
}

/// 8 bits of grey.
std::string png(std::uint32_t width, std::uint32_t height, const std::string& data)
{
    const std::string header =
        bigEndian(width) + bigEndian(height) + std::string("\x08\0\0\0\0", 5);
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", "");
}

/// A JPEG whose frame header says another size.
std::string jpegOfSize(std::uint32_t width, std::uint32_t height)
{
    std::string bytes = fixture("colour-420.jpg");
    const std::size_t frame = bytes.find("\xff\xc0");
    bytes.replace(frame + 5, 2, bigEndian(height).substr(2));
    bytes.replace(frame + 7, 2, bigEndian(width).substr(2));
    return bytes;
}

} // namespace

class DecodeDamagedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void otherFilesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("sentence");
        const QString convert = "; JPEG and PNG are read: convert it";
        const auto row = [](const char* name, const std::string& bytes, const QString& sentence) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << "a.jpg: " + sentence;
        };
        using namespace std::string_literals;
        row("nothing", "", "the file is empty; an image was expected");
        row("GIF", "GIF89a\1\0\1\0", "this is a GIF image" + convert);
        row("WebP", "RIFF\x24\0\0\0WEBPVP8 "s, "this is a WebP image" + convert);
        row("BMP", "BM\x46\0\0\0\0\0\0\0"s, "this is a BMP image" + convert);
        row("TIFF", "II*\0\x08\0\0\0"s, "this is a TIFF image" + convert);
        row("TIFF, the other order", "MM\0*\0\0\0\x08"s, "this is a TIFF image" + convert);
        row("PPM", "P6\n2 2\n255\n", "this is a PPM image" + convert);
        row("HEIC", "\0\0\0\x18"s + "ftypheic", "this is a HEIC image" + convert);
        row("AVIF", "\0\0\0\x18"s + "ftypavif", "this is an AVIF image" + convert);
        row("JPEG 2000", "\0\0\0\x0cjP  \r\n"s, "this is a JPEG 2000 image" + convert);
        row("zip", "PK\3\4", "this is a zip archive" + convert);
        const QString page = "this is a web page or other markup, not an image; the download went "
                             "wrong: fetch the file again";
        row("web page", "\n <!DOCTYPE html><html>", page);
        row("drawing", "<svg xmlns=\"\">", page);
        row("text", "hello, world", "this is no JPEG or PNG image; it begins with \"hello, w\"");
        row("zeros", std::string(100, '\0'),
            "this is no JPEG or PNG image; it begins with "
            "\"\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"");
        row("two bytes", "\xff\xd8", "the image file is truncated: it has 2 bytes; fetch it again");
    }

    void otherFilesAreNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(errorFor(bytes.toStdString())), sentence);
    }

    void everyTruncationIsAnErrorOrThePicture_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto& [name, truth] : expectedImages().at("files").items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void everyTruncationIsAnErrorOrThePicture()
    {
        QFETCH(QString, file);
        const std::string bytes = fixture(file.toStdString());
        const Picture whole = decoded(bytes).picture;
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            try {
                QCOMPARE(decoded(bytes.substr(0, size)).picture, whole);
                QVERIFY2(size + 20 >= bytes.size(), "only the end mark may be missing");
            } catch (const Error& error) {
                QVERIFY(says(error.what(), {"a.jpg: ", size == 0 ? "empty" : "truncated"}));
            }
        }
    }

    void truncationTellsHowFarItWent()
    {
        const std::string jpeg = fixture("colour-444.jpg");
        QCOMPARE(
            errorFor(jpeg.substr(0, 300)),
            "a.jpg: the image file is truncated: its 300 bytes end inside the header; fetch it "
            "again");
        QCOMPARE(errorFor(jpeg.substr(0, 1400)),
                 "a.jpg: the image file is truncated: 24 of 45 rows could be read; fetch it again");
        QCOMPARE(errorFor(fixture("alpha.png").substr(0, 1000)),
                 "a.jpg: the image file is truncated: 0 of 21 rows could be read; fetch it again");
    }

    void damagedDataAreAnErrorOrCounted()
    {
        std::string jpeg = fixture("colour-420.jpg");
        jpeg.replace(1000, 2, "\xff\xd9");        // an end mark in the middle
        const DecodedImage image = decoded(jpeg); // as PIL reads it, but not silently
        QCOMPARE(image.picture.width, 67);
        QCOMPARE(image.conversion, "damaged data");

        std::string png = fixture("colour.png");
        png[200] = static_cast<char>(png[200] ^ 1);
        QVERIFY(says(errorFor(png), {"a.jpg: the PNG image is damaged: ", "; fetch it again"}));
    }

    void wrongChecksumIsAnError()
    {
        std::string png = fixture("grey-8.png");
        const std::size_t data = png.find("IDAT");
        const std::size_t end = png.find("IEND") - 8; // the checksum's four bytes
        QVERIFY(data < end);
        png[end] = static_cast<char>(png[end] ^ 1);
        QCOMPARE(errorFor(png), "a.jpg: the PNG image is damaged: IDAT: CRC error; fetch it again");
        std::string header = fixture("grey-8.png");
        header[30] = static_cast<char>(header[30] ^ 1);
        QCOMPARE(errorFor(header),
                 "a.jpg: the PNG image is damaged: IHDR: CRC error; fetch it again");
    }

    void absurdSizesAreRefusedBeforeMemoryIsTaken()
    {
        QCOMPARE(errorFor(jpegOfSize(65000, 65000)),
                 "a.jpg: the image has 65000 x 65000 pixels; at most 178,956,970 are read: make it "
                 "smaller");
        QCOMPARE(errorFor(jpegOfSize(13000, 13000)),
                 "a.jpg: the image file is truncated: its header says 13000 x 13000 pixels, which "
                 "1719 bytes cannot hold; fetch it again");
        QCOMPARE(errorFor(png(2'000'000'000, 2'000'000'000, "")),
                 "a.jpg: the image has 2000000000 x 2000000000 pixels; at most 178,956,970 are "
                 "read: make it smaller");
        QCOMPARE(errorFor(png(13000, 13000, "x")),
                 "a.jpg: the image file is truncated: its header says 13000 x 13000 pixels, which "
                 "58 bytes cannot hold; fetch it again");
        QCOMPARE(errorFor(png(0, 5, "")),
                 "a.jpg: the image is damaged: its header says 0 x 5 pixels");
        QVERIFY(says(errorFor(jpegOfSize(0, 5)), {"a.jpg: the JPEG image is damaged: "}));
    }

    void decompressionBombEndsWithThePicture()
    {
        // 100 MB of zeros, of which the picture's four rows are read.
        std::string zeros(100'000'000, '\0');
        uLongf size = compressBound(static_cast<uLong>(zeros.size()));
        std::string bomb(size, '\0');
        QCOMPARE(compress(reinterpret_cast<Bytef*>(bomb.data()), &size,
                          reinterpret_cast<const Bytef*>(zeros.data()),
                          static_cast<uLong>(zeros.size())),
                 Z_OK);
        bomb.resize(size);
        const DecodedImage image = decoded(png(4, 4, bomb));
        QCOMPARE(image.picture, (Picture{4, 4, 1, std::vector<std::uint8_t>(16)}));
    }

    void thousandsOfScansAreRefused()
    {
        const std::string bytes = fixture("progressive.jpg");
        const std::size_t scan = bytes.rfind("\xff\xda");
        std::string many = bytes.substr(0, scan);
        const std::string last = bytes.substr(scan, bytes.size() - 2 - scan);
        for (int i = 0; i < 1000; ++i)
            many += last;
        QCOMPARE(errorFor(many + "\xff\xd9"),
                 "a.jpg: the JPEG image is damaged: it has more than 500 scans; fetch it again");
    }
};

QTEST_APPLESS_MAIN(DecodeDamagedTest)
#include "tst_decode_damaged.moc"
