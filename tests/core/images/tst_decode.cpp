// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/images/image_fixtures.h"

using namespace monotail;
using namespace monotail::test;

class DecodeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pixelsAreThoseOfPil_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto& [name, truth] : expectedImages().at("files").items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void pixelsAreThoseOfPil()
    {
        QFETCH(QString, file);
        const nlohmann::json& truth = expectedImages().at("files").at(file.toStdString());
        const DecodedImage image = decodedFixture(file.toStdString());
        QCOMPARE(image.picture.width, truth.at("width").get<std::int64_t>());
        QCOMPARE(image.picture.height, truth.at("height").get<std::int64_t>());
        QCOMPARE(image.picture.channels, truth.at("channels").get<std::int64_t>());
        QCOMPARE(image.conversion, truth.at("conversion").get<std::string>());
        QCOMPARE(digestOf(image.picture), truth.at("sha256").get<std::string>());
    }

    void everyFixtureIsExpected()
    {
        std::size_t files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(imageFolder()))
            files += entry.path().extension() != ".json";
        QCOMPARE(files, expectedImages().at("files").size());
    }

    void contentCountsAndNotTheName()
    {
        const std::string bytes = readText(imageFolder() / "colour.png");
        QCOMPARE(decoded(bytes, "photo.jpg").picture, decodedFixture("colour.png").picture);
    }

    void bytesBehindTheImageAreIgnored()
    {
        for (const char* file : {"colour-420.jpg", "progressive.jpg", "colour.png"}) {
            const std::string bytes = readText(imageFolder() / file);
            QCOMPARE(decoded(bytes + std::string(5000, '\xff')).picture, decoded(bytes).picture);
        }
    }
};

QTEST_APPLESS_MAIN(DecodeTest)
#include "tst_decode.moc"
