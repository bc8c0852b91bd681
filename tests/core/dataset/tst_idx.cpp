// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/idx.h"

#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/array_catalogue.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Labels = std::vector<std::int64_t>;

/// Written by tests/fuzz/make_corpus.py, which says what they hold.
std::string idx(const std::string& name)
{
    return (std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fuzz/corpus/idx" / name).string();
}

} // namespace

class IdxTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

    std::string errorIn(const std::string& name, const std::string& bytes)
    {
        const std::string path = m_scratch.file(name, bytes);
        return errorOf([&] { readIdx(MappedFile::open(path)); });
    }

private Q_SLOTS:
    void everyTypeIsRead_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* type : {"u1", "i1", "i2", "i4", "f4", "f8"})
            QTest::newRow(type) << QString("numbers-%1").arg(type);
        QTest::newRow("packed") << "numbers.gz";
    }

    void everyTypeIsRead()
    {
        QFETCH(QString, file);
        const auto rows = asRows(readIdx(MappedFile::open(idx(file.toStdString()))));
        QVERIFY(rows->read(0, 2) == (RowMatrix(2, 2) << 2, 0, 7, 1).finished());
    }

    void bytesStayMapped()
    {
        const auto file = MappedFile::open(idx("images"));
        const NumberArray images = readIdx(file);
        QCOMPARE(images.data, file->bytes().data() + 16);
        QCOMPARE(images.shape, (Labels{2, 3, 4}));
        QCOMPARE(images.stride, (Labels{12, 4, 1}));
    }

    void labelsAreCounted()
    {
        for (const char* name : {"labels", "labels.gz"}) {
            const ClassSet set = readClassSet(idx(name), 3);
            QCOMPARE(set.counts, (Labels{1, 1, 2}));
            QVERIFY(says(set.countsSource, {"labels of an IDX file"}));
        }
    }

    void aRealSetIsReadAndKnownForItsTestSplit()
    {
        const std::string path = (demoFolder() / "t10k-labels-idx1-ubyte.gz").string();
        const ClassSet set = readClassSet(path, 10);
        QCOMPARE(set.counts, Labels(10, 1000)); // Fashion-MNIST
        QVERIFY(says(set.warnings.at(0), {"it is the test split"}));
        const NumberArray images =
            readIdx(MappedFile::open(demoFolder() / "t10k-images-idx3-ubyte.gz"));
        QCOMPARE(images.shape, (Labels{10000, 28, 28}));
    }

    void imagesAreNamedForWhatTheyAre()
    {
        for (const char* name : {"images", "images.gz"}) {
            QVERIFY(says(errorOf([&] { openFeatures(idx(name)); }),
                         {"no features are in it", "this is an IDX file of images (2 x 3 x 4)"}));
            QVERIFY(says(errorOf([&] { readClassSet(idx(name), 3); }),
                         {"neither labels", "this is an IDX file of images (2 x 3 x 4)"}));
        }
    }

    void damageIsExplained()
    {
        const std::string whole = readText(idx("labels"));
        QVERIFY(says(errorIn("cut", whole.substr(0, whole.size() - 1)),
                     {"cut: its header says 4 of 1 bytes each, but 3 bytes follow; the file is "
                      "truncated"}));
        QVERIFY(says(errorIn("more", whole + "x"), {"but 5 bytes follow"}));
        std::string huge = readText(idx("images"));
        huge.replace(4, 12, std::string(12, '\xff'));
        QVERIFY(says(errorIn("huge", huge), {"huge: its header says 4294967295 x 4294967295 x "
                                             "4294967295 of 1 bytes each"}));
        QVERIFY(says(errorIn("text", "label\n1\n"), {"text: this is no IDX file"}));
    }

    void damageOfAPackedFileIsExplained()
    {
        const std::string whole = readText(idx("images.gz"));
        const std::string sentence = "does not inflate to the 40 bytes that it should have";
        QVERIFY(says(errorIn("cut.gz", whole.substr(0, whole.size() - 1)), {sentence.c_str()}));
        std::string changed = whole;
        changed[changed.size() - 6] ^= 1; // the checksum
        QVERIFY(says(errorIn("changed.gz", changed), {sentence.c_str()}));
    }

    void aPackedFileThatClaimsGigabytesIsRefused()
    {
        // gzip of 00 00 08 02, 65536 x 65536, in a stored block: 12 bytes, no data behind them.
        const std::string header("\0\0\x08\x02\0\x01\0\0\0\x01\0\0", 12);
        std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x0c\0\xf3\xff", 15);
        packed += header + std::string(8, '\0');
        QVERIFY(says(errorIn("bomb.gz", packed),
                     {"bomb.gz claims 4294967308 bytes from 35; the file is damaged"}));
        // As large as the claim of a large file may be: a sentence, not four gigabytes.
        packed += std::string(5'000'000, '\0');
        QVERIFY(says(errorIn("large.gz", packed),
                     {"large.gz is too large to be inflated into memory (4,294,967,308 bytes); "
                      "unpack it with gunzip"}));
    }
};

QTEST_APPLESS_MAIN(IdxTest)
#include "tst_idx.moc"
