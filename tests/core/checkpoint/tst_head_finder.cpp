// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "checkpoint/head.h"
#include "checkpoint_builder.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

using Names = QStringList;

namespace {

/// "fc.weight 10x64; fc.bias 10" as tensors.
std::shared_ptr<const Checkpoint> checkpointFrom(const QString& text)
{
    std::vector<NamedShape> tensors;
    for (const QString& entry : text.split("; ", Qt::SkipEmptyParts)) {
        const Names parts = entry.split(' ');
        NamedShape tensor{parts[0].toStdString(), {}};
        for (const QString& size : parts[1].split('x'))
            tensor.shape.push_back(size.toLongLong());
        tensors.push_back(std::move(tensor));
    }
    return checkpointOf(tensors);
}

} // namespace

class HeadFinderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ranksCandidates_data();
    void ranksCandidates();
    void reportsTies_data();
    void reportsTies();
    void aClassCountDecides();
    void knowsTransposedHeads();
    void findsScalesBesideTheHead_data();
    void findsScalesBesideTheHead();
    void findsScalesInADictionaryOfTheirOwn();
    void takesAnyUniqueSuffix_data();
    void takesAnyUniqueSuffix();
    void theUserOverridesTheKind();
    void saysWhyThereIsNoHead_data();
    void saysWhyThereIsNoHead();
    void whatNoClassifierCanBeIsNoHead_data();
    void whatNoClassifierCanBeIsNoHead();
    void averagedCopiesRankBehindAndSaySo();
};

void HeadFinderTest::ranksCandidates_data()
{
    QTest::addColumn<QString>("tensors");
    QTest::addColumn<Names>("candidates");
    QTest::addRow("exact names first, later before earlier among the rest")
        << "fc.weight 3x8; fc.bias 3; fc_cb.weight 3x8; fc_cb.bias 3; contrast_head.weight 4x8; "
           "contrast_head.bias 4; projection_head.weight 4x8; projection_head.bias 4"
        << Names{"fc.weight", "fc_cb.weight", "passed over", "projection_head.weight",
                 "contrast_head.weight"};
    QTest::addRow("the last of numbered layers")
        << "fc1.weight 6x8; fc1.bias 6; fc2.weight 5x6; fc2.bias 5; fc3.weight 3x5; fc3.bias 3"
        << Names{"fc3.weight", "passed over", "fc2.weight", "fc1.weight"};
    QTest::addRow("the last of a sequence")
        << "classifier.0.weight 6x8; classifier.0.bias 6; classifier.3.weight 3x6; "
           "classifier.3.bias 3"
        << Names{"classifier.3.weight", "passed over", "classifier.0.weight"};
    QTest::addRow("a head without bias")
        << "classifier.module.weight 3x8" << Names{"classifier.module.weight"};
    QTest::addRow("convolutions are none, unless 1 x 1 with bias")
        << "conv.weight 4x2x3x3; conv.bias 4; short.weight 4x2x1x1; seg.weight 3x4x1x1; seg.bias 3"
        << Names{"seg.weight"};
    QTest::addRow("neither scales nor single rows")
        << "a.weight 1x8; a.bias 1; scales 1x3" << Names{};
    QTest::addRow("no optimizer state, no momentum encoder")
        << "optimizer.fc.weight 3x8; encoder_k.fc.weight 3x8; queue 3x8; optimizer.state.0."
           "momentum_buffer 3x8; fc.weight 3x8; fc.bias 3"
        << Names{"fc.weight"};
    QTest::addRow("a bias of another length is not its bias")
        << "odd.weight 4x8; odd.bias 5; fc.weight 3x8; fc.bias 3" << Names{"fc.weight"};
    QTest::addRow("hidden layers of repeated blocks")
        << "blocks.0.mlp.fc1.weight 8x4; blocks.0.mlp.fc1.bias 8; blocks.1.mlp.fc1.weight 8x4; "
           "blocks.1.mlp.fc1.bias 8; norm.weight 4; heads.head.weight 3x4; heads.head.bias 3"
        << Names{"heads.head.weight", "passed over", "blocks.1.mlp.fc1.weight",
                 "blocks.0.mlp.fc1.weight"};
    QTest::addRow("with bias before without")
        << "fc.weight 3x8; head.weight 3x8; head.bias 3" << Names{"head.weight", "fc.weight"};
}

