// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>

#include "base/error.h"
#include "checkpoint/patch.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(DType)
using Numbers = std::vector<double>;
Q_DECLARE_METATYPE(Numbers)

class PatchTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;

    fs::path source() const { return m_folder / "source.pth"; }
    fs::path target() const { return m_folder / "target.pth"; }

    /// fc.weight 2 x 2 and fc.bias, float32.
    FlatCheckpoint smallHead() const
    {
        FlatCheckpoint file(source());
        file.tensor("fc.weight", DType::Float32, {2, 2}, {1, 2, 3, 4});
        file.tensor("fc.bias", DType::Float32, {2}, {5, 6});
        return file;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(m_folder);
    }

    void onlyThePatchedTensorsBytesChange()
    {
        FlatCheckpoint file = smallHead();
        const Checkpoint& checkpoint = file.write();
        const PatchResult result = patchCheckpoint(checkpoint, {{"fc.weight", {10, 20, 30, 40}}},
                                                   target(), Overwrite::Refuse);
        std::string expected = file.bytes();
        const std::string weight = elementBytes(DType::Float32, {10, 20, 30, 40});
        expected.replace(checkpoint.storages.at("fc.weight").offset, weight.size(), weight);
        QCOMPARE(readText(target()), expected);
        QCOMPARE(readText(source()), file.bytes());
        QVERIFY(result.verified);
        QCOMPARE(result.patchedBytes, std::uint64_t(16));
        QCOMPARE(result.maxRounding, 0.0);
        QVERIFY(result.warnings.empty());
        QCOMPARE(namesIn(m_folder), (std::set<std::string>{"source.pth", "target.pth"}));
    }

    void roundingIsToNearestEvenAndReported_data()
    {
        QTest::addColumn<DType>("type");
        QTest::addColumn<double>("wanted");
        QTest::addColumn<double>("stored");
        QTest::newRow("float16") << DType::Float16 << 0.1 << 0.0999755859375;
        QTest::newRow("float16 tie to even") << DType::Float16 << 2049.0 << 2048.0;
        QTest::newRow("bfloat16") << DType::BFloat16 << 0.1 << 0.10009765625;
        QTest::newRow("bfloat16 tie to even") << DType::BFloat16 << 259.0 << 260.0;
        QTest::newRow("float32") << DType::Float32 << 16777217.0 << 16777216.0;
        QTest::newRow("float64") << DType::Float64 << 0.1 << 0.1;
    }
    void roundingIsToNearestEvenAndReported()
    {
        QFETCH(DType, type);
        QFETCH(double, wanted);
        QFETCH(double, stored);
        FlatCheckpoint file(source());
        const Checkpoint& checkpoint = file.tensor("w", type, {3}, {1, 2, 3}).write();
        const PatchResult result =
            patchCheckpoint(checkpoint, {{"w", {1, wanted, -2}}}, target(), Overwrite::Refuse);
        QCOMPARE(numbersAt(readText(target()), checkpoint.storages.at("w")),
                 (Numbers{1, stored, -2}));
        QVERIFY(result.maxRounding == std::abs(stored - wanted));
        QCOMPARE(result.patchedBytes, std::uint64_t(3 * sizeOf(type)));
    }

    void valuesGoThroughStridesAndOffset_data()
    {
        using Shape = std::vector<std::int64_t>;
        QTest::addColumn<Shape>("shape");
        QTest::addColumn<Shape>("stride");
        QTest::addColumn<int>("offset");
        QTest::addColumn<Numbers>("expected");
        // The storage holds 0..11; the patch writes 100, 101, ... in row-major order.
        QTest::newRow("transposed") << Shape{2, 3} << Shape{1, 2} << 4
                                    << Numbers{0, 1, 2, 3, 100, 103, 101, 104, 102, 105, 10, 11};
        QTest::newRow("every second column")
            << Shape{2, 2} << Shape{6, 2} << 1
            << Numbers{0, 100, 2, 101, 4, 5, 6, 102, 8, 103, 10, 11};
        QTest::newRow("channels last")
            << Shape{1, 2, 2, 2} << Shape{8, 1, 4, 2} << 0
            << Numbers{100, 104, 101, 105, 102, 106, 103, 107, 8, 9, 10, 11};
        QTest::newRow("scalar") << Shape{} << Shape{} << 11
                                << Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100};
        QTest::newRow("dimensions of one, whatever their stride")
            << Shape{1, 2, 1} << Shape{99, 1, 0} << 0
            << Numbers{100, 101, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        QTest::newRow("no elements")
            << Shape{0, 4} << Shape{4, 1} << 0 << Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    }
    void valuesGoThroughStridesAndOffset()
    {
        QFETCH(std::vector<std::int64_t>, shape);
        QFETCH(std::vector<std::int64_t>, stride);
        QFETCH(int, offset);
        QFETCH(Numbers, expected);
        FlatCheckpoint file(source());
        file.storage("s", DType::Float16, counting(12)).view("w", "s", shape, stride, offset);
        const Checkpoint& checkpoint = file.write();
        Numbers values = counting(static_cast<std::size_t>(checkpoint.tensors[0].elements()));
        for (double& value : values)
            value += 100;
        patchCheckpoint(checkpoint, {{"w", values}}, target(), Overwrite::Refuse);
        QCOMPARE(numbersAt(readText(target()), checkpoint.storages.at("s")), expected);
    }

    void tensorsLargerThanAPieceOfTheCopyAreWhole()
    {
        FlatCheckpoint file(source());
        file.tensor("before", DType::UInt8, {1000003}, Numbers(1000003, 7));
        file.tensor("w", DType::Float64, {300000}, counting(300000));
        file.tensor("after", DType::UInt8, {5}, Numbers(5, 9));
        const Checkpoint& checkpoint = file.write();
        Numbers values = counting(300000);
        std::reverse(values.begin(), values.end());
        patchCheckpoint(checkpoint, {{"w", values}}, target(), Overwrite::Refuse);
        std::string expected = file.bytes();
        const std::string data = elementBytes(DType::Float64, values);
        expected.replace(checkpoint.storages.at("w").offset, data.size(), data);
        QVERIFY(readText(target()) == expected);
    }

    void copiesThatStayAreWarnedAbout()
    {
        FlatCheckpoint file(source());
        for (const char* name : {"state_dict.fc.weight", "state_dict_ema.module.fc.weight",
                                 "schema.fc.weight", "optimizer.state.0.momentum_buffer"})
            file.tensor(name, DType::Float32, {2, 2}, {1, 2, 3, 4});
        file.tensor("model_ema.fc.weight", DType::Float32, {1, 2}, {1, 2});
        const PatchResult result = patchCheckpoint(
            file.write(), {{"state_dict.fc.weight", {4, 3, 2, 1}}}, target(), Overwrite::Refuse);
        QCOMPARE(result.warnings,
                 (Warnings{"state_dict_ema.module.fc.weight stays as it was: it is an EMA copy of "
                           "the patched head",
                           "the optimizer state (1 tensor) stays as it was: it belongs to the "
                           "head before the patch"}));
    }
};

QTEST_APPLESS_MAIN(PatchTest)
#include "tst_patch.moc"
