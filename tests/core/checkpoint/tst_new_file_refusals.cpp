// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <sys/resource.h>

#include "checkpoint/new_file.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

Q_DECLARE_METATYPE(NewFileFormat)

using Tensors = std::vector<FileTensor>;

namespace {

FileTensor made(const std::string& name, DType type, std::vector<std::int64_t> shape,
                std::vector<double> values)
{
    return {name, type, std::move(shape), nullptr, std::move(values)};
}

void addColumns()
{
    QTest::addColumn<NewFileFormat>("format");
    QTest::addColumn<Tensors>("tensors");
    QTest::addColumn<QString>("error");
}

} // namespace

class NewFileRefusalTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;
    std::vector<std::unique_ptr<FlatCheckpoint>> m_files;

    fs::path source() const { return m_folder / "source.pth"; }
    fs::path target() const { return m_folder / "target.pth"; }
    bool nothingWasLeft() const { return namesIn(m_folder) == std::set<std::string>{"source.pth"}; }

    const Checkpoint& checkpointOf(std::size_t numbers)
    {
        m_files.push_back(std::make_unique<FlatCheckpoint>(source()));
        const auto size = static_cast<std::int64_t>(numbers);
        return m_files.back()->tensor("w", DType::Float32, {size}, counting(numbers)).write();
    }
    static NewFile copyOf(const Checkpoint& checkpoint, NewFileFormat format)
    {
        const Tensor& tensor = checkpoint.tensors[0];
        return {format, {{"w", tensor.dtype, tensor.shape, &tensor, {}}}, {}};
    }