void HeadFinderTest::ranksCandidates()
{
    QFETCH(QString, tensors);
    QFETCH(Names, candidates);
    const auto checkpoint = checkpointFrom(tensors);
    const HeadSearch search = findHeads(*checkpoint, {});
    Names names;
    for (const HeadCandidate& candidate : search.candidates)
        names << QString::fromStdString(candidate.weight);
    if (!search.passedOver.empty())
        names << QStringLiteral("passed over");
    for (const HeadCandidate& candidate : search.passedOver)
        names << QString::fromStdString(candidate.weight);
    QCOMPARE(names, candidates);
    QVERIFY(search.tied <= 1);
}

void HeadFinderTest::reportsTies_data()
{
    QTest::addColumn<QString>("tensors");
    QTest::addColumn<int>("tied");
    QTest::addColumn<QString>("sentence");
    QTest::addRow("two exact names")
        << "fc.weight 3x8; fc.bias 3; classifier.weight 3x8; classifier.bias 3" << 2
        << "test.pth: 2 tensors are equally likely to be the classifier's weight: "
           "classifier.weight (3 x 8), fc.weight (3 x 8); choose one with --head NAME";
    QTest::addRow("two networks in one file")
        << "net1.fc.weight 3x8; net1.fc.bias 3; net2.fc.weight 3x8; net2.fc.bias 3" << 2
        << "test.pth: 2 tensors are equally likely to be the classifier's weight: net2.fc.weight "
           "(3 x 8), net1.fc.weight (3 x 8); choose one with --head NAME";
}

void HeadFinderTest::reportsTies()
{
    QFETCH(QString, tensors);
    QFETCH(int, tied);
    QFETCH(QString, sentence);
    const auto checkpoint = checkpointFrom(tensors);
    QCOMPARE(findHeads(*checkpoint, {}).tied, static_cast<std::size_t>(tied));
    QCOMPARE(QString::fromStdString(errorOf([&] { chooseHead(*checkpoint, {}); })), sentence);
}

void HeadFinderTest::aClassCountDecides()
{
    const auto checkpoint = checkpointFrom("fc.weight 3x8; fc.bias 3; aux.weight 5x8; aux.bias 5");
    HeadQuery query;
    QCOMPARE(chooseHead(*checkpoint, query).weight, std::string("fc.weight"));
    query.classes = 5;
    QCOMPARE(chooseHead(*checkpoint, query).weight, std::string("aux.weight"));
    query.classes = 7;
    QCOMPARE(errorOf([&] { chooseHead(*checkpoint, query); }),
             std::string("test.pth: no head with 7 classes found; the matrices in the file are: "
                         "fc.weight (3 x 8), aux.weight (5 x 8)"));
}

void HeadFinderTest::knowsTransposedHeads()
{
    const auto normalised = checkpointFrom("fc.weight 8x3");
    HeadQuery query;
    query.classes = 3;
    const HeadCandidate cosine = chooseHead(*normalised, query);
    QVERIFY(cosine.orientation == Orientation::FeatureByClass);
    QVERIFY(cosine.kind == HeadKind::Cosine);
    QCOMPARE(cosine.classes, std::int64_t{3});
    QCOMPARE(cosine.reason,
             std::string("3 classes x 8 features, stored with one column per class, no bias beside "
                         "it; normalised in the forward pass, so norms have no effect; named as "
                         "classifiers usually are"));
    query = {};
    query.transposed = true;
    QVERIFY(chooseHead(*normalised, query).kind == HeadKind::Linear);
    QCOMPARE(chooseHead(*normalised, query).features, std::int64_t{8});
    const auto plain = checkpointFrom("fc.weight 8x3; fc.bias 3");
    QVERIFY(chooseHead(*plain, {}).orientation == Orientation::FeatureByClass);
    QVERIFY(chooseHead(*plain, {}).kind == HeadKind::Linear);
}

