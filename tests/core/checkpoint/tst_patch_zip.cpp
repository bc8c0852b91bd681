// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>

#include "base/error.h"
#include "checkpoint/patch.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "core/checkpoint/zip_walk.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(CrcPlace)

namespace {

/// The places where two texts of one size differ.
std::set<std::size_t> differences(const std::string& a, const std::string& b)
{
    std::set<std::size_t> places;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b.at(i))
            places.insert(i);
    return places;
}

std::set<std::size_t> within(const std::set<std::size_t>& places, std::size_t begin,
                             std::size_t size)
{
    return {places.lower_bound(begin), places.lower_bound(begin + size)};
}

bool crcsAreTrue(const std::string& file)
{
    const auto members = walkZip(file);
    return !members.empty() &&
           std::all_of(members.begin(), members.end(), [&](const WalkedMember& member) {
               const std::uint32_t crc = slowCrc(file.substr(member.data, member.size));
               return std::all_of(member.crcFields.begin(), member.crcFields.end(),
                                  [&](std::size_t field) { return little(file, field, 4) == crc; });
           });
}

} // namespace

class PatchZipTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;

    fs::path source() const { return m_folder / "source.pth"; }
    fs::path target() const { return m_folder / "target.pth"; }

    /// A checkpoint over an archive: record 0 holds w (2 x 2) and, behind it, b (2); record 1 o.
    Checkpoint packed(const std::vector<PackedMember>& members) const
    {
        const std::string bytes = packZip(members);
        writeBytes(source(), bytes);
        Checkpoint checkpoint;
        checkpoint.path = source();
        checkpoint.format = "zip";
        checkpoint.file = MappedFile::open(source());
        for (const WalkedMember& member : walkZip(bytes))
            checkpoint.storages[member.name] = {member.name, DType::Float32, member.data,
                                                member.size};
        checkpoint.tensors = {{"w", DType::Float32, {2, 2}, {2, 1}, 0, "a/data/0"},
                              {"b", DType::Float32, {2}, {1}, 4, "a/data/0"},
                              {"o", DType::Float32, {2}, {1}, 0, "a/data/1"}};
        return checkpoint;
    }

    static std::vector<PackedMember> members()
    {
        return {{"a/data.pkl", "not read here"},
                {"a/data/0", elementBytes(DType::Float32, {1, 2, 3, 4, 5, 6})},
                {"a/data/1", elementBytes(DType::Float32, {7, 8})}};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(m_folder);
    }

    void theCrcIsTrueWhereverItStands_data()
    {
        QTest::addColumn<CrcPlace>("place");
        QTest::newRow("data descriptor, as PyTorch writes it") << CrcPlace::Descriptor;
        QTest::newRow("local header") << CrcPlace::LocalHeader;
    }
    void theCrcIsTrueWhereverItStands()
    {
        QFETCH(CrcPlace, place);
        std::vector<PackedMember> parts = members();
        for (PackedMember& part : parts)
            part.place = place;
        const Checkpoint checkpoint = packed(parts);
        const PatchResult result = patchCheckpoint(
            checkpoint, {{"b", {50, 60}}, {"w", {10, 20, 30, 40}}}, target(), Overwrite::Refuse);
        parts[1].data = elementBytes(DType::Float32, {10, 20, 30, 40, 50, 60});
        QCOMPARE(readText(target()), packZip(parts));
        QVERIFY(crcsAreTrue(readText(target())));
        QVERIFY(result.verified);
        QCOMPARE(result.patchedBytes, std::uint64_t(24));
    }

    void aCrcThatWasNotTrueStays_data()
    {
        QTest::addColumn<quint32>("crc");
        QTest::addColumn<QStringList>("warnings");
        QTest::newRow("0, not computed") << quint32(0) << QStringList{};
        QTest::newRow("another number")
            << quint32(0xdeadbeef)
            << QStringList{"the checksum stored for 'a/data/0' does not match its data: the source "
                           "may be damaged"};
    }
    void aCrcThatWasNotTrueStays()
    {
        QFETCH(quint32, crc);
        QFETCH(QStringList, warnings);
        std::vector<PackedMember> parts = members();
        parts[1].crc = crc;
        const Checkpoint checkpoint = packed(parts);
        const PatchResult result =
            patchCheckpoint(checkpoint, {{"b", {50, 60}}}, target(), Overwrite::Refuse);
        parts[1].data = elementBytes(DType::Float32, {1, 2, 3, 4, 50, 60});
        QCOMPARE(readText(target()), packZip(parts));
        QStringList given;
        for (const std::string& warning : result.warnings)
            given << QString::fromStdString(warning);
        QCOMPARE(given, warnings);
    }

    void eachCrcFieldIsJudgedByItself()
    {
        const Checkpoint checkpoint = packed(members());
        std::string bytes = readText(source());
        const WalkedMember record = walkZip(bytes).at(1);
        bytes.replace(record.crcFields.at(1), 4, 4, '\0'); // the descriptor's alone
        writeBytes(source(), bytes);
        patchCheckpoint(checkpoint, {{"b", {50, 60}}}, target(), Overwrite::Refuse);
        const std::string patched = readText(target());
        QCOMPARE(little(patched, record.crcFields.at(0), 4),
                 slowCrc(patched.substr(record.data, record.size)));
        QCOMPARE(little(patched, record.crcFields.at(1), 4), 0u);
    }

    void aCompressedRecordIsRefused()
    {
        std::vector<PackedMember> parts = members();
        parts[1].method = 8;
        const Checkpoint checkpoint = packed(parts);
        const std::string error = errorOf([&] {
            patchCheckpoint(checkpoint, {{"b", {50, 60}}}, target(), Overwrite::Refuse);
        });
        QCOMPARE(error, source().string() +
                            ": record 'a/data/0' is compressed, which PyTorch never does, and "
                            "cannot be patched; save the checkpoint again with torch.save");
        QCOMPARE(namesIn(m_folder), std::set<std::string>{"source.pth"});
    }

    void aCompressedRecordBesideThePatchedOneIsNoHindrance()
    {
        std::vector<PackedMember> parts = members();
        parts[2].method = 8;
        const Checkpoint checkpoint = packed(parts);
        patchCheckpoint(checkpoint, {{"b", {50, 60}}}, target(), Overwrite::Refuse);
        QVERIFY(fs::exists(target()));
    }

    void demoCheckpointsChangeInTheHeadAndItsCrcOnly_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("weight");
        QTest::newRow("stage 1") << "stage1.pth.tar"
                                 << "state_dict.linear.weight";
        QTest::newRow("retrained") << "crt.pth.tar"
                                   << "state_dict.linear.weight";
        QTest::newRow("learned scales") << "lws.pth.tar"
                                        << "state_dict.scales";
    }
    void demoCheckpointsChangeInTheHeadAndItsCrcOnly()
    {
        QFETCH(QString, file);
        QFETCH(QString, weight);
        const fs::path path = demoFolder() / file.toStdString();
        const auto checkpoint = openCheckpoint(path);
        const Tensor* tensor = checkpoint->find(weight.toStdString());
        QVERIFY(tensor);
        std::vector<double> wanted = readTensor(*checkpoint, *tensor);
        for (double& value : wanted)
            value *= 0.7;
        const PatchResult result =
            patchCheckpoint(*checkpoint, {{tensor->name, wanted}}, target(), Overwrite::Refuse);

        const std::string before = readText(path);
        const std::string after = readText(target());
        QCOMPARE(after.size(), before.size());
        const std::set<std::size_t> changed = differences(before, after);
        const Storage& storage = checkpoint->storages.at(tensor->storage);
        const auto archive = walkZip(before);
        const auto record =
            std::find_if(archive.begin(), archive.end(), [&](const WalkedMember& member) {
                return member.data == storage.offset && member.size == storage.bytes;
            });
        QVERIFY(record != archive.end());
        std::size_t expected = within(changed, record->data, record->size).size();
        QVERIFY(expected > 0);
        for (const std::size_t field : record->crcFields) {
            QVERIFY(!within(changed, field, 4).empty());
            expected += within(changed, field, 4).size();
        }
        QCOMPARE(changed.size(), expected);
        QVERIFY(crcsAreTrue(before) && crcsAreTrue(after));

        QCOMPARE(result.patchedBytes, std::uint64_t(storage.bytes));
        QVERIFY(result.verified);
        const auto patched = openCheckpoint(target());
        const std::vector<double> stored = readTensor(*patched, *patched->find(tensor->name));
        double rounding = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            QCOMPARE(static_cast<float>(stored[i]), static_cast<float>(wanted[i]));
            rounding = std::max(rounding, std::abs(stored[i] - wanted[i]));
        }
        QVERIFY(result.maxRounding == rounding && rounding > 0 && rounding < 1e-6);
        QCOMPARE(result.warnings.size(), std::size_t(1));
        QVERIFY(result.warnings[0].find("optimizer state") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(PatchZipTest)
#include "tst_patch_zip.moc"
