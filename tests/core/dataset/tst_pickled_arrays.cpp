// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/array_catalogue.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "dataset/pickled_values.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Labels = std::vector<std::int64_t>;

/// Written by Python and NumPy; tests/fuzz/make_corpus.py says what they hold.
std::string pickled(const std::string& name)
{
    return (std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fuzz/corpus/arrays" / name)
        .string();
}

std::string errorIn(const std::string& name)
{
    return errorOf([&] { openFeatures(pickled(name)); });
}

} // namespace

class PickledArraysTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

private Q_SLOTS:
    void everyFormOfADumpIsRead_data()
    {
        QTest::addColumn<QString>("file");
        for (int protocol = 0; protocol <= 5; ++protocol)
            QTest::addRow("protocol %d", protocol) << QString("dump-%1").arg(protocol);
        QTest::newRow("Python 2, protocol 0") << "dump-python2-0";
        QTest::newRow("Python 2, protocol 2") << "dump-python2-2";
        QTest::newRow("NumPy 2") << "dump-numpy2";
        QTest::newRow("column after column") << "fortran-2";
        QTest::newRow("column after column in a buffer") << "fortran-5";
        QTest::newRow("lists of numbers") << "lists";
        QTest::newRow("tuples of numbers") << "tuples";
        QTest::newRow("float16, and labels that are NumPy's numbers") << "scalars-2";
        QTest::newRow("rows of NumPy's numbers") << "scalars-4";
        QTest::newRow("ordered dictionary") << "ordered";
        QTest::newRow("dictionary in a dictionary") << "nested";
    }

    void everyFormOfADumpIsRead()
    {
        QFETCH(QString, file);
        const std::string source = pickled(file.toStdString());
        const FeatureSet set = openFeatures(source);
        QCOMPARE(set.labels, (Labels{0, 2, 2}));
        QVERIFY(set.features->read(0, 3) == (RowMatrix(3, 2) << 1, 2, 3, 4, 5, 6).finished());
        QCOMPARE(readClassSet(source, 3).counts, (Labels{1, 0, 2}));
        QVERIFY(says(readClassSet(source, 3).countsSource, {"labels of a feature file"}));
    }

    void theNameOfTheFileDoesNotMatter()
    {
        const std::string bytes = readText(pickled("dump-4"));
        for (const char* name : {"a.pkl", "b.pth", "c", "d.txt"})
            QCOMPARE(openFeatures(m_scratch.file(name, bytes)).labels, (Labels{0, 2, 2}));
    }

    void bytesInThePickleAreUsedInPlace()
    {
        for (const char* name : {"dump-3", "dump-4", "dump-5", "dump-python2-2"}) {
            const auto file = MappedFile::open(pickled(name));
            const PickledValues values(file);
            const NumberArray array = values.array(values.find("feats").value());
            QVERIFY(array.data > file->bytes().data());
            QVERIFY(array.data < file->bytes().data() + file->bytes().size());
        }
    }

    void everyTypeOfNumberIsRead()
    {
        const ArrayCatalogue catalogue = openArrays(pickled("types"));
        for (const char* type :
             {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"}) {
            const auto at = findArray(catalogue, {type}).value();
            QCOMPARE(readWholeNumbers(catalogue.read(at), "class"), (Labels{2, 0, 7}));
        }
        const auto truth = findArray(catalogue, {"b1"}).value();
        QCOMPARE(readWholeNumbers(catalogue.read(truth), "class"), (Labels{1, 0, 1}));
    }

    void otherArraysAreNamedWithTheReason_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("reason");
        QTest::newRow("big-endian") << "big"
                                    << "its numbers are big-endian (>f4); save array.astype";
        QTest::newRow("objects") << "objects"
                                 << "this is an array of Python objects";
        QTest::newRow("structured") << "structured"
                                    << "this is a structured array";
        QTest::newRow("texts") << "texts"
                               << "arrays of type <U2 are not read";
        QTest::newRow("dates") << "dates"
                               << "arrays of type <M8 are not read";
        QTest::newRow("complex") << "complex"
                                 << "arrays of type <c16 are not read";
    }

    void otherArraysAreNamedWithTheReason()
    {
        QFETCH(QString, key);
        QFETCH(QString, reason);
        const ArrayCatalogue catalogue = openArrays(pickled("types"));
        const auto at = findArray(catalogue, {key.toStdString()}).value();
        const std::string expected = "types: " + key.toStdString() + ": " + reason.toStdString();
        QVERIFY(says(errorOf([&] { catalogue.read(at); }), {expected.c_str()}));
    }

    void whatCannotBeUsedIsExplained_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* file, const char* sentence) {
            QTest::newRow(name) << file << sentence;
        };
        row("PyTorch's tensors", "tensors",
            "tensors: labels: this is a PyTorch object inside a plain pickle, which is not read; "
            "save the dictionary of tensors with torch.save");
        row("arrays beside the pickle", "out-of-band",
            "out-of-band: this pickle leaves its arrays to buffers outside of the file; write it "
            "without buffer_callback");
        row("a list of arrays", "batches",
            "batches: feats: this is a list of 2 arrays; save numpy.concatenate");
        row("rows of several lengths", "ragged",
            "ragged: feats: row 1 has 1 numbers, the first has 2");
        row("names for labels", "texts",
            "texts: labels: this is a list of 3 entries; an array or a list of numbers is "
            "expected");
        row("a name among the labels", "mixed",
            "mixed: labels: entry 1 of the list is a text, not a number");
        row("a huge label", "wide",
            "wide: labels: entry 2 of the list is a number of more than 64 bits, not a number");
        row("two splits", "two-splits",
            "\"train.feats\" and \"val.feats\" could both be the feats; leave one of them");
        row("no names", "pair",
            "pair: no features are in it (an array named features, feats or "
            "x); it holds \"0\", \"1\"");
        row("an array alone", "alone",
            "it holds an array without a name; pickle a dictionary with the keys \"features\" and "
            "\"labels\"");
        row("no samples", "empty", "empty: x: it is empty (0 x 2)");
    }

    void whatCannotBeUsedIsExplained()
    {
        QFETCH(QString, file);
        QFETCH(QString, sentence);
        QVERIFY(says(errorIn(file.toStdString()), {sentence.toStdString().c_str()}));
    }

    void damageIsNoticed()
    {
        const std::string whole = readText(pickled("dump-4"));
        const std::string cut = m_scratch.file("cut.pkl", whole.substr(0, whole.size() - 30));
        QVERIFY(says(errorOf([&] { openFeatures(cut); }),
                     {"cut.pkl: this Python pickle is damaged: it ends too early", "copy"}));
        // A shape of 3 x 2 becomes 3 x 3: BININT1 3, BININT1 2, TUPLE2.
        std::string wider = whole;
        const std::size_t shape = wider.find("K\x03K\x02\x86");
        QVERIFY(shape != std::string::npos);
        wider[shape + 3] = 3;
        const std::string path = m_scratch.file("wider.pkl", wider);
        QVERIFY(says(errorOf([&] { openFeatures(path); }),
                     {"wider.pkl: feats: an array of 3 x 3 and type <f4 cannot have 24 bytes"}));
    }

    void aShapeThatOverflowsIsNoticed()
    {
        std::string bytes = readText(pickled("dump-4"));
        const std::string wide = "\x8a\x08" + std::string(7, '\0') + "\x40";
        const std::size_t shape = bytes.find("K\x03K\x02\x86");
        bytes.replace(shape, 4, wide + wide);
        // The frame's length does not matter to the reader.
        const std::string path = m_scratch.file("overflow.pkl", bytes);
        QVERIFY(says(errorOf([&] { openFeatures(path); }), {"overflow.pkl: feats: an array of "
                                                            "4611686018427387904 x "
                                                            "4611686018427387904"}));
    }

    void oneRowNamedAMillionTimesIsRefused()
    {
        // x = [row] * 2^20 with a row of 2^10 numbers, in 2 MB: a gigabyte of numbers.
        std::string bytes = "\x80\x02}U\x01x](](";
        for (int i = 0; i < 1024; ++i)
            bytes += "K\x01";
        bytes += "eq\x01";
        bytes += std::string(1, 'e'); // the first row
        bytes += "(";
        for (int i = 0; i < 1 << 20; ++i)
            bytes += "h\x01";
        bytes += "esU\x01yK\x01s.";
        const std::string path = m_scratch.file("bomb.pkl", bytes);
        const ArrayCatalogue catalogue = openArrays(path);
        QVERIFY(says(errorOf([&] { catalogue.read(0); }),
                     {"bomb.pkl: x: a list of more than 8,388,608 numbers; save it as a NumPy "
                      "array"}));
    }

    void checkpointsStayCheckpoints()
    {
        const std::filesystem::path corpus =
            std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fuzz/corpus";
        for (const auto& entry : std::filesystem::directory_iterator(corpus / "legacy"))
            QCOMPARE(fileKind(*MappedFile::open(entry.path())), FileKind::Checkpoint);
        QCOMPARE(fileKind(*MappedFile::open(corpus / "checkpoint/training.pth")),
                 FileKind::Checkpoint);
        QCOMPARE(fileKind(*MappedFile::open(corpus / "safetensors/two")), FileKind::Checkpoint);
        QCOMPARE(fileKind(*MappedFile::open(corpus / "npz/stored")), FileKind::Npz);
        QCOMPARE(fileKind(*MappedFile::open(corpus / "npy/f4")), FileKind::Npy);
        for (const auto& entry : std::filesystem::directory_iterator(corpus / "arrays"))
            if (entry.is_regular_file())
                QCOMPARE(fileKind(*MappedFile::open(entry.path())), FileKind::Pickle);
    }
};

QTEST_APPLESS_MAIN(PickledArraysTest)
#include "tst_pickled_arrays.moc"