private Q_SLOTS:
    void init()
    {
        m_folder = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(m_folder);
    }

    void valuesAndNamesThatCannotBeAreRefused_data();
    void valuesAndNamesThatCannotBeAreRefused() { whatTheFormatCannotHoldIsRefused(); }

    void whatTheFormatCannotHoldIsRefused_data();
    void whatTheFormatCannotHoldIsRefused()
    {
        QFETCH(NewFileFormat, format);
        QFETCH(std::vector<FileTensor>, tensors);
        QFETCH(QString, error);
        const Checkpoint& checkpoint = checkpointOf(3);
        const std::string found = errorOf([&] {
            writeNewFile(checkpoint, {format, tensors, {}}, target(), Overwrite::Refuse);
        });
        QCOMPARE(found, error.toStdString());
        QVERIFY(nothingWasLeft());
    }

    void tensorsOfTheSourceMustFit_data()
    {
        QTest::addColumn<int>("tensor");
        QTest::addColumn<QString>("error");
        QTest::newRow("other type")
            << 0 << "new: float16 in the source, float32 in the new file; a tensor keeps its type";
        QTest::newRow("other size")
            << 1
            << "new: 3 elements in the source, 2 in the new file; a copy has "
               "the same";
        QTest::newRow("outside its storage")
            << 2
            << "SOURCE: tensor 'outside' (2) reaches outside its storage of 2 elements; the file "
               "is damaged";
        QTest::newRow("repeated without end")
            << 3
            << "SOURCE: tensor 'repeated' repeats 3 stored elements to 20000000; it is not "
               "read";
    }
    void tensorsOfTheSourceMustFit()
    {
        QFETCH(int, tensor);
        QFETCH(QString, error);
        FlatCheckpoint file(source());
        file.tensor("half", DType::Float16, {2}, {1, 2});
        file.tensor("three", DType::Float32, {3}, {1, 2, 3});
        file.storage("two", DType::Float32, counting(2)).view("outside", "two", {2}, {2});
        file.view("repeated", "three", {20000000}, {0});
        const Checkpoint& checkpoint = file.write();
        const Tensor& from = checkpoint.tensors[static_cast<std::size_t>(tensor)];
        const bool isLong = from.name == "repeated";
        const NewFile content{NewFileFormat::StateDict,
                              {{"new", DType::Float32, {isLong ? 20000000 : 2}, &from, {}}},
                              {}};
        QCOMPARE(errorOf([&] { writeNewFile(checkpoint, content, target(), Overwrite::Refuse); }),
                 error.replace("SOURCE", source().c_str()).toStdString());
        QVERIFY(nothingWasLeft());
    }

    void theSourceIsNeverWrittenOver()
    {
        const Checkpoint& checkpoint = checkpointOf(3);
        const std::string before = readText(source());
        fs::create_symlink("source.pth", m_folder / "soft.pth");
        fs::create_hard_link(source(), m_folder / "hard.pth");
        const NewFile content = copyOf(checkpoint, NewFileFormat::StateDict);
        for (const char* name : {"source.pth", "soft.pth", "hard.pth"}) {
            const fs::path path = m_folder / name;
            QCOMPARE(errorOf([&] { writeNewFile(checkpoint, content, path, Overwrite::Replace); }),
                     path.string() + ": this is the checkpoint itself, which is never written "
                                     "over; choose another name");
            QCOMPARE(readText(source()), before);
        }
    }

    void anExistingTargetIsKeptUnlessReplaced()
    {
        const Checkpoint& checkpoint = checkpointOf(3);
        const NewFile content = copyOf(checkpoint, NewFileFormat::Safetensors);
        writeBytes(target(), "old");
        QCOMPARE(errorOf([&] { writeNewFile(checkpoint, content, target(), Overwrite::Refuse); }),
                 target().string() + " exists already; use --force to replace it");
        QCOMPARE(readText(target()), std::string("old"));
        writeNewFile(checkpoint, content, target(), Overwrite::Replace);
        QCOMPARE(openCheckpoint(target())->tensors.size(), std::size_t(1));
    }

    void anUnwritableTargetIsNamedWithTheReason()
    {
        const Checkpoint& checkpoint = checkpointOf(3);
        const fs::path path = source() / "target.pth";
        const NewFile content = copyOf(checkpoint, NewFileFormat::StateDict);
        QCOMPARE(errorOf([&] { writeNewFile(checkpoint, content, path, Overwrite::Refuse); }),
                 path.string() + ": cannot write: Not a directory");
    }

    void aFileSizeLimitLeavesNothing()
    {
        const Checkpoint& checkpoint = checkpointOf(50000);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit limit{100000, before.rlim_max};
        for (const auto format : {NewFileFormat::StateDict, NewFileFormat::Safetensors}) {
            const NewFile content = copyOf(checkpoint, format);
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const std::string error =
                errorOf([&] { writeNewFile(checkpoint, content, target(), Overwrite::Refuse); });
            ::setrlimit(RLIMIT_FSIZE, &before);
            QCOMPARE(error, target().string() + ": cannot write: File too large");
            QVERIFY(nothingWasLeft());
        }
    }

    void cancellingAtAnyReportLeavesNothing_data()
    {
        QTest::addColumn<NewFileFormat>("format");
        QTest::addColumn<int>("numbers");
        QTest::addColumn<int>("leastReports");
        QTest::newRow("state_dict") << NewFileFormat::StateDict << 600000 << 7;
        QTest::newRow("safetensors") << NewFileFormat::Safetensors << 600000 << 7;
        QTest::newRow("nothing to write") << NewFileFormat::StateDict << 0 << 1;
    }
    void cancellingAtAnyReportLeavesNothing()
    {
        QFETCH(NewFileFormat, format);
        QFETCH(int, numbers);
        QFETCH(int, leastReports);
        const Checkpoint& checkpoint = checkpointOf(static_cast<std::size_t>(numbers));
        const NewFile content = copyOf(checkpoint, format);
        std::vector<std::int64_t> reports;
        const auto run = [&](std::size_t stopAt) {
            reports.clear();
            const Progress progress = [&](std::int64_t done, std::int64_t total) {
                reports.push_back(done);
                return done <= total && reports.size() != stopAt;
            };
            writeNewFile(checkpoint, content, target(), Overwrite::Refuse, progress);
        };
        run(0);
        QVERIFY(std::is_sorted(reports.begin(), reports.end()));
        QCOMPARE(reports.back(), std::int64_t(8) * numbers); // written and read back
        const std::size_t count = reports.size();
        QVERIFY(count >= static_cast<std::size_t>(leastReports));
        fs::remove(target());
        for (std::size_t stopAt = 1; stopAt <= count; ++stopAt) {
            QVERIFY_THROWS_EXCEPTION(Cancelled, run(stopAt));
            QVERIFY(nothingWasLeft());
        }
    }

    void aSourceThatChangesMeanwhileIsNoticed()
    {
        const Checkpoint& checkpoint = checkpointOf(600000);
        const auto at = static_cast<std::streamoff>(checkpoint.storages.at("w").offset);
        const Progress changing = [&](std::int64_t done, std::int64_t total) {
            std::fstream file(source(), std::ios::in | std::ios::out | std::ios::binary);
            if (done == total / 2) // written, not yet read back
                file.seekp(at + 100).put('!');
            return true;
        };
        const std::string error = errorOf([&] {
            writeNewFile(checkpoint, copyOf(checkpoint, NewFileFormat::StateDict), target(),
                         Overwrite::Refuse, changing);
        });
        QCOMPARE(error, target().string() +
                            ": what was written reads back differently near byte 0; "
                            "the source " +
                            source().string() +
                            " may be changing, or the disk may be failing; no file was kept");
        QVERIFY(nothingWasLeft());
    }
};