void HeadFinderTest::findsScalesBesideTheHead_data()
{
    QTest::addColumn<QString>("tensors");
    QTest::addColumn<QString>("scales");
    QTest::addRow("at one level") << "linear.weight 3x8; linear.bias 3; scales 3"
                                  << "scales";
    QTest::addRow("one level up") << "classifier.fc.weight 3x8; classifier.scales 3"
                                  << "classifier.scales";
    QTest::addRow("as a row") << "fc.weight 3x8; fc.bias 3; learned_norm 1x3"
                              << "learned_norm";
    QTest::addRow("in the module") << "fc.weight 3x8; fc.learned_norm 1x3"
                                   << "fc.learned_norm";
    QTest::addRow("of another length") << "fc.weight 3x8; fc.bias 3; scales 4"
                                       << "";
    QTest::addRow("elsewhere") << "fc.weight 3x8; fc.bias 3; other.scales 3"
                               << "";
}

void HeadFinderTest::findsScalesBesideTheHead()
{
    QFETCH(QString, tensors);
    QFETCH(QString, scales);
    const HeadCandidate head = chooseHead(*checkpointFrom(tensors), {});
    QCOMPARE(head.scales, scales.toStdString());
    QVERIFY(head.kind == (scales.isEmpty() ? HeadKind::Linear : HeadKind::Lws));
}

void HeadFinderTest::findsScalesInADictionaryOfTheirOwn()
{
    std::vector<std::string> storages; // as MiSLAS saves them
    const std::string backbone = stateDict({{"module.conv.weight", {2, 1, 3, 3}}}, storages);
    const std::string head = stateDict({{"module.fc.weight", {3, 2}}}, storages);
    const std::string scales = stateDict({{"module.learned_norm", {1, 3}}}, storages);
    const auto checkpoint = openBytes(torchZip(dict({{"state_dict_model", backbone},
                                                     {"state_dict_classifier", head},
                                                     {"state_dict_lws_model", scales}}),
                                               storages));
    const HeadCandidate found = chooseHead(*checkpoint, {});
    QVERIFY(found.kind == HeadKind::Lws);
    QCOMPARE(found.weight, std::string("state_dict_classifier.module.fc.weight"));
    QCOMPARE(found.scales, std::string("state_dict_lws_model.module.learned_norm"));
    // The head's dictionary holds no backbone: it lies in the one beside.
    const auto other = checkpointOf(
        {{"state_dict_model.module.conv.weight", {2, 1, 3, 3}}, {"fc.weight", {3, 2}}});
    QCOMPARE(backboneDigest(*checkpoint, found), backboneDigest(*other, chooseHead(*other, {})));
}

void HeadFinderTest::takesAnyUniqueSuffix_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("result");
    QTest::addRow("last name") << "cb"
                               << "model.cb.weight";
    QTest::addRow("with weight") << "cb.weight"
                                 << "model.cb.weight";
    QTest::addRow("whole name") << "fc.weight"
                                << "fc.weight";
    QTest::addRow("whole name without weight") << "fc"
                                               << "fc.weight";
    QTest::addRow("one of two") << "model.fc"
                                << "model.fc.weight";
    QTest::addRow("not at a dot")
        << "b.weight"
        << "test.pth: no tensor is called 'b.weight'; the matrices in the file are: fc.weight (3 x "
           "8), model.fc.weight (3 x 8), model.cb.weight (3 x 8), deep.one.fc2.weight (3 x 8), "
           "deep.two.fc2.weight (3 x 8)";
    QTest::addRow("several")
        << "fc2"
        << "test.pth: 2 tensors end in 'fc2': deep.one.fc2.weight (3 x 8), deep.two.fc2.weight (3 "
           "x 8); give more of the name";
    QTest::addRow("a vector")
        << "model.cb.bias"
        << "test.pth: model.cb.bias (3) cannot be a classifier's weight, which is a floating C x D "
           "matrix; it is of type float32";
}

void HeadFinderTest::takesAnyUniqueSuffix()
{
    QFETCH(QString, name);
    QFETCH(QString, result);
    const auto checkpoint =
        checkpointFrom("fc.weight 3x8; model.fc.weight 3x8; model.cb.weight 3x8; model.cb.bias 3; "
                       "deep.one.fc2.weight 3x8; deep.two.fc2.weight 3x8; optimizer.cb.weight 3x8");
    HeadQuery query;
    query.name = name.toStdString();
    std::string got;
    got = errorOf([&] { got = chooseHead(*checkpoint, query).weight; }) + got;
    QCOMPARE(QString::fromStdString(got), result);
}

