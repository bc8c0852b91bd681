// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head.h"
#include "checkpoint/stored_accuracy.h"

#include <cmath>
#include <limits>

#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

std::shared_ptr<const Checkpoint> demo(const std::string& name)
{
    return openCheckpoint(demoFolder() / name);
}

/// A checkpoint of fc.weight 2 x 3, fc.bias 2 and perhaps scales 2, with these numbers.
std::shared_ptr<const Checkpoint> headOf(const std::vector<float>& weight,
                                         const std::vector<float>& bias,
                                         const std::vector<float>& scales = {})
{
    std::vector<std::pair<std::string, std::string>> entries{
        {"fc.weight", tensor({{2, 3}, {3, 1}, "0", 6, 0})}};
    std::vector<std::string> storages{floats(weight)};
    const auto addVector = [&](const std::string& name, const std::vector<float>& values) {
        const std::string key = std::to_string(storages.size());
        if (!values.empty()) {
            entries.emplace_back(name, tensor({{2}, {1}, key, 2, 0}));
            storages.push_back(floats(values));
        }
    };
    addVector("fc.bias", bias);
    addVector("scales", scales);
    return openBytes(torchZip(dict(entries), storages));
}

ClassifierHead read(const Checkpoint& checkpoint, const HeadQuery& query = {})
{
    return readHead(checkpoint, chooseHead(checkpoint, query));
}

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

} // namespace

class HeadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWeightBiasAndNorms();
    void foldsLearnedScales();
    void readsTransposedHeads();
    void refusesUselessHeads_data();
    void refusesUselessHeads();
    void digestsAgreeWithTheDemoFeatures();
    void backbonesIgnorePrefixesAndHeads_data();
    void backbonesIgnorePrefixesAndHeads();
    void backbonesWithOtherNumbersDiffer();
    void findsTheStoredAccuracy_data();
    void findsTheStoredAccuracy();
    void readsStoredAccuracyFromTensors();
    void knowsTheTinyImageNetCheckpoint();
};

void HeadTest::readsWeightBiasAndNorms()
{
    const ClassifierHead head = read(*headOf({3, 4, 0, 1, 2, 2}, {0.5, -0.5}));
    QCOMPARE(head.classes(), std::int64_t{2});
    QCOMPARE(head.features(), std::int64_t{3});
    QCOMPARE(head.weight(0, 1), 4.0f);
    QCOMPARE(head.weight(1, 0), 1.0f);
    QCOMPARE(head.bias(1), -0.5f);
    QCOMPARE(head.norms, (std::vector<double>{5, 3}));
    QVERIFY(head.hasBias());
    const ClassifierHead bare = read(*headOf({3, 4, 0, 1, 2, 2}, {}));
    QVERIFY(!bare.hasBias());
    QCOMPARE(bare.bias(0), 0.0f);
    QVERIFY(headDigest(bare) != headDigest(head));
}

void HeadTest::foldsLearnedScales()
{
    const ClassifierHead head = read(*headOf({3, 4, 0, 1, 2, 2}, {0.5, -0.5}, {2, -1}));
    QVERIFY(head.source.kind == HeadKind::Lws);
    QCOMPARE(head.weight(0, 1), 8.0f);
    QCOMPARE(head.weight(1, 2), -2.0f);
    QCOMPARE(head.bias(0), 1.0f);
    QCOMPARE(head.bias(1), 0.5f);
    QCOMPARE(head.norms, (std::vector<double>{10, 3}));
}

void HeadTest::readsTransposedHeads()
{
    HeadQuery query;
    query.transposed = true;
    const ClassifierHead head = read(*headOf({3, 1, 0, 4, 2, 1}, {}), query);
    QCOMPARE(head.classes(), std::int64_t{3});
    QCOMPARE(head.weight(0, 0), 3.0f);
    QCOMPARE(head.weight(0, 1), 4.0f);
    QCOMPARE(head.norms, (std::vector<double>{5, std::sqrt(5.0), 1}));
}

