// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "checkpoint/new_file.h"
#include "checkpoint/patch.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/safetensors_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

using Numbers = std::vector<double>;

class ShardsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;

    fs::path at(const std::string& name) const { return m_folder / name; }
    fs::path index() const { return at("model.safetensors.index.json"); }

    void writeIndex(const std::vector<std::pair<std::string, std::string>>& map) const
    {
        nlohmann::json json{{"metadata", {{"total_size", 40}, {"more", {1, {{"weight_map", 2}}}}}},
                            {"weight_map", nlohmann::json::object()}};
        for (const auto& [tensor, file] : map)
            json["weight_map"][tensor] = file;
        writeBytes(index(), json.dump(2));
    }

    /// a.safetensors: conv.weight, fc.bias; b.safetensors: fc.weight, at the offset of conv.weight.
    void writeTwoShards() const
    {
        SafetensorsFile a;
        a.add("conv.weight", {2, 2}, {1, 2, 3, 4})
            .add("fc.bias", {2}, {5, 6})
            .write(at("a.safetensors"));
        SafetensorsFile b;
        b.add("fc.weight", {2, 2}, {7, 8, 9, 10})
            .add("fc_b.bias", {2}, {11, 12})
            .write(at("b.safetensors"));
        writeIndex({{"conv.weight", "a.safetensors"},
                    {"fc.bias", "a.safetensors"},
                    {"fc.weight", "b.safetensors"},
                    {"fc_b.bias", "b.safetensors"}});
    }

    std::string openingError() const
    {
        return errorOf([&] { openCheckpoint(index()); });
    }

