// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cstdlib>

#include "core/dataset/scratch.h"
#include "core/images/image_fixtures.h"
#include "support/pytorch.h"

using namespace monotail;
using namespace monotail::test;

namespace {

const char* const folder = MONOTAIL_SOURCE_DIR "/tests/core/images/";

/// What torchvision makes of the files; nothing where it is missing.
std::optional<std::string> torchvisionOf(const QStringList& files)
{
    const Scratch scratch;
    const QString python = pythonWithTorch();
    const auto out = QString::fromStdString((scratch.root() / "pixels").string());
    const auto expected = QString::fromStdString((imageFolder() / "expected.json").string());
    if (python.isEmpty() || QProcess::execute(python, {"-c", "import torchvision"}) != 0)
        return {};
    if (QProcess::execute(
            python, QStringList{QString(folder) + "torchvision_says.py", expected, out} + files) !=
        0)
        throw std::runtime_error("torchvision_says.py failed");
    return readText(out.toStdString());
}

/// Real photographs, every 97th of the data set; and the fixtures, which are not square.
QStringList realImages()
{
    QStringList files;
    const std::filesystem::path images = sharedFolder() / "data/tiny-imagenet-lt/val/images";
    for (int i = 0; i < 40; ++i)
        files << QString::fromStdString(
            (images / ("val_" + std::to_string(97 * i) + ".JPEG")).string());
    for (const char* name : {"portrait.jpg", "colour-420.jpg", "grey.jpg", "cmyk.jpg", "alpha.png"})
        files << QString::fromStdString((imageFolder() / name).string());
    return files;
}

} // namespace

/// The whole way from a file to what the network sees, against torchvision.transforms.
class TorchvisionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenSettingsGiveItsPixels_data()
    {
        QTest::addColumn<int>("index");
        const nlohmann::json& settings = expectedImages().at("settings");
        QCOMPARE(settings.size(), 10U);
        for (int i = 0; i < 10; ++i)
            QTest::newRow(settings[i].at("name").get<std::string>().c_str()) << i;
    }

    void tenSettingsGiveItsPixels()
    {
        QFETCH(int, index);
        const nlohmann::json& setting = expectedImages().at("settings").at(std::size_t(index));
        const Picture picture =
            prepared(decodedFixture(setting.at("file")).picture, preprocessingOf(setting), 3);
        QCOMPARE(picture.width, setting.at("width").get<std::int64_t>());
        QCOMPARE(picture.height, setting.at("height").get<std::int64_t>());
        QCOMPARE(digestOf(picture), setting.at("sha256").get<std::string>());
    }

    void realImagesAreWithinOneOf255()
    {
        MONOTAIL_NEEDS_SHARED();
        const QStringList files = realImages();
        const auto theirs = torchvisionOf(files);
        if (!theirs)
            QSKIP("skipped: no Python with torchvision");
        std::size_t at = 0, different = 0;
        int most = 0;
        for (const QString& file : files) {
            const Picture image = decoded(readText(file.toStdString())).picture;
            for (const nlohmann::json& setting : expectedImages().at("settings"))
                for (const int ours : prepared(image, preprocessingOf(setting), 3).pixels) {
                    QVERIFY(at < theirs->size());
                    const int difference =
                        std::abs(ours - static_cast<std::uint8_t>((*theirs)[at++]));
                    most = std::max(most, difference);
                    different += difference != 0;
                }
        }
        QCOMPARE(at, theirs->size());
        qInfo("%zu of %zu values differ, by %d at most", different, at, most);
        QVERIFY(most <= 1);
    }
};

QTEST_APPLESS_MAIN(TorchvisionTest)
#include "tst_torchvision.moc"
