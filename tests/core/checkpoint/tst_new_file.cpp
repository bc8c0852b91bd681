// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "checkpoint/new_file.h"
#include "checkpoint/tensor_layout.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

using Numbers = std::vector<double>;
using Shape = std::vector<std::int64_t>;
Q_DECLARE_METATYPE(DType)
Q_DECLARE_METATYPE(NewFileFormat)
Q_DECLARE_METATYPE(Numbers)

namespace {

constexpr std::array formats{NewFileFormat::StateDict, NewFileFormat::Safetensors};

/// Of all kinds: 7, 44, 81, ... modulo 256.
std::string mixedBytes(std::size_t count)
{
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<char>(7 + 37 * i);
    return bytes;
}

} // namespace

class NewFileTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;

    fs::path source() const { return m_folder / "source.pth"; }
    fs::path target() const { return m_folder / "target.pth"; }

    /// What the reader makes of a new file with this content.
    std::shared_ptr<const Checkpoint> written(const Checkpoint& checkpoint,
                                              const NewFile& content) const
    {
        const NewFileResult result =
            writeNewFile(checkpoint, content, target(), Overwrite::Replace);
        if (!result.verified || result.bytes != fs::file_size(target()) ||
            namesIn(m_folder) != std::set<std::string>{"source.pth", "target.pth"})
            throw Error("the result is not right, or something was left behind");
        return openCheckpoint(target());
    }

    /// Every tensor of the checkpoint, as it is.
    static NewFile allOf(const Checkpoint& checkpoint, NewFileFormat format)
    {
        NewFile content{format, {}, {}};
        for (const Tensor& tensor : checkpoint.tensors)
            content.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, &tensor, {}});
        return content;
    }

    static bool isCopy(const Checkpoint& from, const Checkpoint& to, const std::string& name)
    {
        const Tensor& before = *from.find(name);
        const Tensor& after = *to.find(name);
        return after.dtype == before.dtype && after.shape == before.shape && after.offset == 0 &&
               after.stride == contiguousStride(after.shape) &&
               tensorDigest(to, after) == tensorDigest(from, before);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(m_folder);
    }

    void tensorsOfEveryTypeComeBack_data()
    {
        QTest::addColumn<NewFileFormat>("format");
        QTest::addColumn<DType>("type");
        for (const DType type : {DType::Float64, DType::Float32, DType::Float16, DType::BFloat16,
                                 DType::Int64, DType::Int32, DType::Int16, DType::Int8,
                                 DType::UInt8, DType::Bool, DType::Complex128, DType::Complex64}) {
            const std::string name(nameOf(type));
            QTest::addRow("state_dict, %s", name.c_str()) << NewFileFormat::StateDict << type;
            if (type != DType::Complex128)
                QTest::addRow("safetensors, %s", name.c_str())
                    << NewFileFormat::Safetensors << type;
        }
    }
    void tensorsOfEveryTypeComeBack()
    {
        QFETCH(NewFileFormat, format);
        QFETCH(DType, type);
        FlatCheckpoint file(source());
        file.rawStorage("s", type, mixedBytes(6 * sizeOf(type)));
        file.view("whole", "s", {6}, {1}).view("turned", "s", {2, 2}, {1, 3}, 1);
        file.view("scalar", "s", {}, {}, 5).view("none", "s", {0, 3}, {3, 1});
        const Checkpoint& checkpoint = file.write();
        const auto copy = written(checkpoint, allOf(checkpoint, format));
        QCOMPARE(copy->format,
                 std::string(format == NewFileFormat::StateDict ? "zip" : "safetensors"));
        QCOMPARE(copy->tensors.size(), checkpoint.tensors.size());
        for (const Tensor& tensor : checkpoint.tensors)
            QVERIFY2(isCopy(checkpoint, *copy, tensor.name), tensor.name.c_str());
        const std::vector<std::byte> turned = readTensorBytes(*copy, *copy->find("turned"));
        const std::string bytes = mixedBytes(6 * sizeOf(type));
        std::string expected;
        for (const std::size_t element : {1u, 4u, 2u, 5u}) // row-major through strides 1 and 3
            expected += bytes.substr(element * sizeOf(type), sizeOf(type));
        QVERIFY(std::equal(turned.begin(), turned.end(), std::as_bytes(std::span(expected)).begin(),
                           std::as_bytes(std::span(expected)).end()));
    }

    void viewsOfOneStorageBecomeIndependentCopies_data()
    {
        QTest::addColumn<NewFileFormat>("format");
        QTest::newRow("state_dict") << NewFileFormat::StateDict;
        QTest::newRow("safetensors") << NewFileFormat::Safetensors;
    }
    void viewsOfOneStorageBecomeIndependentCopies()
    {
        QFETCH(NewFileFormat, format);
        FlatCheckpoint file(source());
        file.storage("s", DType::Float32, counting(12));
        file.view("embed", "s", {3, 4}, {4, 1}).view("tied", "s", {3, 4}, {4, 1});
        file.view("turned", "s", {4, 3}, {1, 4}).view("columns", "s", {2, 2}, {6, 2}, 1);
        file.view("channels last", "s", {1, 2, 2, 2}, {8, 1, 4, 2}).view("same", "s", {3}, {0}, 7);
        const Checkpoint& checkpoint = file.write();
        const auto copy = written(checkpoint, allOf(checkpoint, format));
        std::set<std::string> storages;
        for (const Tensor& tensor : copy->tensors) {
            QVERIFY2(isCopy(checkpoint, *copy, tensor.name), tensor.name.c_str());
            storages.insert(tensor.storage);
        }
        QCOMPARE(storages.size(), checkpoint.tensors.size());
        QCOMPARE(readTensor(*copy, *copy->find("turned")),
                 (Numbers{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
        QCOMPARE(readTensor(*copy, *copy->find("columns")), (Numbers{1, 3, 7, 9}));
        QCOMPARE(readTensor(*copy, *copy->find("same")), (Numbers{7, 7, 7}));
    }

    void newValuesAreRoundedToNearestEvenAndReported_data()
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
    void newValuesAreRoundedToNearestEvenAndReported()
    {
        QFETCH(DType, type);
        QFETCH(double, wanted);
        QFETCH(double, stored);
        FlatCheckpoint file(source());
        const Checkpoint& checkpoint = file.tensor("w", type, {2}, {4, 5}).write();
        for (const NewFileFormat format : formats) {
            NewFile content = allOf(checkpoint, format);
            content.tensors.push_back({"new", type, {3, 1}, nullptr, {1, wanted, -2}});
            const auto copy = written(checkpoint, content);
            QCOMPARE(readTensor(*copy, *copy->find("new")), (Numbers{1, stored, -2}));
            QCOMPARE(copy->find("new")->shape, (Shape{3, 1}));
            QCOMPARE(readTensor(*copy, *copy->find("w")), (Numbers{4, 5}));
            const NewFileResult result =
                writeNewFile(checkpoint, content, target(), Overwrite::Replace);
            QVERIFY(result.maxRounding == std::abs(stored - wanted));
        }
    }

    void theOrderAndTheNamesAreThoseGiven()
    {
        FlatCheckpoint file(source());
        file.tensor("weights", DType::Float32, {2}, {1, 2});
        const Checkpoint& checkpoint = file.write();
        const Tensor* tensor = &checkpoint.tensors[0];
        for (const NewFileFormat format : formats) {
            NewFile content{format, {}, {}};
            const std::vector<std::string> names{"z.weight", "a", "Größe", "b \"c\"\n", "m.0"};
            for (const std::string& name : names)
                content.tensors.push_back({name, DType::Float32, {1, 2}, tensor, {}});
            const auto copy = written(checkpoint, content);
            std::vector<std::string> found;
            for (const Tensor& entry : copy->tensors)
                found.push_back(entry.name);
            QCOMPARE(found, names);
        }
    }

    void aFileWithoutTensorsIsAFile()
    {
        FlatCheckpoint file(source());
        const Checkpoint& checkpoint = file.tensor("w", DType::Float32, {1}, {1}).write();
        for (const NewFileFormat format : formats)
            QVERIFY(written(checkpoint, {format, {}, {}})->tensors.empty());
    }

    void safetensorsKeepTheRulesOfTheFormat()
    {
        FlatCheckpoint file(source());
        file.tensor("flag", DType::Bool, {3}, {1, 0, 1}).tensor("half", DType::Float16, {1}, {2});
        file.tensor("steps", DType::Int64, {}, {9}).tensor("w", DType::Float32, {1, 1}, {4});
        const Checkpoint& checkpoint = file.write();
        NewFile content = allOf(checkpoint, NewFileFormat::Safetensors);
        content.metadata = {{"format", "tf"}, {"source", "a \"b\""}};
        const auto copy = written(checkpoint, content);
        QCOMPARE(copy->metadata,
                 (std::map<std::string, std::string>{{"format", "pt"}, {"source", "a \"b\""}}));
        for (const auto& [name, storage] : copy->storages)
            QVERIFY2(storage.offset % sizeOf(storage.dtype) == 0, name.c_str());
        const std::string bytes = readText(target());
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), 8);
        QCOMPARE(length % 8, std::uint64_t(0));
        const auto header = nlohmann::json::parse(bytes.substr(8, length));
        QCOMPARE(header["steps"]["data_offsets"], (nlohmann::json{0, 8})); // the widest first
        QCOMPARE(header["w"]["data_offsets"], (nlohmann::json{8, 12}));
        QCOMPARE(header["half"]["data_offsets"], (nlohmann::json{12, 14}));
        QCOMPARE(header["flag"]["data_offsets"], (nlohmann::json{14, 17}));
        QCOMPARE(bytes.size(), std::size_t(8 + length + 17));
    }

    void tensorsLargerThanABlockAreWhole()
    {
        FlatCheckpoint file(source());
        file.tensor("odd", DType::UInt8, {1000003}, Numbers(1000003, 7));
        file.storage("s", DType::Float64, counting(300000));
        file.view("w", "s", {300000}, {1}).view("turned", "s", {500, 600}, {1, 500});
        const Checkpoint& checkpoint = file.write();
        Numbers values = counting(300000);
        std::reverse(values.begin(), values.end());
        for (const NewFileFormat format : formats) {
            NewFile content = allOf(checkpoint, format);
            content.tensors.push_back({"new", DType::Float32, {300000}, nullptr, values});
            const auto copy = written(checkpoint, content);
            for (const Tensor& tensor : checkpoint.tensors)
                QVERIFY2(isCopy(checkpoint, *copy, tensor.name), tensor.name.c_str());
            QVERIFY(readTensor(*copy, *copy->find("new")) == values);
        }
    }

    void seventyThousandTensorsAreOneFile()
    {
        FlatCheckpoint file(source());
        const Checkpoint& checkpoint = file.tensor("w", DType::Float32, {4}, counting(4)).write();
        for (const NewFileFormat format : formats) {
            NewFile content{format, {}, {}};
            for (int i = 0; i < 70000; ++i)
                content.tensors.push_back(
                    {std::to_string(i), DType::Float32, {}, nullptr, {i + 0.5}});
            const auto copy = written(checkpoint, content);
            QCOMPARE(copy->tensors.size(), std::size_t(70000));
            QCOMPARE(copy->tensors.back().name, std::string("69999"));
            QCOMPARE(readTensor(*copy, copy->tensors.back()), (Numbers{69999.5}));
        }
    }

    void aRealCheckpointComesBackWhole()
    {
        const auto checkpoint = openCheckpoint(demoFolder() / "lws.pth.tar");
        for (const NewFileFormat format : formats) {
            const auto path = m_folder / "copy.pth.tar";
            writeNewFile(*checkpoint, allOf(*checkpoint, format), path, Overwrite::Replace);
            const auto copy = openCheckpoint(path);
            QCOMPARE(copy->tensors.size(), checkpoint->tensors.size());
            for (const Tensor& tensor : checkpoint->tensors)
                QVERIFY2(isCopy(*checkpoint, *copy, tensor.name), tensor.name.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(NewFileTest)
#include "tst_new_file.moc"
