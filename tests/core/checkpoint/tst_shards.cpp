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

namespace {

void addColumns()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("error");
}

void row(const char* name, const QByteArray& json, const QString& error)
{
    QTest::newRow(name) << json << "FOLDER/model.safetensors.index.json: " + error;
}

QByteArray maps(const QByteArray& entries)
{
    return "{\"weight_map\": {" + entries + "}}";
}

} // namespace

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

    void namesThatLeaveTheFolderAreRefused_data();
    void namesThatLeaveTheFolderAreRefused() { damageIsNamed(); }
    void shardsThatDoNotFitTheIndexAreNamed_data();
    void shardsThatDoNotFitTheIndexAreNamed() { damageIsNamed(); }
    void damageIsNamed_data();
    void damageIsNamed()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, error);
        writeTwoShards();
        fs::create_directory(at("folder"));
        fs::create_symlink("nowhere", at("dangling"));
        writeBytes(at("pointer"), "version https://git-lfs.github.com/spec/v1\n");
        writeBytes(at("other.json"), R"({"weight_map": {"x": "a.safetensors"}})");
        SafetensorsFile().add("fc.bias", {1}, {1}).write(at("again"));
        writeBytes(index(), json.toStdString());
        QCOMPARE(openingError(), error.replace("FOLDER", m_folder.c_str()).toStdString());
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

void ShardsTest::namesThatLeaveTheFolderAreRefused_data()
{
    addColumns();
    const auto puts = [&](const char* name, const QByteArray& file, const QString& shown) {
        row(name, R"({"weight_map": {"x": ")" + file + R"("}})",
            "the index puts tensor 'x' into the file '" + shown +
                "'; only plain names of files in its own folder are opened");
    };
    puts("an absolute name", "/etc/passwd", "/etc/passwd");
    puts("another folder", "folder/a", "folder/a");
    puts("the folder above", "..", "..");
    puts("the folder itself", ".", ".");
    puts("no name", "", "");
    puts("a name that ends early", "a.safetensors\\u0000.bin", "a.safetensors\\x00.bin");
    puts("a folder of Windows", "..\\\\a", "..\\a");
}

void ShardsTest::shardsThatDoNotFitTheIndexAreNamed_data()
{
    addColumns();
    row("a shard is missing", maps(R"("fc.bias": "c.safetensors")"),
        "the shard 'c.safetensors' is missing in the same folder; get all the files that the index "
        "names");
    row("a dangling link", maps(R"("fc.bias": "dangling")"),
        "the shard 'dangling' is missing in the same folder; get all the files that the index "
        "names");
    row("a tensor is missing", maps(R"("x\u001b": "a.safetensors")"),
        "the shard 'a.safetensors' lacks the tensor 'x\\x1b', which the index puts there");
    row("a tensor is in another shard",
        maps(R"("fc.bias": "b.safetensors", "conv.weight": "a.safetensors")"),
        "the index puts the tensor 'fc.bias' into the shard 'b.safetensors', but it is in "
        "'a.safetensors'");
    row("a tensor is in two shards", maps(R"("fc.bias": "again", "conv.weight": "a.safetensors")"),
        "tensor 'fc.bias' is in two shards, 'a.safetensors' and 'again'");
    row("a tensor comes twice", maps(R"("x": "a.safetensors", "x": "b.safetensors")"),
        "the index of the shards is damaged: tensor 'x' is there twice");
    row("another index", maps(R"("x": "other.json")"),
        "the shard 'other.json' is itself an index of shards");
    row("itself", maps(R"("x": "model.safetensors.index.json")"),
        "the shard 'model.safetensors.index.json' is itself an index of shards");
    QTest::newRow("a shard that is a folder")
        << maps(R"("x": "folder")") << "FOLDER/folder: this is a folder, not a file";
    QTest::newRow("a shard that is not there yet")
        << maps(R"("x": "pointer")")
        << "FOLDER/pointer: this is a git-lfs pointer, not the checkpoint itself; run 'git lfs "
           "pull'";
}

void ShardsTest::damageIsNamed_data()
{
    addColumns();
    const QString damaged = "the index of the shards is damaged: ";
    row("no tensors", maps(""), "the index of the shards names no tensor");
    row("a map that is a list", R"({"weight_map": ["a.safetensors"]})",
        damaged + "its weight_map is no JSON object");
    row("a map that is a text", R"({"weight_map": "a.safetensors"})",
        damaged + "its weight_map is no JSON object");
    row("a file that is a number", maps(R"("x": 1)"),
        damaged + "the file of tensor 'x' is no text");
    row("a file that is a list", maps(R"("x": ["a"])"),
        damaged + "the file of tensor 'x' is no text");
    row("a file that is an object", maps(R"("x": {"y": "a"})"),
        damaged + "the file of tensor 'x' is no text");
    row("two maps", R"({"weight_map": {"x": "a"}, "weight_map": {"y": "b"}})",
        damaged + "it has two weight_maps");
    row("cut off", R"({"weight_map": {"x": "a.safe)", damaged + "it is no JSON at byte 29");
    row("nested without end",
        QByteArray("{\"weight_map\": {\"fc.bias\": \"a.safetensors\"}, \"metadata\": ") +
            QByteArray(200000, '['),
        damaged + "it is no JSON at byte 200058");
    row("something after it", maps(R"("fc.bias": "a.safetensors")") + "}",
        damaged + "it is no JSON at byte 45");
}

QTEST_APPLESS_MAIN(ShardsTest)
#include "tst_shards.moc"
