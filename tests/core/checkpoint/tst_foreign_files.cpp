// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

/// Files that are no checkpoint are told apart by what is in them, and the user is told what to do.
class ForeignFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatTheFileIs_data();
    void saysWhatTheFileIs();
    void aMissingFileIsNamed();
    void readsTheLegacyFormat();
    void saysWhatIsWrongWithALegacyFile_data();
    void saysWhatIsWrongWithALegacyFile();
};

namespace {

const std::string magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

/// What torch.save wrote before 1.6, of one tensor, with pieces to replace.
struct Legacy
{
    std::string protocol = "\x80\x02M\xe9\x03.";
    std::string littleEndian = "\x88";
    std::string view = "N";
    std::string keys = text("abc");
    std::int64_t count = 6;

    std::string bytes() const
    {
        const std::string value =
            dict({{"fc.weight", "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") +
                                    "ctorch\nFloatStorage\n" + text("abc") + text("cpu") + "K\x06" +
                                    view + "tQ" + integer(0) + tuple({2, 2}) + tuple({2, 1}) +
                                    "\x89NtR"}});
        return magic + protocol + pickle(dict({{"little_endian", littleEndian}})) + pickle(value) +
               pickle("](" + keys + "e") + little(count) + floats({1, 2, 3, 4, 5, 6});
    }
};

void row(const char* name, const std::string& bytes, const char* sentence)
{
    QTest::newRow(name) << QByteArray::fromStdString(bytes) << "model.pth: " + QString(sentence);
}

std::string zipOf(const std::vector<std::string>& names)
{
    ZipBuilder zip;
    for (const std::string& name : names)
        zip.add(name, "content of " + name);
    return zip.finish();
}

void rowsOfArchives()
{
    row("bzip2", "BZh91AY&SY" + std::string(20, '\1'),
        "this file is compressed with bzip2; unpack it first");
    row("xz", std::string("\xfd\x37zXZ\0\0\4", 8),
        "this file is compressed with xz; unpack it first");
    row("zstd", "\x28\xb5\x2f\xfd\x04", "this file is compressed with zstd; unpack it first");
    row("lz4", "\x04\x22\x4d\x18\x64", "this file is compressed with lz4; unpack it first");
    row("7z", std::string("7z\xbc\xaf\x27\x1c\0\4", 8), "this is a 7z archive; unpack it first");
    row("rar", std::string("Rar!\x1a\x07\1\0", 8), "this is a rar archive; unpack it first");
    row("a zip of several checkpoints", zipOf({"runs/a.pth.tar", "runs/b.pth.tar", "runs/log.txt"}),
        "a zip archive that holds 2 checkpoints; unpack it and open one of them");
    row("a zip of one checkpoint", zipOf({"model_best.pth"}),
        "a zip archive that holds a checkpoint; unpack it and open that");
    row("a zip of unpacked checkpoints", zipOf({"a/data.pkl", "b/data.pkl"}),
        "a zip archive with 2 files named data.pkl; a PyTorch checkpoint has one: unpack it and "
        "open the checkpoints inside");
    row(".npz", zipOf({"features.npy", "labels.npy"}),
        "a NumPy archive (.npz) of 2 arrays, not a checkpoint; features are given with --data");
    row("another zip", zipOf({"word/document.xml"}),
        "a zip archive, but not a PyTorch checkpoint: it has no data.pkl; it holds 1 members "
        "(word/document.xml...)");
}

void rowsOfOtherPrograms()
{
    constexpr const char* lua =
        "this is a file of Lua Torch (.t7); convert it to a PyTorch state_dict first";
    const std::string one = little<std::int32_t>(1);
    row("Lua Torch, a model",
        little<std::int32_t>(4) + one + little<std::int32_t>(3) + "V 1" + little<std::int32_t>(13) +
            "nn.Sequential",
        lua);
    row("Lua Torch, a table", little<std::int32_t>(3) + one + little<std::int32_t>(2), lua);
    row("Lua Torch, as text", "4\n1\n3\nV 1\n13\nnn.Sequential\n", lua);
    constexpr const char* part =
        "this is part of a TensorFlow checkpoint; convert the weights to a "
        "PyTorch state_dict first";
    const std::string footer = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
    row("TensorFlow .index", std::string(60, '\2').append(footer), part);
    row("TensorFlow's text", "model_checkpoint_path: \"model.ckpt-60\"\n",
        "this is the index of a TensorFlow checkpoint; convert the weights to a PyTorch state_dict "
        "first");
    row("TensorFlow Lite", std::string("\x1c\0\0\0TFL3\x14\0\x20\0", 12),
        "this is a TensorFlow Lite model, not a PyTorch checkpoint");
    constexpr const char* onnx =
        "this is an ONNX model; open the PyTorch checkpoint that it was made from";
    row("ONNX of PyTorch",
        "\x08\x07\x12\x07pytorch\x1a\x05"
        "1.13.0:",
        onnx);
    row("ONNX without a producer", "\x08\x08\x3a\x20graph", onnx);
    row("GGUF", std::string("GGUF\3\0\0\0", 8), "this is a GGUF model, not a PyTorch checkpoint");
    rowsOfArchives();
}

