// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/cifar.h"

#include <QtTest>

#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Labels = std::vector<std::int64_t>;

/// Two images each, written as Python 2 wrote the real ones: tests/fuzz/make_corpus.py.
std::string cifar(const std::string& name)
{
    return (std::filesystem::path(MONOTAIL_SOURCE_DIR) / "tests/fuzz/corpus/arrays" / name)
        .string();
}

} // namespace

class CifarTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

private Q_SLOTS:
    void aBatchGivesImagesLabelsAndNames()
    {
        const CifarBatch batch = readCifarBatch(cifar("cifar10/data_batch_1"));
        QCOMPARE(batch.images.shape, (Labels{2, 3072}));
        QVERIFY(batch.images.type == NumberType::UInt8);
        for (int at : {0, 1, 250, 251, 3071, 3072, 6143})
            QCOMPARE(std::to_integer<int>(batch.images.data[at]), at % 251);
        QCOMPARE(batch.labels, (Labels{6, 9}));
        QCOMPARE(batch.labelNames.size(), std::size_t{10});
        QCOMPARE(batch.labelNames.at(9), std::string("truck"));
        QCOMPARE(batch.part, std::string("training batch 1 of 5"));
    }

    void ofCifar100TheFineLabelsAreRead()
    {
        const CifarBatch batch = readCifarBatch(cifar("cifar100/train"));
        QCOMPARE(batch.labels, (Labels{19, 1}));
        QVERIFY(batch.labelNames.empty());
        QCOMPARE(readClassSet(cifar("cifar100/train"), 20).counts[19], std::int64_t{1});
    }

    void labelsOfABatchAreCounted()
    {
        const ClassSet set = readClassSet(cifar("cifar10/data_batch_1"), 10);
        QCOMPARE(set.counts, (Labels{0, 0, 0, 0, 0, 0, 1, 0, 0, 1}));
        QCOMPARE(set.names.at(6), std::string("frog"));
        QVERIFY(says(set.countsSource, {"data_batch_1 (labels of CIFAR's python form)"}));
        QVERIFY(says(set.warnings.at(0), {"data_batch_1 says that it is training batch 1 of 5: its "
                                          "counts are those of a part of the training split"}));
        const ClassSet test = readClassSet(cifar("cifar10/test_batch"), 10);
        QVERIFY(says(test.warnings.at(0),
                     {"test_batch says that it is the test split; counts must come from the "
                      "training split"}));
    }

    void imagesAreNoFeatures()
    {
        QVERIFY(says(errorOf([] { openFeatures(cifar("cifar10/data_batch_1")); }),
                     {"data_batch_1: no features are in it",
                      "this is CIFAR's python form: images and labels, not features"}));
        QVERIFY(says(errorOf([] { readClassSet(cifar("cifar10/batches.meta"), 10); }),
                     {"batches.meta: neither labels", "this is CIFAR's list of class names"}));
    }

    void theMetaFileNamesTheClasses()
    {
        const std::string counts = m_scratch.file("counts.txt", "9\n8\n7\n6\n5\n4\n3\n2\n1\n1\n");
        const ClassSet set = readClassSet(counts, 10, {cifar("cifar10/batches.meta"), {}});
        QCOMPARE(set.names.at(0), std::string("airplane"));
        QVERIFY(says(errorOf([] { readCifarNames(cifar("dump-4")); }),
                     {"dump-4: no class names (label_names or fine_label_names) are in it"}));
    }

    void otherFilesAreNoBatches()
    {
        QVERIFY(says(errorOf([] { readCifarBatch(cifar("dump-4")); }),
                     {"dump-4: this is no batch of CIFAR images"}));
        std::string bytes = readText(cifar("cifar10/data_batch_1"));
        const std::size_t labels = bytes.find("K\x06K\x09");
        QVERIFY(labels != std::string::npos);
        bytes.erase(labels, 2);
        const std::string path = m_scratch.file("short", bytes);
        QVERIFY(says(errorOf([&] { readCifarBatch(path); }), {"short: 2 images, but 1 labels"}));
    }
};

QTEST_APPLESS_MAIN(CifarTest)
#include "tst_cifar.moc"
