// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "checkpoint/checkpoint.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/safetensors_file.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

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

/// An index that is hostile, damaged or does not go with the files beside it.
class ShardRefusalTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    int m_count = 0;
    fs::path m_folder;

    fs::path at(const std::string& name) const { return m_folder / name; }
    fs::path index() const { return at("model.safetensors.index.json"); }

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

    void namesThatLeaveTheFolderAreRefused_data();
    void namesThatLeaveTheFolderAreRefused() { damageIsNamed(); }
    void shardsThatDoNotFitTheIndexAreNamed_data();
    void shardsThatDoNotFitTheIndexAreNamed() { damageIsNamed(); }
    void damageIsNamed_data();
    void damageIsNamed()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, error);
        SafetensorsFile a;
        a.add("conv.weight", {1}, {1}).add("fc.bias", {2}, {2, 3}).write(at("a.safetensors"));
        SafetensorsFile().add("fc.weight", {1}, {4}).write(at("b.safetensors"));
        fs::create_directory(at("folder"));
        fs::create_symlink("nowhere", at("dangling"));
        writeBytes(at("pointer"), "version https://git-lfs.github.com/spec/v1\n");
        writeBytes(at("other.json"), R"({"weight_map": {"x": "a.safetensors"}})");
        SafetensorsFile().add("fc.bias", {1}, {1}).write(at("again"));
        writeBytes(index(), json.toStdString());
        QCOMPARE(openingError(), error.replace("FOLDER", m_folder.c_str()).toStdString());
    }
};

void ShardRefusalTest::namesThatLeaveTheFolderAreRefused_data()
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

void ShardRefusalTest::shardsThatDoNotFitTheIndexAreNamed_data()
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

void ShardRefusalTest::damageIsNamed_data()
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

QTEST_APPLESS_MAIN(ShardRefusalTest)
#include "tst_shard_refusals.moc"
