// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/zip.h"

#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

class ZipTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsMembersAndTheirCrcFields_data();
    void findsMembersAndTheirCrcFields();
    void readsArchivesOfPyTorch();
    void saysWhatIsBroken_data();
    void saysWhatIsBroken();
    void everyTruncationIsAnError();
};

Q_DECLARE_METATYPE(monotail::test::MemberOptions)

void ZipTest::findsMembersAndTheirCrcFields_data()
{
    QTest::addColumn<MemberOptions>("options");
    QTest::addColumn<bool>("wideEnd");
    MemberOptions options;
    options.crc = 0x12345678;
    QTest::addRow("sizes in the local header") << options << false;
    options.localExtra = "FB" + std::string("\x06\x00", 2) + "ZZZZZZ";
    QTest::addRow("payload aligned by a local extra field") << options << false;
    options.descriptor = Descriptor::Signed32;
    QTest::addRow("data descriptor") << options << false;
    options.descriptor = Descriptor::Plain32;
    QTest::addRow("data descriptor without signature") << options << false;
    options.descriptor = Descriptor::Signed64;
    QTest::addRow("64-bit data descriptor") << options << false;
    options.wide = true;
    QTest::addRow("zip64") << options << true;
    options.crc = 0;
    QTest::addRow("CRC not computed") << options << true;
}

void ZipTest::findsMembersAndTheirCrcFields()
{
    QFETCH(MemberOptions, options);
    QFETCH(bool, wideEnd);
    ZipBuilder zip;
    zip.add("a/first", "0123456789", options);
    zip.add("a/second", "abc", options);
    const auto file = fileOf(zip.finish(wideEnd));
    const std::vector<ZipMember> members = readZipDirectory(*file);
    QCOMPARE(members.size(), std::size_t{2});
    QCOMPARE(members[0].name, std::string("a/first"));
    QCOMPARE(members[1].size, std::uint64_t{3});
    QCOMPARE(members[1].storedSize, std::uint64_t{3});
    QCOMPARE(members[0].crc, options.crc);
    const auto textAt = [&](std::uint64_t offset, std::uint64_t size) {
        const auto bytes = file->at(offset, size);
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    QCOMPARE(textAt(members[0].dataOffset, 10), std::string("0123456789"));
    QCOMPARE(textAt(members[1].dataOffset, 3), std::string("abc"));
    const bool hasDescriptor = options.descriptor != Descriptor::None;
    for (const ZipMember& member : members) {
        QCOMPARE(textAt(member.centralCrcOffset, 4), little(options.crc));
        QCOMPARE(textAt(member.localCrcOffset, 4), little(hasDescriptor ? 0u : options.crc));
        QCOMPARE(member.descriptorCrcOffset.has_value(), hasDescriptor);
        if (hasDescriptor)
            QCOMPARE(textAt(*member.descriptorCrcOffset, 4), little(options.crc));
    }
}

void ZipTest::readsArchivesOfPyTorch()
{
    const auto file = MappedFile::open(demoFolder() / "stage1.pth.tar");
    const std::vector<ZipMember> members = readZipDirectory(*file);
    QCOMPARE(members.size(), std::size_t{69}); // data.pkl, version, 67 storages
    QCOMPARE(members.front().name, std::string("stage1.pth/data.pkl"));
    for (const ZipMember& member : members) {
        QCOMPARE(member.dataOffset % 64, std::uint64_t{0});
        QVERIFY(member.descriptorCrcOffset.has_value());
        QCOMPARE(member.method, std::uint16_t{0});
    }
}

void ZipTest::saysWhatIsBroken_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const std::string& bytes, const char* sentence) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(sentence);
    };
    ZipBuilder twice;
    twice.add("a", "1");
    twice.add("a", "2");
    row("a member twice", twice.finish(), "member 'a' is there twice");
    MemberOptions options;
    options.flags = 1;
    ZipBuilder encrypted;
    encrypted.add("a", "1", options);
    row("encrypted", encrypted.finish(), "member 'a' of the zip archive is encrypted");
    options = {};
    options.centralSizeChange = 20;
    ZipBuilder overlapping;
    overlapping.add("a", "1", options);
    overlapping.add("b", std::string(40, '2'));
    row("overlapping", overlapping.finish(), "members 'a' and 'b' overlap");
    options.centralSizeChange = 1000;
    ZipBuilder outside;
    outside.add("a", "1", options);
    row("payload over the end", outside.finish(), "data of member 'a' lies outside the file");
    ZipBuilder plain;
    plain.add("member", "12345");
    std::string renamed = plain.finish();
    renamed[30] = 'M';
    row("two names", renamed, "the two names of member 'member' disagree");
    std::string lost = plain.finish();
    lost[0] = 'Q';
    row("local header missing", lost, "the header of member 'member' is missing");
    std::string shortDirectory = plain.finish();
    shortDirectory[shortDirectory.size() - 12] = 2; // entries in all
    row("directory too short", shortDirectory, "fewer entries than it says");
    row("no end record", "PK\x03\x04" + std::string(100, 'x'), "no end record");
}

void ZipTest::saysWhatIsBroken()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const std::string error =
        errorOf([&] { readZipDirectory(*fileOf(bytes.toStdString(), "broken.pth")); });
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
    QCOMPARE(error.substr(0, 12), std::string("broken.pth: "));
}

void ZipTest::everyTruncationIsAnError()
{
    ZipBuilder zip;
    zip.add("a", "12345");
    zip.add("b", "67890");
    const std::string whole = zip.finish(true);
    QCOMPARE(readZipDirectory(*fileOf(whole)).size(), std::size_t{2});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string error =
            errorOf([&] { readZipDirectory(*fileOf(whole.substr(0, size))); });
        QVERIFY2(error.find("truncated (" + std::to_string(size) + " bytes)") != error.npos,
                 error.c_str());
    }
}

QTEST_APPLESS_MAIN(ZipTest)
#include "tst_zip.moc"
