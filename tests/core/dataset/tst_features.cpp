// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/dataset/numpy_files.h"
#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "dataset/features.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Labels = std::vector<std::int64_t>;

const std::string features3x2 = npy("<f4", "(3, 2)", bytesOf<float>({1, 2, 3, 4, 5, 6}));
const std::string labels3 = npy("<i8", "(3,)", bytesOf<std::int64_t>({0, 2, 2}));
const std::string logits3x3 = npy("<f4", "(3, 3)", bytesOf<float>({1, 0, 0, 0, 0, 1, 0, 0, 1}));

/// `header` is JSON with ' for ", for the eye and for moc, which raw strings confuse.
std::string safetensors(std::string header, const std::string& data)
{
    std::replace(header.begin(), header.end(), '\'', '"');
    return little(header.size(), 8) + header + data;
}

std::string errorIn(const std::string& source)
{
    return errorOf([&] { openFeatures(source); });
}

} // namespace

class FeaturesTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

    void checkThree(const std::string& source, bool hasLogits)
    {
        const FeatureSet set = openFeatures(source);
        QCOMPARE(set.source, source);
        QCOMPARE(set.labels, (Labels{0, 2, 2}));
        QVERIFY(set.features->read(1, 3) == (RowMatrix(2, 2) << 3, 4, 5, 6).finished());
        QCOMPARE(set.logits != nullptr, hasLogits);
        if (hasLogits)
            QVERIFY(set.logits->read(0, 1) == (RowMatrix(1, 3) << 1, 0, 0).finished());
        QCOMPARE(readClassSet(source, 3).counts, (Labels{1, 0, 2}));
    }

