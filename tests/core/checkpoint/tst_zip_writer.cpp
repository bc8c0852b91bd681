// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "checkpoint/zip.h"
#include "checkpoint/zip_writer.h"
#include "core/checkpoint/zip_walk.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

struct Content
{
    std::string name;
    std::string data;
};

std::vector<Content> someMembers()
{
    return {{"a/data.pkl", "\x80\x02."},
            {"a/data/0", std::string(200, 'x')},
            {"a/data/1", ""},
            {"a/version", "3\n"}};
}

std::string archiveOf(const std::vector<Content>& members, ZipLimits limits = {})
{
    std::string out;
    ZipWriter zip(
        [&](std::span<const std::byte> bytes) {
            out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        },
        limits);
    for (const Content& member : members)
        zip.add(member.name, member.data);
    zip.finish();
    return out;
}

std::shared_ptr<const MappedFile> inMemory(const std::string& bytes)
{
    const auto view = std::as_bytes(std::span(bytes));
    return MappedFile::fromBytes("made.zip", {view.begin(), view.end()});
}

} // namespace

class ZipWriterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void membersAreStoredAlignedAndSummed()
    {
        const std::vector<Content> members = someMembers();
        const std::string file = archiveOf(members);
        const std::vector<WalkedMember> walked = walkZip(file); // knows nothing of zip64
        QCOMPARE(walked.size(), members.size());
        for (std::size_t i = 0; i < members.size(); ++i) {
            QCOMPARE(walked[i].name, members[i].name);
            QCOMPARE(file.substr(walked[i].data, walked[i].size), members[i].data);
            QCOMPARE(walked[i].data % 64, std::size_t(0));
            for (const std::size_t field : walked[i].crcFields)
                QCOMPARE(little(file, field, 4), slowCrc(members[i].data));
        }
    }

    void ourReaderFindsEveryMember_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("members");
        QTest::newRow("as it comes") << 0x7fffffff << 0xffff;
        QTest::newRow("wide sizes") << 100 << 0xffff;
        QTest::newRow("wide sizes and offsets") << 1 << 0xffff;
        QTest::newRow("many members") << 0x7fffffff << 2;
    }
    void ourReaderFindsEveryMember()
    {
        QFETCH(int, bytes);
        QFETCH(int, members);
        const std::vector<Content> content = someMembers();
        const std::string file = archiveOf(
            content, {static_cast<std::uint64_t>(bytes), static_cast<std::uint64_t>(members)});
        const auto found = readZipDirectory(*inMemory(file));
        QCOMPARE(found.size(), content.size());
        for (std::size_t i = 0; i < content.size(); ++i) {
            QCOMPARE(found[i].name, content[i].name);
            QCOMPARE(file.substr(found[i].dataOffset, found[i].size), content[i].data);
            QCOMPARE(found[i].dataOffset % 64, std::uint64_t(0));
            QCOMPARE(found[i].crc, slowCrc(content[i].data));
            QCOMPARE(found[i].descriptorCrcOffset.has_value(), !content[i].data.empty());
            if (found[i].descriptorCrcOffset)
                QCOMPARE(little(file, *found[i].descriptorCrcOffset, 4), found[i].crc);
        }
    }

    void whatDoesNotFit32BitsIsInTheZip64Fields()
    {
        const std::string file = archiveOf({{"n", std::string(200, 'x')}}, {200, 1});
        const std::string wide(4, '\xff');
        QCOMPARE(file.substr(18, 8), wide + wide); // sizes of the local header
        QCOMPARE(file.substr(31, 20), littleBytes(1, 2) + littleBytes(16, 2) + littleBytes(200, 8) +
                                          littleBytes(200, 8));
        const std::size_t central = file.find("PK\x01\x02");
        QCOMPARE(file.substr(central + 20, 8), wide + wide);
        QCOMPARE(little(file, central + 42, 4), 0u); // the offset did fit
        QCOMPARE(file.substr(central + 47, 20), file.substr(31, 20));
        const std::size_t end = file.rfind("PK\x05\x06");
        QCOMPARE(file.substr(end + 8, 4), std::string(4, '\xff')); // member counts
        QCOMPARE(file.substr(end + 16, 4), wide);                  // the directory's offset
        const std::size_t end64 = file.find("PK\x06\x06");
        QCOMPARE(file.substr(end64 + 24, 16), littleBytes(1, 8) + littleBytes(1, 8));
        QCOMPARE(file.substr(end64 + 48, 8), littleBytes(central, 8));
    }

    void aMemberOfAnotherSizeThanAnnouncedIsAnError()
    {
        ZipWriter zip([](std::span<const std::byte>) {});
        QCOMPARE(errorOf([&] { zip.add("n", 3, [](const ByteSink&) {}); }),
                 std::string("n: 3 bytes were announced for this member, 0 came"));
    }
};

QTEST_APPLESS_MAIN(ZipWriterTest)
#include "tst_zip_writer.moc"
