// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <set>

#include "base/error.h"
#include "checkpoint/patch.h"
#include "core/checkpoint/zip_walk.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

namespace {

bool isMatrix(const Tensor& tensor)
{
    return isFloating(tensor.dtype) && tensor.shape.size() >= 2 && tensor.elements() > 0;
}

bool isAlone(const Checkpoint& checkpoint, const Tensor& tensor)
{
    return std::count_if(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                         [&](const Tensor& other) { return other.storage == tensor.storage; }) == 1;
}

/// The members whose CRC, where one was computed, is not that of their data.
std::set<std::string> membersWithFalseCrc(const std::string& file)
{
    std::set<std::string> names;
    for (const WalkedMember& member : walkZip(file)) {
        const std::uint32_t crc = slowCrc(file.substr(member.data, member.size));
        for (const std::size_t field : member.crcFields)
            if (little(file, field, 4) != 0 && little(file, field, 4) != crc)
                names.insert(member.name);
    }
    return names;
}

} // namespace

/// Real files from public repositories, some matrices of each negated.
class PatchSharedTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;

    fs::path target() const { return fs::path(m_root.path().toStdString()) / "target"; }

    /// `number` counts the checkpoint's tensors.
    void compare(const Checkpoint& source, std::size_t number, const PatchResult& result) const
    {
        const auto patched = openCheckpoint(target());
        QVERIFY(result.verified);
        QCOMPARE(patched->tensors.size(), source.tensors.size());
        for (std::size_t i = 0; i < source.tensors.size(); ++i) {
            const Tensor& before = source.tensors[i];
            const Tensor& after = patched->tensors[i];
            QVERIFY(after == before);
            if (i != number)
                QVERIFY(readTensorBytes(*patched, after) == readTensorBytes(source, before));
        }
        std::vector<double> wanted = readTensor(source, source.tensors[number]);
        for (double& value : wanted)
            value = -value; // exact in every type, denormal numbers too
        QVERIFY(readTensor(*patched, patched->tensors[number]) == wanted);
        QCOMPARE(result.maxRounding, 0.0);
        if (source.format == "zip" || source.format == "torchscript")
            QCOMPARE(membersWithFalseCrc(readText(target())),
                     membersWithFalseCrc(readText(source.path)));
    }

private Q_SLOTS:
    void aNegatedMatrixIsAllThatChanges_data()
    {
        MONOTAIL_NEEDS_SHARED();
        QTest::addColumn<QString>("file");
        const nlohmann::json expected = readJson(sharedFolder() / "zoo/expected.json");
        for (const auto& [name, value] : expected.items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void aNegatedMatrixIsAllThatChanges()
    {
        MONOTAIL_NEEDS_SHARED();
        QFETCH(QString, file);
        constexpr int enough = 3;
        const auto source = openCheckpoint(sharedFolder() / "zoo" / file.toStdString());
        int patched = 0;
        // From the end: heads come last.
        for (std::size_t i = source->tensors.size(); i-- > 0 && patched < enough;) {
            const Tensor& tensor = source->tensors[i];
            if (!isMatrix(tensor))
                continue;
            std::vector<double> values = readTensor(*source, tensor);
            for (double& value : values)
                value = -value;
            if (!isAlone(*source, tensor)) {
                const std::string error = errorOf([&] {
                    patchCheckpoint(*source, {{tensor.name, values}}, target(), Overwrite::Replace);
                });
                QVERIFY2(error.find("its bytes also belong to") != std::string::npos,
                         error.c_str());
                continue;
            }
            compare(
                *source, i,
                patchCheckpoint(*source, {{tensor.name, values}}, target(), Overwrite::Replace));
            ++patched;
        }
        QVERIFY(patched > 0);
    }
};

QTEST_APPLESS_MAIN(PatchSharedTest)
#include "tst_patch_shared.moc"