private Q_SLOTS:
    void storedAndDeflatedNpzAreRead()
    {
        for (const bool isDeflated : {false, true}) {
            const std::string bytes = zip({{"Feats.npy", features3x2},
                                           {"names.npy", npy("|O", "(1,)", "pickled!")},
                                           {"targets.npy", labels3},
                                           {"logits.npy", logits3x3}},
                                          isDeflated);
            checkThree(m_scratch.file(isDeflated ? "deflated.npz" : "stored.npz", bytes), true);
        }
    }

    void npyPairsAndFoldersAreRead()
    {
        const std::string x = m_scratch.file("split/features.npy", features3x2);
        const std::string y = m_scratch.file("split/labels.npy", labels3);
        checkThree(x + "," + y, false);
        checkThree(m_scratch.folder("split"), false);
        checkThree(x + "," + y + "," + m_scratch.file("logits.npy", logits3x3), true);
    }

    void safetensorsAreReadWithTheirOrigin()
    {
        const std::string header =
            "{'__metadata__':{'split':'val','backbone_sha256':'ab','logits_head_sha256':'cd',"
            "'precision':'bfloat16','preprocessing':'none','classes':'[\\'cat\\',\\'dog\\',\\'"
            "owl\\']'},"
            "'data.x':{'dtype':'BF16','shape':[3,2,1,1],'data_offsets':[0,12]},"
            "'data.y':{'dtype':'I32','shape':[3,1],'data_offsets':[12,24]}}";
        const std::string data =
            bytesOf<std::uint16_t>({0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x40c0}) +
            bytesOf<std::int32_t>({0, 2, 2});
        const std::string path = m_scratch.file("val.safetensors", safetensors(header, data));
        checkThree(path, false);
        const FeatureOrigin origin = openFeatures(path).origin;
        QCOMPARE(origin.backboneDigest, std::string("ab"));
        QCOMPARE(origin.logitsHeadDigest, std::string("cd"));
        QCOMPARE(origin.split, std::string("val"));
        QCOMPARE(origin.precision, std::string("bfloat16"));
        QCOMPARE(origin.preprocessing, std::string("none"));
        QCOMPARE(origin.classes, (std::vector<std::string>{"cat", "dog", "owl"}));
        const ClassSet set = readClassSet(path, {});
        QCOMPARE(set.names, origin.classes);
        QVERIFY(
            says(set.warnings.at(0), {"it is the val split; counts must come from the training"}));
    }

    void storedCountsOfACheckpointAreRead()
    {
        const std::string header =
            "{'fc.weight':{'dtype':'F32','shape':[3,1],'data_offsets':[0,12]},"
            "'criterion.cls_num_list':{'dtype':'F32','shape':[3],'data_offsets':[12,24]}}";
        const std::string path = m_scratch.file(
            "model.safetensors", safetensors(header, bytesOf<float>({1, 2, 3, 90, 9, 1})));
        const ClassSet set = readClassSet(path, 3);
        QCOMPARE(set.counts, (Labels{90, 9, 1}));
        QVERIFY(says(set.countsSource, {"counts stored in the checkpoint"}));
    }

    void whatIsMissingOrDisagreesIsNamed()
    {
        const auto npz = [&](std::vector<std::pair<std::string, std::string>> members) {
            return m_scratch.file("bad.npz", zip(members, false));
        };
        QVERIFY(says(errorIn(npz({{"a.npy", features3x2}, {"labels.npy", labels3}})),
                     {"bad.npz: no features are in it", "it holds \"a\", \"labels\""}));
        QVERIFY(says(errorIn(npz({{"x.npy", features3x2}})), {"bad.npz: no labels are in it"}));
        QVERIFY(says(errorIn(npz({{"x.npy", labels3}, {"y.npy", labels3}})),
                     {"bad.npz: x: one row per sample (N x D) is expected, found 3"}));
        QVERIFY(says(errorIn(npz({{"x.npy", features3x2}, {"y.npy", features3x2}})),
                     {"bad.npz: y: one number per sample is expected, found 3 x 2"}));
        const std::string two = npy("<i8", "(2,)", bytesOf<std::int64_t>({0, 1}));
        QVERIFY(says(errorIn(npz({{"x.npy", features3x2}, {"y.npy", two}})),
                     {"bad.npz: 3 rows of features, but 2 labels"}));
        const std::string negative = npy("<i8", "(3,)", bytesOf<std::int64_t>({0, -1, 2}));
        QVERIFY(says(errorIn(npz({{"x.npy", features3x2}, {"y.npy", negative}})),
                     {"bad.npz: y: sample 1 has label -1"}));
        const std::string half = npy("<f4", "(3,)", bytesOf<float>({0, 1.5f, 2}));
        QVERIFY(says(errorIn(npz({{"x.npy", features3x2}, {"y.npy", half}})),
                     {"bad.npz: y: sample 1 has 1.5, which is no whole number"}));
        QVERIFY(says(errorIn(npz({{"a.x.npy", features3x2}, {"b.x.npy", features3x2}})),
                     {"\"a.x\" and \"b.x\" could both be the x"}));
        const std::string empty = npy("<f4", "(0, 2)", "");
        QVERIFY(says(errorIn(npz({{"x.npy", empty}, {"y.npy", npy("<i8", "(0,)", "")}})),
                     {"bad.npz: x: it is empty (0 x 2)"}));
    }

    void damagedArchivesAreRefused()
    {
        std::string bytes = zip({{"x.npy", features3x2}, {"y.npy", labels3}}, true);
        bytes[40] = static_cast<char>(bytes[40] ^ 0x55);
        QVERIFY(says(errorIn(m_scratch.file("flipped.npz", bytes)), {"flipped.npz", "damaged"}));
        // The directory claims a terabyte (2^32 - 2 bytes here) from a few.
        bytes = zip({{"x.npy", features3x2}, {"y.npy", labels3}}, true);
        const std::size_t entry = bytes.find("PK\x01\x02");
        bytes.replace(entry + 24, 4, "\xfe\xff\xff\x7f");
        QVERIFY(
            says(errorIn(m_scratch.file("bomb.npz", bytes)), {"bomb.npz: x claims 2147483646"}));
        // 72 MB of zeros, which deflate to 70 kB.
        const std::string zeros = npy("<f4", "(3, 6000000)", std::string(72'000'000, '\0'));
        bytes = zip({{"x.npy", zeros}, {"y.npy", labels3}}, true);
        QVERIFY(says(errorIn(m_scratch.file("zeros.npz", bytes)),
                     {"zeros.npz: x is too large to be inflated", "numpy.savez"}));
    }

    void otherFilesAreNamedForWhatTheyAre()
    {
        QVERIFY(says(errorIn(m_scratch.file("alone.npy", features3x2)),
                     {"alone.npy: one .npy file is not enough"}));
        QVERIFY(says(errorIn(m_scratch.file("list.txt", "a.jpg 1\n")),
                     {"list.txt: this is no feature file"}));
        QVERIFY(says(errorIn(m_scratch.folder("nothing")), {"nothing: no .npy files"}));
        QVERIFY(says(errorIn("a.npy,b.npy,c.npy,d.npy"), {"two or three .npy files"}));
        QVERIFY(says(errorIn("/nowhere/x.npy,/nowhere/y.npy"), {"/nowhere/y.npy: cannot open"}));
    }

    void featuresThatDoNotFitTheHeadAreRefused()
    {
        const std::string source = m_scratch.file(
            "fit.npz",
            zip({{"x.npy", features3x2}, {"y.npy", labels3}, {"logits.npy", logits3x3}}, false));
        const FeatureSet set = openFeatures(source);
        const auto check = [&](std::int64_t classes, std::int64_t width) {
            return errorOf([&] { checkFeatures(set, classes, width, "net.pth"); });
        };
        QCOMPARE(check(3, 2), std::string());
        QVERIFY(says(check(2, 2), {"fit.npz: sample 1 has label 2, but the head of net.pth has 2 "
                                   "classes (0 to 1);"}));
        QVERIFY(says(check(3, 64), {"fit.npz: the features have 2 numbers per sample, but the head "
                                    "of net.pth takes 64"}));
        QVERIFY(says(check(4, 2), {"fit.npz: its logits are of 3 classes"}));
    }

    void theDemoFeaturesFitTheirCounts()
    {
        const std::string source = (demoFolder() / "features-test.safetensors").string();
        const FeatureSet set = openFeatures(source);
        QCOMPARE(set.samples(), std::int64_t(10000));
        QCOMPARE(set.features->width(), std::int64_t(64));
        QCOMPARE(set.logits->width(), std::int64_t(10));
        QCOMPARE(set.origin.split, std::string("test"));
        QCOMPARE(set.origin.classes.at(9), std::string("Ankle boot"));
        checkFeatures(set, 10, 64, "stage1.pth.tar");
        const ClassSet train =
            readClassSet((demoFolder() / "features-train.safetensors").string(), 10);
        const ClassSet counts = readClassSet((demoFolder() / "counts.csv").string(), 10);
        QCOMPARE(train.counts, counts.counts);
        QCOMPARE(train.names, counts.names);
    }

    void halfPrecisionFeaturesOfARealSetAreRead()
    {
        MONOTAIL_NEEDS_SHARED();
        const auto folder = sharedFolder() / "data/tiny-imagenet-lt";
        const FeatureSet set = openFeatures((folder / "features-val.safetensors").string());
        QCOMPARE(set.samples(), std::int64_t(10000));
        const RowMatrix features = set.features->read(0, 10000);
        const RowMatrix logits = set.logits->read(0, 10000);
        // After ReLU and pooling nothing is negative; the first sample as numpy reads it.
        QVERIFY(features.minCoeff() >= 0);
        std::int64_t right = 0;
        for (Eigen::Index i = 0; i < 10000; ++i) {
            Eigen::Index best = 0;
            logits.row(i).maxCoeff(&best);
            right += best == set.labels[static_cast<std::size_t>(i)];
        }
        const auto expected = readJson(folder / "expected.json");
        QVERIFY(std::abs(static_cast<double>(right) / 100 - 24.84) < 0.05);
        QVERIFY(!expected.empty());
        QCOMPARE(readClassSet((folder / "features-train.safetensors").string(), 200).counts,
                 readClassSet((folder / "classes.json").string(), 200).counts);
    }
};

QTEST_APPLESS_MAIN(FeaturesTest)
#include "tst_features.moc"
