// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/checkpoint.h"

#include <algorithm>

#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::vector<std::string> namesOf(const Checkpoint& checkpoint)
{
    std::vector<std::string> names;
    for (const Tensor& tensor : checkpoint.tensors)
        names.push_back(tensor.name);
    return names;
}

const ScalarEntry* scalarOf(const Checkpoint& checkpoint, const std::string& name)
{
    for (const ScalarEntry& scalar : checkpoint.scalars)
        if (scalar.name == name)
            return &scalar;
    return nullptr;
}

const std::string six = floats({1, 2, 3, 4, 5, 6});
const std::string parameter = "ctorch._utils\n_rebuild_parameter\n";

/// A module object with the three dictionaries of torch.nn.Module.
std::string module(const std::string& name, const std::string& parameters,
                   const std::string& modules)
{
    return global("nets", name) + ")\x81" +
           dict({{"training", "\x89"},
                 {"_parameters", parameters},
                 {"_buffers", "}"},
                 {"_modules", modules}}) +
           "b";
}

} // namespace

class CheckpointTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsOfWholeNumbersAreListed()
    {
        const std::string counts = std::string("(") + integer(5) + integer(3) + integer(1) + "l";
        const std::string mixed = std::string("(") + integer(5) + text("x") + "l";
        const auto checkpoint = openBytes(
            torchZip(dict({{"cls_num_list", counts}, {"mixed", mixed}, {"none", "]"}}), {}));
        QCOMPARE(checkpoint->lists.size(), std::size_t(1));
        QCOMPARE(checkpoint->lists[0].name, std::string("cls_num_list"));
        QCOMPARE(checkpoint->lists[0].values, (std::vector<std::int64_t>{5, 3, 1}));
    }

    void listsWhatATrainingCheckpointHolds();
    void namesTensorsAsPyTorchDoes_data();
    void namesTensorsAsPyTorchDoes();
    void readsThroughStridesAndOffset_data();
    void readsThroughStridesAndOffset();
    void readsEveryWrapperOfATensor_data();
    void readsEveryWrapperOfATensor();
    void refusesTensorsOutsideTheirStorage_data();
    void refusesTensorsOutsideTheirStorage();
    void refusesArchivesThatDoNotFit_data();
    void refusesArchivesThatDoNotFit();
    void survivesValuesBuiltToHurt_data();
    void survivesValuesBuiltToHurt();
    void listsBeyondReasonAreLeftOut();
    void aStorageWithAnEndlessKeyIsNone();
    void valuesMayContainThemselves();
    void repeatedNamesKeepTheLast();
    void sharedStoragesAreListedOnce();
    void doesNotReadHugeRepeatedTensors();
    void readsTorchScript();
};

void CheckpointTest::listsWhatATrainingCheckpointHolds()
{
    const auto checkpoint = openCheckpoint(demoFolder() / "stage1.pth.tar");
    QCOMPARE(checkpoint->format, std::string("zip"));
    QCOMPARE(checkpoint->tensors.size(), std::size_t{67});
    QCOMPARE(checkpoint->storages.size(), std::size_t{67});
    const Tensor* weight = checkpoint->find("state_dict.linear.weight");
    QVERIFY(weight);
    QCOMPARE(weight->shape, (std::vector<std::int64_t>{10, 64}));
    QCOMPARE(weight->container, std::string("state_dict.").size());
    QVERIFY(weight->dtype == DType::Float32);
    QVERIFY(!checkpoint->find("linear.weight"));
    QVERIFY(checkpoint->find("optimizer.state.21.momentum_buffer"));
    QCOMPARE(std::get<std::int64_t>(scalarOf(*checkpoint, "epoch")->value), std::int64_t{60});
    QCOMPARE(std::get<double>(scalarOf(*checkpoint, "best_acc1")->value), 68.31);
    QCOMPARE(std::get<std::string>(scalarOf(*checkpoint, "arch")->value), std::string("resnet8"));
    QCOMPARE(std::get<double>(scalarOf(*checkpoint, "args.lr")->value), 0.1);
    QCOMPARE(checkpoint->objects, std::vector<std::string>{"args: argparse.Namespace"});
    QVERIFY(checkpoint->warnings.empty());
}

