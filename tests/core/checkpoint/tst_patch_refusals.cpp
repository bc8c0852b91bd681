// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <sys/resource.h>

#include "base/error.h"
#include "checkpoint/patch.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

using Numbers = std::vector<double>;
Q_DECLARE_METATYPE(Numbers)

class PatchRefusalTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;

    fs::path source() const { return m_folder / "source.pth"; }
    fs::path target() const { return m_folder / "target.pth"; }
    bool nothingWasLeft() const { return namesIn(m_folder) == std::set<std::string>{"source.pth"}; }

    /// fc.weight 2 x 2 and fc.bias, float32.
    FlatCheckpoint smallHead() const
    {
        FlatCheckpoint file(source());
        file.tensor("fc.weight", DType::Float32, {2, 2}, {1, 2, 3, 4});
        file.tensor("fc.bias", DType::Float32, {2}, {5, 6});
        return file;
    }

    std::string refusal(const Checkpoint& checkpoint, const TensorPatch& patch) const
    {
        return errorOf([&] { patchCheckpoint(checkpoint, {patch}, target(), Overwrite::Refuse); });
    }

private Q_SLOTS:
    void init()
    {
        m_folder = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(m_folder);
    }

    void tensorsThatShareBytesAreRefusedByName_data()
    {
        QTest::addColumn<QString>("names");
        QTest::addColumn<std::vector<Tensor>>("others");
        const auto view = [](const char* name, std::vector<std::int64_t> shape,
                             std::vector<std::int64_t> stride, std::int64_t offset) {
            return Tensor{name, DType::Float32, std::move(shape), std::move(stride), offset, "s"};
        };
        using Tensors = std::vector<Tensor>;
        QTest::newRow("tied weights")
            << "embed.weight" << Tensors{view("embed.weight", {2, 2}, {4, 1}, 1)};
        QTest::newRow("one element") << "a" << Tensors{view("a", {1}, {1}, 6)};
        QTest::newRow("two others")
            << "a, b" << Tensors{view("a", {12}, {1}, 0), view("b", {2}, {0}, 2)};
        QTest::newRow("seven others")
            << "t, t, t, t, t and 2 more" << Tensors(7, view("t", {12}, {1}, 0));
        QTest::newRow("between the elements of the patched tensor")
            << "" << Tensors{view("a", {2}, {4}, 3)};
        QTest::newRow("interleaved columns") << "" << Tensors{view("a", {2, 2}, {4, 1}, 3)};
        QTest::newRow("before and after")
            << "" << Tensors{view("a", {1}, {1}, 0), view("b", {5}, {1}, 7)};
        QTest::newRow("no elements") << "" << Tensors{view("a", {0}, {1}, 1)};
        QTest::newRow("strides that overlap themselves")
            << "a" << Tensors{view("a", {3, 3}, {2, 3}, 1)};
    }
    void tensorsThatShareBytesAreRefusedByName()
    {
        QFETCH(QString, names);
        QFETCH(std::vector<Tensor>, others);
        FlatCheckpoint file(source());
        // The patched tensor holds the storage's elements 1, 2, 5 and 6.
        file.storage("s", DType::Float32, counting(12)).view("w", "s", {2, 2}, {4, 1}, 1);
        for (const Tensor& other : others)
            file.view(other.name, "s", other.shape, other.stride, other.offset);
        const std::string error = refusal(file.write(), {"w", {9, 9, 9, 9}});
        QCOMPARE(error.empty(), names.isEmpty());
        QCOMPARE(fs::exists(target()), names.isEmpty());
        if (!names.isEmpty())
            QCOMPARE(error, "w: its bytes also belong to " + names.toStdString() +
                                ", which a patch would change too; write a new file instead "
                                "(--format state-dict or safetensors)");
    }

    void hugeOverlappingViewsAreSettledAtOnce()
    {
        FlatCheckpoint file(source());
        file.storage("s", DType::Float32, counting(60)).view("w", "s", {2}, {1});
        // A million million elements on 60: must not be walked.
        file.view("a", "s", {10, 10, 3000000000, 3000000000}, {2, 3, 0, 0}, 5);
        QCOMPARE(refusal(file.write(), {"w", {1, 2}}), std::string());
        QVERIFY(fs::exists(target()));
    }

    void patchesThatCannotBeWrittenAreRefused_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<Numbers>("values");
        QTest::addColumn<QString>("error");
        QTest::newRow("overflow")
            << "half" << Numbers{1, 70000}
            << "half: element 1 would get the value 70000, which float16 cannot hold";
        QTest::newRow("not a number")
            << "half" << Numbers{std::nan(""), 1}
            << "half: element 0 would get the value nan, which float16 cannot hold";
        QTest::newRow("integers")
            << "steps" << Numbers{1}
            << "steps: a patch needs floating-point numbers, this tensor holds "
               "int64; write a new file instead";
        QTest::newRow("wrong count")
            << "half" << Numbers{1} << "half: 1 new numbers for 2 elements";
        QTest::newRow("expanded")
            << "expanded" << Numbers{1, 2, 3}
            << "expanded: elements of this tensor share bytes, so they cannot be "
               "set one by one; write a new file instead (--format state-dict "
               "or safetensors)";
        QTest::newRow("outside its storage")
            << "outside" << Numbers{1, 2}
            << "SOURCE: tensor outside reaches outside its storage; the file is damaged";
        QTest::newRow("far outside its storage")
            << "far" << Numbers{1, 2}
            << "SOURCE: tensor far reaches outside its storage; the file is damaged";
        QTest::newRow("missing") << "no\nsuch" << Numbers{1}
                                 << "SOURCE: there is no tensor no\\x0asuch";
    }
    void patchesThatCannotBeWrittenAreRefused()
    {
        QFETCH(QString, tensor);
        QFETCH(Numbers, values);
        QFETCH(QString, error);
        FlatCheckpoint file(source());
        file.tensor("half", DType::Float16, {2}, {1, 2}).tensor("steps", DType::Int64, {1}, {3});
        file.storage("s", DType::Float32, {1, 2}).view("expanded", "s", {3}, {0});
        file.view("outside", "s", {2}, {1}, 1);
        file.view("far", "s", {2}, {std::numeric_limits<std::int64_t>::max()});
        const std::string expected = error.replace("SOURCE", source().c_str()).toStdString();
        QCOMPARE(refusal(file.write(), {tensor.toStdString(), values}), expected);
        QVERIFY(nothingWasLeft());
    }

    void oneTensorIsNotPatchedTwice()
    {
        FlatCheckpoint file = smallHead();
        const TensorPatch patch{"fc.bias", {1, 2}};
        const std::string error = errorOf([&] {
            patchCheckpoint(file.write(), {patch, patch}, target(), Overwrite::Refuse);
        });
        QCOMPARE(error, std::string("fc.bias: this tensor is to be patched twice"));
    }

    void theSourceIsNeverWrittenOver_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("same path") << "source.pth";
        QTest::newRow("another way to it") << "sub/../source.pth";
        QTest::newRow("symbolic link") << "soft.pth";
        QTest::newRow("hard link") << "hard.pth";
    }
    void theSourceIsNeverWrittenOver()
    {
        QFETCH(QString, name);
        FlatCheckpoint file = smallHead();
        const Checkpoint& checkpoint = file.write();
        fs::create_directory(m_folder / "sub");
        fs::create_symlink("source.pth", m_folder / "soft.pth");
        fs::create_hard_link(source(), m_folder / "hard.pth");
        const fs::path path = m_folder / name.toStdString();
        const std::string error = errorOf([&] {
            patchCheckpoint(checkpoint, {{"fc.bias", {1, 2}}}, path, Overwrite::Replace);
        });
        QCOMPARE(error, path.string() + ": this is the checkpoint itself, which is never written "
                                        "over; choose another name");
        QCOMPARE(readText(source()), file.bytes());
    }

    void anExistingTargetIsKeptUnlessReplaced()
    {
        FlatCheckpoint file = smallHead();
        const Checkpoint& checkpoint = file.write();
        writeBytes(target(), "old");
        QCOMPARE(refusal(checkpoint, {"fc.bias", {1, 2}}),
                 target().string() + " exists already; use --force to replace it");
        QCOMPARE(readText(target()), std::string("old"));
        patchCheckpoint(checkpoint, {{"fc.bias", {1, 2}}}, target(), Overwrite::Replace);
        QCOMPARE(readText(target()).size(), file.bytes().size());
    }

    void anUnwritableTargetIsNamedWithTheReason()
    {
        FlatCheckpoint file = smallHead();
        const Checkpoint& checkpoint = file.write();
        const fs::path path = source() / "target.pth";
        const std::string error = errorOf([&] {
            patchCheckpoint(checkpoint, {{"fc.bias", {1, 2}}}, path, Overwrite::Refuse);
        });
        QCOMPARE(error, path.string() + ": cannot write: Not a directory");
    }

    void aFileSizeLimitLeavesNothing()
    {
        FlatCheckpoint file(source());
        const Checkpoint& checkpoint =
            file.tensor("w", DType::Float32, {50000}, counting(50000)).write();
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit limit{100000, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const std::string error = refusal(checkpoint, {"w", counting(50000)});
        ::setrlimit(RLIMIT_FSIZE, &before);
        QCOMPARE(error, target().string() + ": cannot write: File too large");
        QVERIFY(nothingWasLeft());
    }

    void cancellingAtAnyReportLeavesNothing()
    {
        FlatCheckpoint file(source());
        const Checkpoint& checkpoint =
            file.tensor("w", DType::Float32, {600000}, counting(600000)).write();
        std::vector<std::int64_t> reports;
        const auto run = [&](std::size_t stopAt) {
            reports.clear();
            const Progress progress = [&](std::int64_t done, std::int64_t total) {
                reports.push_back(done);
                return done <= total && reports.size() != stopAt;
            };
            patchCheckpoint(checkpoint, {{"w", counting(600000)}}, target(), Overwrite::Refuse,
                            progress);
        };
        run(0);
        QVERIFY(std::is_sorted(reports.begin(), reports.end()));
        QCOMPARE(reports.back(), static_cast<std::int64_t>(2 * file.bytes().size()));
        const std::size_t count = reports.size();
        QVERIFY(count >= 6);
        fs::remove(target());
        for (std::size_t stopAt = 1; stopAt <= count; ++stopAt) {
            QVERIFY_THROWS_EXCEPTION(Cancelled, run(stopAt));
            QVERIFY(nothingWasLeft());
        }
    }
};

QTEST_APPLESS_MAIN(PatchRefusalTest)
#include "tst_patch_refusals.moc"