void HeadFinderTest::theUserOverridesTheKind()
{
    const auto checkpoint = checkpointFrom("fc.weight 3x8; fc.bias 3; scales 3");
    HeadQuery query;
    query.kind = HeadKind::Linear;
    QVERIFY(chooseHead(*checkpoint, query).kind == HeadKind::Linear);
    QCOMPARE(chooseHead(*checkpoint, query).scales, std::string());
    query.kind = HeadKind::Cosine;
    query.name = "fc";
    QVERIFY(chooseHead(*checkpoint, query).kind == HeadKind::Cosine);
    query.kind = HeadKind::Lws;
    const std::string error =
        errorOf([&] { chooseHead(*checkpointFrom("fc.weight 3x8; fc.bias 3"), query); });
    QCOMPARE(error, std::string("test.pth: there are no learned scales (a tensor 'scales' or "
                                "'learned_norm' with one number per class) beside fc.weight (3 x "
                                "8)"));
}

void HeadFinderTest::saysWhyThereIsNoHead_data()
{
    QTest::addColumn<QString>("tensors");
    QTest::addColumn<QString>("sentence");
    QTest::addRow("nothing") << ""
                             << "test.pth: the file holds no tensors";
    QTest::addRow("no matrix") << "conv.weight 4x2x3x3; bn.weight 4"
                               << "test.pth: no classifier head found: none of the 2 tensors is a "
                                  "floating matrix (C x D)";
    QTest::addRow("matrices of other names")
        << "features 5x8"
        << "test.pth: no classifier head found; the matrices in the file are: features (5 x 8); "
           "choose one with --head NAME";
}

void HeadFinderTest::saysWhyThereIsNoHead()
{
    QFETCH(QString, tensors);
    QFETCH(QString, sentence);
    const auto checkpoint = checkpointFrom(tensors);
    QCOMPARE(QString::fromStdString(errorOf([&] { chooseHead(*checkpoint, {}); })), sentence);
}

void HeadFinderTest::whatNoClassifierCanBeIsNoHead_data()
{
    QTest::addColumn<QByteArray>("weight");
    QTest::addColumn<int>("numbers");
    QTest::addColumn<QString>("sentence");
    QTest::addRow("repeats one row")
        << QByteArray::fromStdString(tensor({{3, 2}, {0, 1}, "0", 2})) << 2
        << "test.pth: fc.weight (3 x 2) repeats fewer stored numbers, which no trained classifier "
           "does; choose another with --head NAME";
    QTest::addRow("over a million classes")
        << QByteArray::fromStdString(tensor({{1'000'001, 1}, {1, 1}, "0", 1'000'001})) << 1'000'001
        << "test.pth: fc.weight (1000001 x 1) has more than 1,000,000 rows, which are more classes "
           "than are read; choose another with --head NAME";
}

void HeadFinderTest::whatNoClassifierCanBeIsNoHead()
{
    QFETCH(QByteArray, weight);
    QFETCH(int, numbers);
    QFETCH(QString, sentence);
    const auto checkpoint =
        openBytes(torchZip(dict({{"fc.weight", weight.toStdString()}}),
                           {floats(std::vector<float>(static_cast<std::size_t>(numbers), 1))}));
    QVERIFY(findHeads(*checkpoint, {}).candidates.empty());
    HeadQuery query;
    query.name = "fc";
    QCOMPARE(QString::fromStdString(errorOf([&] { chooseHead(*checkpoint, query); })), sentence);
}

void HeadFinderTest::averagedCopiesRankBehindAndSaySo()
{
    const auto checkpoint =
        checkpointFrom("state_dict_ema.fc.weight 3x8; state_dict_ema.fc.bias 3; "
                       "model.odd.weight 3x8; model.odd.bias 3");
    const HeadSearch search = findHeads(*checkpoint, {});
    QCOMPARE(search.tied, std::size_t{1});
    QCOMPARE(search.candidates.at(0).weight, std::string("model.odd.weight"));
    QVERIFY(endsWith(search.candidates.at(1).reason, "a copy with averaged weights (EMA)"));
}

QTEST_APPLESS_MAIN(HeadFinderTest)
#include "tst_head_finder.moc"