void CheckpointTest::namesTensorsAsPyTorchDoes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("container");
    const std::string t = tensor({{2, 3}, {3, 1}, "0", 6, 0});
    const auto row = [](const char* name, const std::string& value, const char* tensorName,
                        int container) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QString(tensorName) << container;
    };
    row("a state_dict", dict({{"fc.weight", t}}), "fc.weight", 0);
    row("inside dictionaries", dict({{"best", dict({{"net", dict({{"module.fc.weight", t}})}})}}),
        "best.net.module.fc.weight", 9);
    row("a whole module",
        module("Net", "}", dict({{"fc", module("Linear", dict({{"weight", t}}), "}")}})),
        "fc.weight", 0);
    row("a module in a dictionary",
        dict({{"model",
               module("Net", "}", dict({{"fc", module("Linear", dict({{"weight", t}}), "}")}}))}}),
        "model.fc.weight", 6);
    row("a list", "](" + t + "e", "0", 0);
    row("a tuple below a key", dict({{"pair", "(N" + t + "t"}}), "pair.1", 0);
    row("an attribute of an object",
        dict({{"args", "cargparse\nNamespace\n)\x81" + dict({{"w", t}}) + "b"}}), "args.w", 5);
    row("a number as key", dict({{"state", "}K\x07" + t + "s"}}), "state.7", 6);
    row("a class as key", "}cpl\nModelCheckpoint\n" + t + "s", "<class 'pl.ModelCheckpoint'>", 0);
    row("a tensor alone", t, "tensor", 0);
}

void CheckpointTest::namesTensorsAsPyTorchDoes()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, name);
    QFETCH(int, container);
    const auto checkpoint = openBytes(torchZip(value.toStdString(), {six}));
    QCOMPARE(namesOf(*checkpoint), std::vector<std::string>{name.toStdString()});
    QCOMPARE(checkpoint->tensors.front().container, static_cast<std::size_t>(container));
    QCOMPARE(readTensor(*checkpoint, checkpoint->tensors.front()),
             (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

void CheckpointTest::readsThroughStridesAndOffset_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QVector<double>>("numbers");
    const auto row = [](const char* name, const TensorPickle& t, const QVector<double>& numbers) {
        QTest::newRow(name) << QByteArray::fromStdString(dict({{"t", tensor(t)}})) << numbers;
    };
    row("contiguous", {{2, 3}, {3, 1}, "0", 6, 0}, {1, 2, 3, 4, 5, 6});
    row("transposed", {{3, 2}, {1, 3}, "0", 6, 0}, {1, 4, 2, 5, 3, 6});
    row("a slice", {{2}, {1}, "0", 6, 3}, {4, 5});
    row("every second", {{3}, {2}, "0", 6, 1}, {2, 4, 6});
    row("repeated", {{2, 2}, {0, 1}, "0", 6, 4}, {5, 6, 5, 6});
    row("channels last", {{1, 2, 3, 1}, {6, 1, 2, 2}, "0", 6, 0}, {1, 3, 5, 2, 4, 6});
    row("a scalar", {{}, {}, "0", 6, 2}, {3});
    row("empty", {{0, 3}, {3, 1}, "0", 6, 0}, {});
    row("size one with any stride", {{1, 2}, {INT64_MAX, 1}, "0", 6, 0}, {1, 2});
}

void CheckpointTest::readsThroughStridesAndOffset()
{
    QFETCH(QByteArray, value);
    QFETCH(QVector<double>, numbers);
    const auto checkpoint = openBytes(torchZip(value.toStdString(), {six}));
    const Tensor& tensor = checkpoint->tensors.at(0);
    const std::vector<double> read = readTensor(*checkpoint, tensor);
    QCOMPARE(QVector<double>(read.begin(), read.end()), numbers);
    QCOMPARE(tensor.elements(), static_cast<std::int64_t>(numbers.size()));
    const std::vector<float> narrow(numbers.begin(), numbers.end());
    QCOMPARE(readTensorAsFloat(*checkpoint, tensor), narrow);
    const std::vector<std::byte> bytes = readTensorBytes(*checkpoint, tensor);
    QCOMPARE(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
             floats(narrow));
}

void CheckpointTest::readsEveryWrapperOfATensor_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("dtype");
    const auto row = [](const char* name, const std::string& value, const char* dtype) {
        QTest::newRow(name) << QByteArray::fromStdString(dict({{"t", value}})) << QString(dtype);
    };
    const std::string t = tensor({{2, 3}, {3, 1}, "0", 6, 0});
    const std::string stored =
        "(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\x06tQ";
    const std::string untyped = "(" + text("storage") + "ctorch.storage\nUntypedStorage\n" +
                                text("0") + text("cpu") + "K\x18tQ";
    const std::string layout = integer(0) + tuple({2, 3}) + tuple({3, 1});
    row("a parameter", parameter + "(" + t + "\x88NtR", "float32");
    row("a subclass of a tensor",
        "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\ncmine\nTensor\n"
        "(" +
            stored + layout + "\x89NtNtR",
        "float32");
    row("before version 2", "ctorch._utils\n_rebuild_tensor\n(" + stored + layout + "tR",
        "float32");
    row("version 3, with its type",
        "ctorch._utils\n_rebuild_tensor_v3\n(" + untyped + layout + "\x89Nctorch\nfloat32\nNtR",
        "float32");
    row("on a graphics card",
        "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch.cuda\nFloatStorage\n" +
            text("0") + text("cuda:0") + "K\x06tQ" + layout + "\x89NtR",
        "float32");
    row("its size a torch.Size",
        "ctorch._utils\n_rebuild_tensor_v2\n(" + stored + std::string("K\0", 2) +
            "ctorch\nSize\n(K\x02K\x03t\x85R(K\x03K\x01t\x89NtR",
        "float32");
    row("quantised",
        "ctorch._utils\n_rebuild_qtensor\n((" + text("storage") + "ctorch\nQInt8Storage\n" +
            text("0") + text("cpu") + "K\x18tQ" + layout + "NtR",
        "qint8");
}

