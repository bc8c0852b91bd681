// SPDX-License-Identifier: GPL-3.0-or-later
// What stock PyTorch makes of a new file. Skipped where there is no PyTorch.
#include <QTemporaryDir>

#include "checkpoint/new_file.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/pytorch.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;
using nlohmann::json;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(NewFileFormat)

class NewFilePyTorchTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_python;

    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    json found(const fs::path& path, const QString& script) const
    {
        QProcess process;
        process.start(m_python, {MONOTAIL_SOURCE_DIR "/tests/cli/" + script, path.c_str()});
        process.waitForFinished(120000);
        const std::string output = process.readAllStandardOutput().toStdString();
        if (process.exitCode() != 0 || output.empty())
            throw Error(process.readAllStandardError().toStdString());
        return json::parse(output);
    }

    static std::string hex(const std::vector<std::byte>& bytes)
    {
        return QByteArray(reinterpret_cast<const char*>(bytes.data()),
                          static_cast<qsizetype>(bytes.size()))
            .toHex()
            .toStdString();
    }

    /// Tensors of these types in every shape there is, as views of one storage per type.
    static NewFile everything(const Checkpoint& checkpoint, NewFileFormat format)
    {
        NewFile content{format, {}, {}};
        for (const Tensor& tensor : checkpoint.tensors)
            content.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, &tensor, {}});
        for (const DType type : {DType::Float64, DType::Float32, DType::Float16, DType::BFloat16})
            content.tensors.push_back(
                {"new " + std::string(nameOf(type)), type, {1, 3}, nullptr, {0.1, -2, 1e-6}});
        return content;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_python = pythonWithTorch();
        if (m_python.isEmpty())
            QSKIP("skipped: no python3 with PyTorch");
    }

    void everyTensorIsThereWithItsBytes_data()
    {
        QTest::addColumn<NewFileFormat>("format");
        QTest::addColumn<QString>("type");
        QTest::newRow("state_dict") << NewFileFormat::StateDict << "OrderedDict";
        QTest::newRow("safetensors") << NewFileFormat::Safetensors << "pt";
    }
    void everyTensorIsThereWithItsBytes()
    {
        QFETCH(NewFileFormat, format);
        QFETCH(QString, type);
        FlatCheckpoint file(at("source.pth"));
        // Widest first, the order that safetensors files have.
        for (const DType dtype : {DType::Complex128, DType::Float64, DType::Int64, DType::Complex64,
                                  DType::Float32, DType::Int32, DType::Float16, DType::BFloat16,
                                  DType::Int16, DType::Int8, DType::UInt8, DType::Bool}) {
            if (dtype == DType::Complex128 && format == NewFileFormat::Safetensors)
                continue;
            const std::string name(nameOf(dtype));
            file.storage(name, dtype, {1, 0, 1, 1, 0, 1});
            file.view(name + " whole", name, {6}, {1}).view(name + " scalar", name, {}, {}, 2);
            file.view(name + " turned", name, {3, 2}, {1, 3})
                .view(name + " 0", name, {0, 2}, {2, 1});
        }
        const Checkpoint& checkpoint = file.write();
        const fs::path path = at("new \"file\".pth.tar");
        writeNewFile(checkpoint, everything(checkpoint, format), path, Overwrite::Replace);
        const json read = found(path, "check_new_file.py");
        QVERIFY(read["testzip"].is_null());
        QCOMPARE(read["type"].get<std::string>(), type.toStdString());
        QCOMPARE(read["alignments"], json::array({0}));
        const auto copy = openCheckpoint(path);
        QCOMPARE(read["tensors"].size(), copy->tensors.size());
        for (std::size_t i = 0; i < copy->tensors.size(); ++i) {
            const Tensor& tensor = copy->tensors[i];
            const std::string_view dtype = format == NewFileFormat::StateDict
                                               ? nameOf(tensor.dtype)
                                               : safetensorsName(tensor.dtype);
            QCOMPARE(read["tensors"][i],
                     (json{tensor.name, dtype, tensor.shape, hex(readTensorBytes(*copy, tensor))}));
        }
    }

    void anEmptyStateDictIsOne()
    {
        FlatCheckpoint file(at("source.pth"));
        writeNewFile(file.tensor("w", DType::Float32, {1}, {1}).write(), {}, at("empty.pth"),
                     Overwrite::Replace);
        const json read = found(at("empty.pth"), "check_new_file.py");
        QVERIFY(read["testzip"].is_null());
        QCOMPARE(read["type"].get<std::string>(), std::string("OrderedDict"));
        QVERIFY(read["tensors"].empty());
    }

    /// Above 65,535 entries the count is in a zip64 record.
    void moreTensorsThanAZipCountsLoad()
    {
        NewFile content;
        for (int i = 0; i < 65600; ++i)
            content.tensors.push_back({std::to_string(i), DType::Float32, {}, nullptr, {i + 0.5}});
        FlatCheckpoint file(at("source.pth"));
        writeNewFile(file.tensor("w", DType::Float32, {1}, {1}).write(), content, at("many.pth"),
                     Overwrite::Replace);
        const json read = found(at("many.pth"), "check_new_file.py");
        QVERIFY(read["testzip"].is_null());
        QCOMPARE(read["tensors"].size(), std::size_t(65600));
        QCOMPARE(read["tensors"][65599], (json{"65599", "float32", json::array(), "c01f8047"}));
    }
};

QTEST_APPLESS_MAIN(NewFilePyTorchTest)
#include "tst_new_file_pytorch.moc"