void NewFileRefusalTest::valuesAndNamesThatCannotBeAreRefused_data()
{
    addColumns();
    for (const auto format : {NewFileFormat::StateDict, NewFileFormat::Safetensors}) {
        const auto row = [&](const char* name, const Tensors& tensors, const char* error) {
            QTest::addRow("%s, %s", format == NewFileFormat::StateDict ? "zip" : "safetensors",
                          name)
                << format << tensors << QString(error);
        };
        const auto type = DType::Float16;
        row("overflow", {made("w", type, {2}, {1, 70000})},
            "w: element 1 would get the value 70000, which float16 cannot hold");
        row("not a number", {made("w", type, {1}, {std::nan("")})},
            "w: element 0 would get the value nan, which float16 cannot hold");
        row("too few values", {made("w", type, {2, 3}, {1, 2, 3, 4, 5})},
            "w: 5 new numbers for 6 elements");
        row("negative size", {made("w", type, {-1}, {})}, "w: the shape -1 is not possible");
        row("size beyond all bounds", {made("w", DType::Float64, {std::int64_t{1} << 61}, {})},
            "w: the shape 2305843009213693952 is not possible");
        row("integers", {made("steps", DType::Int64, {1}, {1})},
            "steps: new values need a floating-point type, not int64");
        row("no name", {made("a", type, {}, {1}), made("", type, {}, {1})},
            "a tensor of the new file has no name; every tensor needs one");
        row("name twice", {made("a\n", type, {}, {1}), made("a\n", type, {}, {2})},
            "a\\x0a: two tensors of the new file would have this name");
        row("name that is no text", {made("a\xff", type, {}, {1})},
            "a\\xff: this name is no valid text (UTF-8), which a new file needs; use --format "
            "patch");
    }
}

void NewFileRefusalTest::whatTheFormatCannotHoldIsRefused_data()
{
    addColumns();
    const auto zip = NewFileFormat::StateDict;
    const auto safe = NewFileFormat::Safetensors;
    for (const DType type : {DType::QInt8, DType::QUInt8, DType::QInt32})
        for (const auto format : {zip, safe})
            QTest::addRow("%s, %s", format == zip ? "zip" : "safetensors",
                          std::string(nameOf(type)).c_str())
                << format << Tensors{made("w", type, {0}, {})}
                << QString("w: a new file cannot hold quantised tensors (%1); use --format patch")
                       .arg(std::string(nameOf(type)).c_str());
    QTest::newRow("zip, complex32")
        << zip << Tensors{made("c", DType::Complex32, {0}, {})}
        << "c: a state_dict of stock PyTorch cannot hold complex32; use --format patch";
    QTest::newRow("safetensors, complex128")
        << safe << Tensors{made("c", DType::Complex128, {0}, {})}
        << "c: a safetensors file cannot hold complex128; use --format state-dict or patch";
    QTest::newRow("safetensors, reserved name")
        << safe << Tensors{made("__metadata__", DType::Float16, {}, {1})}
        << "__metadata__: this name has a meaning of its own in safetensors files; use --format "
           "state-dict";
    QTest::newRow("safetensors, header too long")
        << safe << Tensors{made(std::string(100'000'000, 'n'), DType::Float16, {}, {1})}
        << "the names and sizes of the tensors would take 100000088 bytes, a safetensors header "
           "holds 100000000; use --format state-dict";
}

QTEST_APPLESS_MAIN(NewFileRefusalTest)
#include "tst_new_file_refusals.moc"