void CheckpointTest::readsEveryWrapperOfATensor()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, dtype);
    const auto checkpoint = openBytes(torchZip(value.toStdString(), {six}));
    QCOMPARE(namesOf(*checkpoint), std::vector<std::string>{"t"});
    const Tensor& read = checkpoint->tensors.front();
    QCOMPARE(std::string(nameOf(read.dtype)), dtype.toStdString());
    QCOMPARE(read.shape, (std::vector<std::int64_t>{2, 3}));
    const std::string bytes = six.substr(0, 6 * sizeOf(read.dtype));
    const std::vector<std::byte> data = readTensorBytes(*checkpoint, read);
    QCOMPARE(std::string(reinterpret_cast<const char*>(data.data()), data.size()), bytes);
}

void CheckpointTest::refusesTensorsOutsideTheirStorage_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const TensorPickle& t, const char* sentence) {
        QTest::newRow(name) << QByteArray::fromStdString(dict({{"fc.weight", tensor(t)}}))
                            << QString(sentence);
    };
    const char* outside = "tensor 'fc.weight' (2 x 4) reaches outside its storage of 6 elements";
    row("too many elements", {{2, 4}, {4, 1}, "0", 6, 0}, outside);
    row("offset too large", {{2}, {1}, "0", 6, 5}, "reaches outside its storage");
    row("stride too large", {{2, 2}, {5, 1}, "0", 6, 0}, "reaches outside its storage");
    row("stride overflows", {{3}, {INT64_MAX}, "0", 6, 0}, "reaches outside");
    row("offset overflows", {{3}, {1}, "0", 6, INT64_MAX}, "reaches outside");
    row("product overflows", {{INT64_MAX, 3}, {0, 1}, "0", 6, 0}, "impossible size");
    row("negative size", {{-2, 3}, {3, 1}, "0", 6, 0}, "negative or impossible size");
    row("negative stride", {{2, 3}, {-3, 1}, "0", 6, 3}, "reaches outside");
    row("negative offset", {{2}, {1}, "0", 6, -1}, "negative or impossible");
    row("fewer strides than sizes", {{2, 3}, {1}, "0", 6, 0}, "as many strides as 1 dimensions");
    row("storage shorter than it says", {{2, 3}, {3, 1}, "0", 7, 0},
        "should have 7 elements of type float32 but has 24 bytes");
    row("storage missing", {{2, 3}, {3, 1}, "5", 6, 0}, "the storage 'data/5' is missing");
    row("elements narrower than they say", {{2, 3}, {3, 1}, "0", 6, 0, "DoubleStorage"},
        "should have 6 elements of type float64 but has 24 bytes");
}