private Q_SLOTS:
    void init()
    {
        m_folder = fs::path(m_root.path().toStdString()) / std::to_string(m_count++);
        fs::create_directory(m_folder);
    }

    void theTensorsOfAllShardsAreOneCheckpoint()
    {
        writeTwoShards();
        const auto checkpoint = openCheckpoint(index());
        QCOMPARE(checkpoint->format, std::string("sharded"));
        QCOMPARE(checkpoint->path, index());
        QVERIFY(checkpoint->warnings.empty());
        std::vector<std::string> names;
        for (const Tensor& tensor : checkpoint->tensors)
            names.push_back(tensor.name);
        QCOMPARE(names,
                 (std::vector<std::string>{"conv.weight", "fc.bias", "fc.weight", "fc_b.bias"}));
        QCOMPARE(readTensor(*checkpoint, *checkpoint->find("conv.weight")), (Numbers{1, 2, 3, 4}));
        QCOMPARE(readTensor(*checkpoint, *checkpoint->find("fc.weight")), (Numbers{7, 8, 9, 10}));
        QCOMPARE(readTensor(*checkpoint, *checkpoint->find("fc_b.bias")), (Numbers{11, 12}));
        QCOMPARE(bytesOnDisk(*checkpoint), fs::file_size(index()) +
                                               fs::file_size(at("a.safetensors")) +
                                               fs::file_size(at("b.safetensors")));
    }

    void shardsOfPyTorchKeepTheirEqualStorageKeysApart()
    {
        const auto shard = [&](const char* name, const std::string& tensor, double first) {
            NewFile content;
            content.tensors = {{tensor, DType::Float16, {2}, nullptr, {first, first + 1}}};
            writeNewFile(Checkpoint(), content, at(name), Overwrite::Refuse);
        };
        shard("pytorch_model-00001-of-00002.bin", "a", 1);
        shard("pytorch_model-00002-of-00002.bin", "b", 3);
        writeIndex(
            {{"a", "pytorch_model-00001-of-00002.bin"}, {"b", "pytorch_model-00002-of-00002.bin"}});
        const auto checkpoint = openCheckpoint(index());
        QCOMPARE(readTensor(*checkpoint, checkpoint->tensors.at(0)), (Numbers{1, 2}));
        QCOMPARE(readTensor(*checkpoint, checkpoint->tensors.at(1)), (Numbers{3, 4}));
    }

    void anIndexIsKnownByWhatIsInIt()
    {
        writeTwoShards();
        fs::rename(index(), at("model.pth"));
        QCOMPARE(openCheckpoint(at("model.pth"))->tensors.size(), std::size_t(4));
        writeBytes(index(), R"({"weights": {"a": "a.safetensors"}})");
        QCOMPARE(openingError(), index().string() + ": this is a text file, not a checkpoint");
    }

    void symbolicLinksAreFollowed()
    {
        writeTwoShards();
        fs::create_directory(at("snapshot"));
        for (const char* name :
             {"a.safetensors", "b.safetensors", "model.safetensors.index.json"}) {
            fs::rename(at(name), at(std::string(name) + ".blob"));
            fs::create_symlink("../" + std::string(name) + ".blob", at("snapshot") / name);
        }
        const auto checkpoint = openCheckpoint(at("snapshot") / "model.safetensors.index.json");
        QCOMPARE(checkpoint->tensors.size(), std::size_t(4));
    }

    void tensorsThatTheIndexLeavesOutAreLeftOut()
    {
        writeTwoShards();
        writeIndex({{"conv.weight", "a.safetensors"}, {"fc.weight", "b.safetensors"}});
        const auto checkpoint = openCheckpoint(index());
        QCOMPARE(checkpoint->tensors.size(), std::size_t(2));
        QCOMPARE(checkpoint->warnings,
                 (Warnings{"2 tensors of the shards are not in the index and are left out "
                           "(fc.bias)"}));
    }

    void aPatchedTensorGivesACopyOfItsShard()
    {
        writeTwoShards();
        const std::string a = readText(at("a.safetensors"));
        const std::string b = readText(at("b.safetensors"));
        const auto checkpoint = openCheckpoint(index());
        const PatchResult result = patchCheckpoint(*checkpoint, {{"fc.weight", {70, 80, 90, 100}}},
                                                   at("new.safetensors"), Overwrite::Refuse);
        std::string expected = b;
        const std::string weight = elementBytes(DType::Float32, {70, 80, 90, 100});
        const std::string before = elementBytes(DType::Float32, {7, 8, 9, 10});
        expected.replace(expected.find(before), before.size(), weight);
        QCOMPARE(readText(at("new.safetensors")), expected);
        QCOMPARE(readText(at("a.safetensors")), a);
        QCOMPARE(readText(at("b.safetensors")), b);
        QVERIFY(result.verified);
        QCOMPARE(result.patchedBytes, std::uint64_t(16));
        QCOMPARE(result.warnings,
                 (Warnings{"the new file is a copy of the shard 'b.safetensors' alone: put it in "
                           "that one's place beside a copy of the other files"}));
    }

    void copiesInOtherShardsAreWarnedAbout()
    {
        SafetensorsFile().add("fc.weight", {1, 2}, {1, 2}).write(at("a"));
        SafetensorsFile().add("ema.fc.weight", {1, 2}, {1, 2}).write(at("b"));
        writeIndex({{"fc.weight", "a"}, {"ema.fc.weight", "b"}});
        const PatchResult result = patchCheckpoint(
            *openCheckpoint(index()), {{"fc.weight", {3, 4}}}, at("new"), Overwrite::Refuse);
        QCOMPARE(
            result.warnings.front(),
            std::string("ema.fc.weight stays as it was: it is an EMA copy of the patched head"));
    }

    void tensorsOfTwoShardsAreNotPatched()
    {
        writeTwoShards();
        const auto checkpoint = openCheckpoint(index());
        const std::vector<TensorPatch> patches{{"fc.weight", {1, 2, 3, 4}}, {"fc.bias", {1, 2}}};
        QCOMPARE(
            errorOf([&] { patchCheckpoint(*checkpoint, patches, at("new"), Overwrite::Refuse); }),
            index().string() + ": fc.weight lies in the shard 'b.safetensors', fc.bias in "
                               "'a.safetensors', and a patch changes one file; write a new "
                               "file instead (--format state-dict or safetensors)");
        QCOMPARE(errorOf([&] {
                     patchCheckpoint(*checkpoint, {{"fc", {1}}}, at("new"), Overwrite::Refuse);
                 }),
                 index().string() + ": there is no tensor fc");
        QVERIFY(!fs::exists(at("new")));
    }

    void noFileOfTheSourceIsWrittenOver_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("index") << "model.safetensors.index.json";
        QTest::newRow("patched shard") << "b.safetensors";
        QTest::newRow("other shard") << "a.safetensors";
    }
    void noFileOfTheSourceIsWrittenOver()
    {
        QFETCH(QString, name);
        writeTwoShards();
        const fs::path path = at(name.toStdString());
        const std::string before = readText(path);
        const auto checkpoint = openCheckpoint(index());
        const std::string expected = path.string() + ": this is the checkpoint itself, which is "
                                                     "never written over; choose another name";
        QCOMPARE(errorOf([&] {
                     patchCheckpoint(*checkpoint, {{"fc.weight", {1, 2, 3, 4}}}, path,
                                     Overwrite::Replace);
                 }),
                 expected);
        QCOMPARE(errorOf([&] { writeNewFile(*checkpoint, {}, path, Overwrite::Replace); }),
                 expected);
        QCOMPARE(readText(path), before);
    }

    void aNewFileGathersTheShards()
    {
        writeTwoShards();
        const auto checkpoint = openCheckpoint(index());
        NewFile content{NewFileFormat::Safetensors, {}, {}};
        for (const Tensor& tensor : checkpoint->tensors)
            content.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, &tensor, {}});
        writeNewFile(*checkpoint, content, at("whole"), Overwrite::Refuse);
        const auto whole = openCheckpoint(at("whole"));
        for (const Tensor& tensor : checkpoint->tensors)
            QCOMPARE(readTensor(*whole, *whole->find(tensor.name)),
                     readTensor(*checkpoint, tensor));
    }

    void anIndexInMemoryOpensNoFiles()
    {
        writeTwoShards();
        const std::string text = readText(index());
        const auto bytes = std::as_bytes(std::span(text));
        const auto file = MappedFile::fromBytes(index(), {bytes.begin(), bytes.end()});
        QCOMPARE(errorOf([&] { openCheckpoint(file); }),
                 index().string() + ": this is an index of shards, not a checkpoint itself");
    }
};

QTEST_APPLESS_MAIN(ShardsTest)
#include "tst_shards.moc"