constexpr const char* otherPickle = "this is a Python pickle, but not one that torch.save wrote; "
                                    "load it in Python and save it with torch.save";

} // namespace

void ForeignFilesTest::saysWhatTheFileIs_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    row("empty", "", "the file is empty");
    row("an HTML page", "\n<!DOCTYPE html><html><head><title>Sign in</title>",
        "this is an HTML page, not a checkpoint; the download probably failed");
    row("HTML without doctype", "<HTML><body>Quota exceeded</body>",
        "this is an HTML page, not a checkpoint; the download probably failed");
    row("a git-lfs pointer",
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
        "this is a git-lfs pointer, not the checkpoint itself; run 'git lfs pull'");
    row("text", "index,name,count\n0,T-shirt,350\n", "this is a text file, not a checkpoint");
    row("a tar archive", "sys_info" + std::string(249, '\0') + "ustar" + std::string(250, '\0'),
        "this is a tar archive; if PyTorch 0.1 wrote it, load it with torch.load and save it again "
        "with a newer PyTorch, otherwise unpack it");
    row("gzip", "\x1f\x8b\x08" + std::string(20, '\0'),
        "this file is compressed with gzip; unpack it first");
    row("pickle.dump of a dict", pickle(dict({{"w", "K\x01"}})), otherPickle);
    row("pickle.dump of a state_dict",
        "\x80\x04\x95" + little<std::int64_t>(80) +
            "\x8c\x0b"
            "collections\x94\x8c\x0bOrderedDict\x94\x93\x94)R\x94(\x8c\x09"
            "fc.weight",
        otherPickle);
    row("pickle.dump, protocol 0", "(dp0\nVfc.weight\np1\nI1\ns.", otherPickle);
    row("pickle.dump, protocol 1", "}q\x01X\x01", otherPickle);
    rowsOfOtherPrograms();
    row("zeros", std::string(4096, '\0'),
        "the file starts with zeros only; it is damaged or still being written");
    row("a truncated download", "PK\x03\x04" + std::string(100, 'x'),
        "the zip archive has no end record: the file is truncated (104 bytes) or still being "
        "written; copy or download it again");
    row("noise", "\x01\x9f\xee\x02\x03", "this is not a PyTorch checkpoint or safetensors file");
}

void ForeignFilesTest::saysWhatTheFileIs()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    QCOMPARE(QString::fromStdString(
                 errorOf([&] { openCheckpoint(fileOf(bytes.toStdString(), "model.pth")); })),
             sentence);
}

void ForeignFilesTest::aMissingFileIsNamed()
{
    QCOMPARE(errorOf([] { openCheckpoint("/nowhere/model.pth"); }),
             std::string("/nowhere/model.pth: cannot open the file: No such file or directory"));
}

void ForeignFilesTest::readsTheLegacyFormat()
{
    const auto checkpoint = openBytes(Legacy().bytes());
    QCOMPARE(checkpoint->format, std::string("legacy"));
    QCOMPARE(readTensor(*checkpoint, checkpoint->tensors.at(0)), (std::vector<double>{1, 2, 3, 4}));
    Legacy view;
    view.view = "(" + text("view") + integer(2) + integer(4) + "t";
    const auto shifted = openBytes(view.bytes());
    QCOMPARE(readTensor(*shifted, shifted->tensors.at(0)), (std::vector<double>{3, 4, 5, 6}));
    QCOMPARE(shifted->tensors[0].storage, std::string("abc"));
}

void ForeignFilesTest::saysWhatIsWrongWithALegacyFile_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const std::string& bytes, const char* sentence) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(sentence);
    };
    Legacy legacy;
    legacy.protocol = "\x80\x02M\xea\x03.";
    row("protocol", legacy.bytes(), "a PyTorch file of protocol 1002; only 1001 is known");
    legacy = {};
    legacy.littleEndian = "\x89";
    row("big-endian", legacy.bytes(), "saved on a big-endian machine");
    legacy = {};
    legacy.keys = text("xyz");
    row("unknown storage", legacy.bytes(), "the storage 'xyz' belongs to no tensor");
    legacy = {};
    legacy.keys.clear();
    row("no storage", legacy.bytes(), "refers to storage 'abc', which the file lacks");
    legacy = {};
    legacy.count = 7;
    row("truncated", legacy.bytes(),
        "the storage 'abc' should have 7 elements of type float32, but only 24 bytes follow: the "
        "file is truncated");
    legacy.count = -1;
    row("negative count", legacy.bytes(), "should have -1 elements");
    legacy.count = INT64_MAX;
    row("count overflows", legacy.bytes(), "only 24 bytes follow");
    legacy = {};
    legacy.view = "(" + text("view") + integer(INT64_MAX) + integer(4) + "t";
    row("view outside", legacy.bytes(), "reaches outside its storage");
    legacy.view = "(" + text("view") + "NNt";
    row("view without offset", legacy.bytes(), "negative or impossible");
    legacy = {};
    row("cut in the pickles", legacy.bytes().substr(0, 60), "ends too early");
}

void ForeignFilesTest::saysWhatIsWrongWithALegacyFile()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const std::string error = errorOf([&] { openBytes(bytes.toStdString()); });
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
}

QTEST_APPLESS_MAIN(ForeignFilesTest)
#include "tst_foreign_files.moc"