void CheckpointTest::refusesTensorsOutsideTheirStorage()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, sentence);
    const std::string error = errorOf([&] { openBytes(torchZip(value.toStdString(), {six})); });
    QCOMPARE(error.substr(0, 10), std::string("test.pth: "));
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
    QVERIFY2(error.find("the file is damaged") != std::string::npos, error.c_str());
}

void CheckpointTest::refusesArchivesThatDoNotFit_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const ZipBuilder& zip, const char* sentence) {
        QTest::newRow(name) << QByteArray::fromStdString(zip.finish()) << QString(sentence);
    };
    const std::string empty = pickle("}");
    ZipBuilder compressed;
    MemberOptions options;
    options.method = 8;
    compressed.add("a/data.pkl", empty, options);
    row("compressed", compressed, "member 'a/data.pkl' is compressed");
    ZipBuilder bigEndian;
    bigEndian.add("a/data.pkl", empty);
    bigEndian.add("a/byteorder", "big");
    row("big-endian", bigEndian, "saved on a big-endian machine");
    ZipBuilder two;
    two.add("a/data.pkl", empty);
    two.add("b/data.pkl", empty);
    row("two checkpoints", two, "a zip archive with 2 files named data.pkl");
    ZipBuilder other;
    other.add("word/document.xml", "<xml/>");
    row("another zip", other, "not a PyTorch checkpoint: it has no data.pkl; it holds 1 members");
    ZipBuilder old;
    old.add("m/model.json", "{}");
    row("old TorchScript", old, "a TorchScript file of PyTorch before 1.4");
    row("empty zip", ZipBuilder(), "it has no data.pkl");
}

void CheckpointTest::refusesArchivesThatDoNotFit()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    const std::string error = errorOf([&] { openBytes(bytes.toStdString()); });
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
}