void HeadTest::refusesUselessHeads_data()
{
    QTest::addColumn<QVector<float>>("weight");
    QTest::addColumn<QVector<float>>("bias");
    QTest::addColumn<QVector<float>>("scales");
    QTest::addColumn<QString>("sentence");
    const QVector<float> fine{3, 4, 0, 1, 2, 2};
    const QVector<float> none;
    QTest::addRow("not a number")
        << QVector<float>{3, 4, 0, 1, notANumber, 2} << none << none
        << "test.pth: class 1 of fc.weight has a weight that is not finite (nan); training "
           "probably diverged, use an earlier checkpoint";
    QTest::addRow("infinite bias")
        << fine << QVector<float>{-infinity, 0} << none
        << "test.pth: class 0 of fc.bias has a bias that is not finite (-inf); training probably "
           "diverged, use an earlier checkpoint";
    QTest::addRow("infinite scale")
        << fine << QVector<float>{1, 0} << QVector<float>{1, infinity}
        << "test.pth: class 1 of scales has a scale that is not finite (inf); training probably "
           "diverged, use an earlier checkpoint";
    QTest::addRow("all zero") << QVector<float>(6, 0.0f) << none << none
                              << "test.pth: fc.weight is all zero; this head was never trained, "
                                 "choose another with --head NAME";
}

void HeadTest::refusesUselessHeads()
{
    QFETCH(QVector<float>, weight);
    QFETCH(QVector<float>, bias);
    QFETCH(QVector<float>, scales);
    QFETCH(QString, sentence);
    const auto vector = [](const QVector<float>& v) {
        return std::vector<float>(v.begin(), v.end());
    };
    const auto checkpoint = headOf(vector(weight), vector(bias), vector(scales));
    QCOMPARE(QString::fromStdString(errorOf([&] { read(*checkpoint); })), sentence);
}

void HeadTest::digestsAgreeWithTheDemoFeatures()
{
    // Written by the script that made the demo, by its own rule.
    const auto features = demo("features-test.safetensors");
    const auto stage1 = demo("stage1.pth.tar");
    QCOMPARE(headDigest(read(*stage1)), features->metadata.at("logits_head_sha256"));
    for (const char* name : {"stage1.pth.tar", "crt.pth.tar", "lws.pth.tar"}) {
        const auto checkpoint = demo(name);
        QCOMPARE(backboneDigest(*checkpoint, chooseHead(*checkpoint, {})),
                 features->metadata.at("backbone_sha256"));
    }
    QVERIFY(headDigest(read(*demo("crt.pth.tar"))) != features->metadata.at("logits_head_sha256"));
}

void HeadTest::backbonesIgnorePrefixesAndHeads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& prefix, auto nest) {
        std::vector<std::string> storages;
        const std::string state = stateDict({{prefix + "bn.weight", {2}},
                                             {prefix + "bn.num_batches_tracked", {}},
                                             {prefix + "a.weight", {2, 2}},
                                             {prefix + "fc.weight", {3, 2}},
                                             {prefix + "fc.bias", {3}}},
                                            storages);
        const std::string value = nest(state);
        QTest::newRow(name) << QByteArray::fromStdString(torchZip(value, storages));
    };
    row("plain", "", [](const std::string& state) { return state; });
    row("of several graphics cards", "module.", [](const std::string& state) { return state; });
    row("in a training checkpoint", "", [](const std::string& state) {
        return dict({{"epoch", "K\x01"}, {"state_dict", state}});
    });
    row("deep", "module.", [](const std::string& state) {
        return dict({{"best", dict({{"net", state}})}});
    });
}

