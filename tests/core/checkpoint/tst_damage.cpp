// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "checkpoint/head.h"
#include "checkpoint/stored_accuracy.h"
#include "checkpoint/zip.h"
#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// Opens what is left of a file and uses it; true if it could be opened, false for an Error. Any
/// other exception, a crash or a report of the sanitizers fails the test.
bool opens(const std::string& bytes)
{
    bool isOpen = false;
    try {
        const auto checkpoint = openBytes(bytes);
        isOpen = true;
        storedAccuracy(*checkpoint);
        for (const Tensor& tensor : checkpoint->tensors)
            if (tensor.elements() < 10'000)
                tensorDigest(*checkpoint, tensor);
        readHead(*checkpoint, chooseHead(*checkpoint, {}));
    } catch (const Error& error) {
        if (std::string(error.what()).find("test.pth: ") != 0)
            throw std::logic_error(std::string("names no file: ") + error.what());
    }
    return isOpen;
}

std::string changed(std::string bytes, Random& random, std::size_t from, std::size_t size)
{
    const std::uint64_t changes = 1 + random.below(4);
    for (std::uint64_t i = 0; i < changes; ++i)
        bytes[from + random.below(size)] = static_cast<char>(random.next());
    return bytes;
}

} // namespace

class DamageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void truncatedFilesAreErrors_data();
    void truncatedFilesAreErrors();
    void changedBytesGiveACheckpointOrAnError_data();
    void changedBytesGiveACheckpointOrAnError();
    void fuzzedFilesAreSurvived_data();
    void fuzzedFilesAreSurvived();
};

void DamageTest::truncatedFilesAreErrors_data()
{
    QTest::addColumn<QString>("file");
    for (const char* file : {"stage1.pth.tar", "lws.pth.tar", "features-train.safetensors"})
        QTest::newRow(file) << QString(file);
}

void DamageTest::truncatedFilesAreErrors()
{
    QFETCH(QString, file);
    const std::string whole = readText(demoFolder() / file.toStdString());
    Random random(7);
    for (int i = 0; i < 200; ++i)
        QVERIFY(!opens(whole.substr(0, random.below(whole.size()))));
    for (std::size_t cut = 1; cut < 100; ++cut)
        QVERIFY(!opens(whole.substr(0, whole.size() - cut)));
    for (std::size_t size = 0; size < 100; ++size)
        QVERIFY(!opens(whole.substr(0, size)));
}

void DamageTest::changedBytesGiveACheckpointOrAnError_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("size");
    const std::string stage1 = readText(demoFolder() / "lws.pth.tar");
    const auto members = readZipDirectory(*fileOf(stage1));
    const ZipMember& pickled = members.front();
    const QByteArray bytes = QByteArray::fromStdString(stage1);
    QTest::addRow("pickle") << bytes << static_cast<int>(pickled.dataOffset)
                            << static_cast<int>(pickled.size);
    const int directory = static_cast<int>(members.front().centralCrcOffset) - 16;
    QTest::addRow("directory") << bytes << directory << static_cast<int>(bytes.size()) - directory;
    QTest::addRow("local headers") << bytes << 0 << static_cast<int>(members[5].dataOffset);
    QTest::addRow("anywhere") << bytes << 0 << static_cast<int>(bytes.size());
    const QByteArray features =
        QByteArray::fromStdString(readText(demoFolder() / "features-train.safetensors"));
    QTest::addRow("safetensors header") << features << 0 << 700;
}

void DamageTest::changedBytesGiveACheckpointOrAnError()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, from);
    QFETCH(int, size);
    const std::string whole = bytes.toStdString();
    Random random(42);
    int opened = 0;
    for (int i = 0; i < 800; ++i)
        opened += opens(
            changed(whole, random, static_cast<std::size_t>(from), static_cast<std::size_t>(size)));
    // Some damage is noticed, some does not matter.
    QVERIFY(opened > 0 && opened < 800);
}

void DamageTest::fuzzedFilesAreSurvived_data()
{
    QTest::addColumn<QString>("path");
    const std::filesystem::path corpus =
        std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fuzz/corpus";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus))
        if (entry.is_regular_file())
            QTest::newRow(entry.path().filename().c_str())
                << QString::fromStdString(entry.path().string());
}

void DamageTest::fuzzedFilesAreSurvived()
{
    QFETCH(QString, path);
    const std::string bytes = readText(path.toStdString());
    // As a file, and as the pickle of an archive. The seeds in corpus/checkpoint are whole.
    const bool isOpen = opens(bytes);
    QVERIFY(isOpen || !path.contains("/corpus/checkpoint/"));
    ZipBuilder zip;
    zip.add("a/data.pkl", bytes);
    opens(zip.finish());
}

QTEST_APPLESS_MAIN(DamageTest)
#include "tst_damage.moc"