void CheckpointTest::survivesValuesBuiltToHurt_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("sentence");
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "]";
    deep += std::string(99'999, 'a');
    QTest::newRow("nested deeply")
        << QByteArray::fromStdString(deep) << "nested more than 200 levels deep";
    // Each list holds the one before it ten times: 10^20 values in 20 lists.
    std::string laughs = "]";
    for (int i = 0; i < 20; ++i) {
        const std::string store = std::string("q") + static_cast<char>(i);
        const std::string recall = std::string("h") + static_cast<char>(i);
        laughs += store + "0](";
        for (int j = 0; j < 10; ++j)
            laughs += recall;
        laughs += "e";
    }
    QTest::newRow("shared many times over")
        << QByteArray::fromStdString(laughs) << "the same ones too many times over";
    const std::string t = tensor({{2, 3}, {3, 1}, "0", 6, 0});
    std::string copies = "](" + t + "e";
    for (int i = 0; i < 8; ++i) {
        const std::string store = std::string("q") + static_cast<char>(i);
        const std::string recall = std::string("h") + static_cast<char>(i);
        copies += store + "0](";
        for (int j = 0; j < 10; ++j)
            copies += recall;
        copies += "e";
    }
    QTest::newRow("tensors shared many times over")
        << QByteArray::fromStdString(copies) << "the same ones too many times over";
    // 64 MiB each, made of one number.
    const std::string repeats = "](" + tensor({{4096, 4096}, {0, 0}, "0", 6, 0}) + "q0";
    QTest::newRow("tensors that repeat a number")
        << QByteArray::fromStdString(repeats + "h0h0h0h0e")
        << "share or repeat stored numbers so often that reading them takes more than 335544320 "
           "bytes";
    std::string named = "}(";
    for (int i = 0; i < 1'000; ++i)
        named += text(std::to_string(i)) + "K\x01";
    named += "u";
    for (int i = 0; i < 190; ++i)
        named = dict({{std::string(1'000, 'k'), named}});
    QTest::newRow("numbers with long names")
        << QByteArray::fromStdString(named) << "the same ones too many times over";
}

void CheckpointTest::survivesValuesBuiltToHurt()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, sentence);
    const std::string error = errorOf([&] { openBytes(torchZip(value.toStdString(), {six})); });
    QVERIFY2(error.find(sentence.toStdString()) != std::string::npos, error.c_str());
}

void CheckpointTest::listsBeyondReasonAreLeftOut()
{
    const std::string end = "e";
    std::string many = "](";
    for (int i = 0; i < 10'001; ++i)
        many += "](K\x01K\x02" + end;
    QCOMPARE(openBytes(torchZip(many + end, {}))->lists.size(), std::size_t{10'000});
    // A list of 1,100,000 numbers, which would be too many twice.
    std::string numbers = "](](";
    for (int i = 0; i < 1'100'000; ++i)
        numbers += "K\x01";
    numbers += end + "q\x01h\x01" + end;
    QCOMPARE(openBytes(torchZip(numbers, {}))->lists.size(), std::size_t{1});
}

void CheckpointTest::aStorageWithAnEndlessKeyIsNone()
{
    const std::string value = dict({{"t", tensor({{2}, {1}, std::string(1'001, '0'), 6, 0})}});
    QVERIFY(openBytes(torchZip(value, {six}))->tensors.empty());
}

void CheckpointTest::valuesMayContainThemselves()
{
    // d = {}; d['me'] = d; d['t'] = tensor
    const std::string t = tensor({{2, 3}, {3, 1}, "0", 6, 0});
    const std::string value = "}q\x01(" + text("me") + "h\x01" + text("t") + t + "u";
    QCOMPARE(namesOf(*openBytes(torchZip(value, {six}))), std::vector<std::string>{"t"});
}

void CheckpointTest::repeatedNamesKeepTheLast()
{
    const std::string value = dict({{"a.b", tensor({{2}, {1}, "0", 6, 0})},
                                    {"a", dict({{"b", tensor({{3}, {1}, "0", 6, 0})}})}});
    const auto checkpoint = openBytes(torchZip(value, {six}));
    QCOMPARE(checkpoint->tensors.size(), std::size_t{1});
    QCOMPARE(checkpoint->tensors[0].shape, std::vector<std::int64_t>{3});
    QCOMPARE(checkpoint->warnings,
             Warnings{"1 tensors carry a name that a later one carries too (a.b); the last of each "
                      "name is used"});
}

void CheckpointTest::sharedStoragesAreListedOnce()
{
    const std::string value =
        dict({{"a", tensor({{2}, {1}, "0", 6, 0})}, {"b", tensor({{2}, {1}, "0", 6, 4})}});
    const auto checkpoint = openBytes(torchZip(value, {six}));
    QCOMPARE(checkpoint->storages.size(), std::size_t{1});
    QCOMPARE(readTensor(*checkpoint, checkpoint->tensors[1]), (std::vector<double>{5, 6}));
}

void CheckpointTest::doesNotReadHugeRepeatedTensors()
{
    const std::string value = dict({{"t", tensor({{std::int64_t{1} << 40}, {0}, "0", 6, 0})}});
    const auto checkpoint = openBytes(torchZip(value, {six}));
    const std::string error =
        errorOf([&] { readTensor(*checkpoint, checkpoint->tensors.front()); });
    QCOMPARE(error, std::string("test.pth: tensor 't' repeats 6 stored elements to 1099511627776; "
                                "it is not read"));
}

void CheckpointTest::readsTorchScript()
{
    const std::string t = tensor({{2, 3}, {3, 1}, "0", 6, 0});
    const std::string layer = "c__torch__.torch.nn.modules.linear\nLinear\n)\x81" +
                              dict({{"training", "\x89"}, {"weight", t}}) + "b";
    ZipBuilder zip;
    zip.add("net/data.pkl",
            pickle("c__torch__\nNet\n)\x81" + dict({{"training", "\x89"}, {"fc", layer}}) + "b"));
    zip.add("net/data/0", six);
    zip.add("net/constants.pkl", "\x80\x02).");
    zip.add("net/code/__torch__.py", "class Net(Module):");
    const auto checkpoint = openBytes(zip.finish());
    QCOMPARE(checkpoint->format, std::string("torchscript"));
    QCOMPARE(namesOf(*checkpoint), std::vector<std::string>{"fc.weight"});
    QCOMPARE(checkpoint->objects, std::vector<std::string>{"__torch__.Net"});
}

QTEST_APPLESS_MAIN(CheckpointTest)
#include "tst_checkpoint.moc"