void HeadTest::backbonesIgnorePrefixesAndHeads()
{
    QFETCH(QByteArray, bytes);
    const auto checkpoint = openBytes(bytes.toStdString());
    // printf 'a.weight\0float32\0002,2\0' + floats 1..4 + 'bn.weight\0float32\0002\0' + floats 1, 2
    QCOMPARE(backboneDigest(*checkpoint, chooseHead(*checkpoint, {})),
             std::string("fc4bbdec7920e64c91310e107f88a5096d99948862cd5276304e80519decb501"));
}

void HeadTest::backbonesWithOtherNumbersDiffer()
{
    const auto one = checkpointOf({{"a.weight", {2, 2}}, {"fc.weight", {3, 2}}, {"fc.bias", {3}}});
    const auto two = checkpointOf({{"a.weight", {4, 1}}, {"fc.weight", {3, 2}}, {"fc.bias", {3}}});
    const HeadCandidate head = chooseHead(*one, {});
    QVERIFY(backboneDigest(*one, head) != backboneDigest(*two, head));
}

void HeadTest::findsTheStoredAccuracy_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("name");
    QTest::addColumn<double>("percent");
    const auto real = [](double number) {
        const auto bits = std::bit_cast<std::uint64_t>(number);
        std::string out = "G";
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(bits >> shift);
        return out;
    };
    const auto row = [](const char* name, const std::string& value, const char* found,
                        double percent) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QString(found) << percent;
    };
    row("percent", dict({{"best_acc1", real(68.25)}}), "best_acc1", 68.25);
    row("fraction", dict({{"best_acc", real(0.25)}}), "best_acc", 25);
    row("whole percent", dict({{"acc", "K\x5c"}}), "acc", 92);
    row("one as an integer", dict({{"acc", "K\x01"}}), "acc", 1);
    row("the saved epoch's before the best", dict({{"best_acc1", real(70)}, {"acc1", real(65)}}),
        "acc1", 65);
    row("not yet measured", dict({{"acc", real(0)}, {"best_prec1", real(50)}}), "best_prec1", 50);
    row("upper case", dict({{"Acc", real(50)}}), "Acc", 50);
    row("one level down", dict({{"metrics", dict({{"val_acc", real(0.5)}})}}), "metrics.val_acc",
        50);
    row("none", dict({{"epoch", "K\x05"}, {"best_mae", real(0.9)}}), "", 0);
    row("no accuracy", dict({{"acc", real(250)}}), "", 0);
    row("a text", dict({{"acc", text("high")}}), "", 0);
    row("an argument of the program", dict({{"args", dict({{"acc", real(50)}})}}), "", 0);
}

void HeadTest::findsTheStoredAccuracy()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, name);
    QFETCH(double, percent);
    const auto found = storedAccuracy(*openBytes(torchZip(value.toStdString(), {})));
    QCOMPARE(found.has_value(), !name.isEmpty());
    if (found) {
        QCOMPARE(found->name, name.toStdString());
        QCOMPARE(found->percent, percent);
    }
}

void HeadTest::readsStoredAccuracyFromTensors()
{
    const auto checkpoint =
        openBytes(torchZip(dict({{"best_acc1", tensor({{}, {}, "0", 1, 0})}}), {floats({61.5f})}));
    QCOMPARE(storedAccuracy(*checkpoint)->percent, 61.5);
}

void HeadTest::knowsTheTinyImageNetCheckpoint()
{
    MONOTAIL_NEEDS_SHARED();
    const auto checkpoint =
        openCheckpoint(sharedFolder() / "data/tiny-imagenet-lt/checkpoint.pth.tar");
    const ClassifierHead head = read(*checkpoint);
    QCOMPARE(head.source.weight, std::string("state_dict.fc.weight"));
    QCOMPARE(head.classes(), std::int64_t{200});
    QCOMPARE(head.features(), std::int64_t{512});
    // A NumPy float32 of 0.2484.
    QCOMPARE(storedAccuracy(*checkpoint)->percent, 100 * static_cast<double>(0.2484f));
}

QTEST_APPLESS_MAIN(HeadTest)
#include "tst_head.moc"
