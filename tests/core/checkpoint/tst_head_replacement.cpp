// SPDX-License-Identifier: GPL-3.0-or-later
// A head gets other weights than its own: what is planned for every kind, by hand.
#include <QTemporaryDir>
#include <cmath>
#include <limits>

#include "checkpoint/head_edits.h"
#include "checkpoint/head_new_file.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "core/checkpoint/replaced_head.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

using Values = std::vector<double>;
Q_DECLARE_METATYPE(Values)

namespace {

/// Two classes with three features.
RowMatrix sixWeights(std::array<float, 6> values = {9, -8, 7, 3, 0, 4})
{
    return Eigen::Map<const RowMatrix>(values.data(), 2, 3);
}

HeadCandidate candidateOf(HeadKind kind = HeadKind::Linear)
{
    HeadCandidate head;
    head.weight = "fc.weight";
    head.bias = "fc.bias";
    head.kind = kind;
    head.classes = 2;
    head.features = 3;
    return head;
}

Values patched(const HeadEdits& edits, const std::string& tensor)
{
    for (const TensorPatch& patch : edits.patches)
        if (patch.tensor == tensor)
            return patch.values;
    return {};
}

} // namespace

class HeadReplacementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsTakeTheHeadsPlace();
    void columnsTakeItWhereClassesAreColumns();
    void aPointwiseConvolutionTakesRows();
    void aRescalingComesOnTop();
    void theBackgroundStays_data();
    void theBackgroundStays();
    void learnedScalesBecomeOne();
    void aDirectionIsTheRowAndItsMagnitudeTheNorm();
    void aRowOfZerosKeepsItsDirection();
    void everyExpertGetsItsColumns();
    void aLearnedBiasIsAnAddition();
    void samnHeadsBecomePlain();
    void cosineHeadsBecomePlain();
    void cosineExpertsBecomePlainExperts();
    void everyTypeRoundsAsItDoes_data();
    void everyTypeRoundsAsItDoes();
    void whatCannotBeIsRefused_data();
    void whatCannotBeIsRefused();
    void aBackgroundAmongUnitRowsIsRefused();

private:
    QTemporaryDir m_folder;
    std::filesystem::path path(const char* name) const
    {
        return m_folder.filePath(name).toStdString();
    }

    /// fc.weight 2 x 3 (1 to 6), fc.bias (7, 8), scales (2, 4).
    FlatCheckpoint file(DType weight = DType::Float64) const
    {
        FlatCheckpoint result(path("source.pth"));
        result.tensor("fc.weight", weight, {2, 3}, counting(6));
        result.tensor("fc.bias", DType::Float64, {2}, {7, 8});
        result.tensor("scales", DType::Float64, {1, 2}, {2, 4});
        result.tensor("layer.weight", DType::Float64, {2}, {1, 2});
        return result;
    }

    ReplacedHead replaced(const Checkpoint& checkpoint, const HeadCandidate& candidate,
                          const HeadChange& change) const
    {
        return replaceHead(checkpoint, readHead(checkpoint, candidate), change, path("target"));
    }
};

void HeadReplacementTest::rowsTakeTheHeadsPlace()
{
    FlatCheckpoint flat = file();
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidateOf());
    const HeadEdits edits = planHeadEdits(checkpoint, head, {1, 1}, {0.25, 8}, &rows);
    QCOMPARE(edits.patches.size(), std::size_t{2});
    QCOMPARE(patched(edits, "fc.weight"), (Values{9, -8, 7, 3, 0, 4}));
    QCOMPARE(patched(edits, "fc.bias"), (Values{0.25, 8}));
    QVERIFY(edits.additions.empty());
}

void HeadReplacementTest::columnsTakeItWhereClassesAreColumns()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("fc.weight", DType::Float32, {3, 2}, {1, 4, 2, 5, 3, 6});
    HeadCandidate candidate = candidateOf();
    candidate.orientation = Orientation::FeatureByClass;
    candidate.bias.clear();
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidate);
    QCOMPARE(patched(planHeadEdits(checkpoint, head, {1, 1}, {0, 0}, &rows), "fc.weight"),
             (Values{9, 3, -8, 0, 7, 4}));
}

void HeadReplacementTest::aPointwiseConvolutionTakesRows()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("conv.weight", DType::Float32, {2, 3, 1, 1}, {1, 2, 3, 4, 5, 6});
    HeadCandidate candidate = candidateOf();
    candidate.weight = "conv.weight";
    candidate.bias.clear();
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidate);
    QCOMPARE(patched(planHeadEdits(checkpoint, head, {1, 1}, {0, 0}, &rows), "conv.weight"),
             (Values{9, -8, 7, 3, 0, 4}));
}

void HeadReplacementTest::aRescalingComesOnTop()
{
    FlatCheckpoint flat = file();
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidateOf());
    const HeadEdits edits = planHeadEdits(checkpoint, head, {0.5, 2}, {7, -1}, &rows);
    QCOMPARE(patched(edits, "fc.weight"), (Values{4.5, -4, 3.5, 6, 0, 8}));
    QCOMPARE(patched(edits, "fc.bias"), (Values{7, -1}));
}

void HeadReplacementTest::theBackgroundStays_data()
{
    QTest::addColumn<bool>("isFirst");
    QTest::addColumn<bool>("isTransposed");
    QTest::addColumn<Values>("weight");
    QTest::addColumn<Values>("bias");
    QTest::newRow("the first row")
        << true << false << Values{0, 1, 2, 9, -8, 7, 3, 0, 4} << Values{70, 1, 2};
    QTest::newRow("the last row") << false << false << Values{9, -8, 7, 3, 0, 4, 6, 7, 8}
                                  << Values{1, 2, 90};
    QTest::newRow("the first column")
        << true << true << Values{0, 9, 3, 3, -8, 0, 6, 7, 4} << Values{70, 1, 2};
    QTest::newRow("the last column")
        << false << true << Values{9, 3, 2, -8, 0, 5, 7, 4, 8} << Values{1, 2, 90};
}

void HeadReplacementTest::theBackgroundStays()
{
    QFETCH(bool, isFirst);
    QFETCH(bool, isTransposed);
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("fc.weight", DType::Float32, {3, 3}, counting(9));
    flat.tensor("fc.bias", DType::Float32, {3}, {70, 80, 90});
    HeadCandidate candidate = candidateOf();
    candidate.background = isFirst ? BackgroundRow::First : BackgroundRow::Last;
    if (isTransposed)
        candidate.orientation = Orientation::FeatureByClass;
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidate);
    const HeadEdits edits = planHeadEdits(checkpoint, head, {1, 1}, {1, 2}, &rows);
    QTEST(patched(edits, "fc.weight"), "weight");
    QTEST(patched(edits, "fc.bias"), "bias");
}

void HeadReplacementTest::learnedScalesBecomeOne()
{
    FlatCheckpoint flat = file();
    HeadCandidate candidate = candidateOf(HeadKind::Lws);
    candidate.scales = "scales";
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidate);
    // 14 = 2 * 7 is the bias that class 0 has already; under a scale of 1 it is stored as it is.
    const HeadEdits edits = planHeadEdits(checkpoint, head, {1, 2}, {14, 0.5}, &rows);
    QCOMPARE(patched(edits, "scales"), (Values{1, 1}));
    QCOMPARE(patched(edits, "fc.weight"), (Values{9, -8, 7, 6, 0, 8}));
    QCOMPARE(patched(edits, "fc.bias"), (Values{14, 0.5}));
    const ReplacedHead after = replaced(checkpoint, candidate, {{1, 2}, {14, 0.5}, rows});
    QVERIFY(after.isPatch);
    QCOMPARE(differenceOf(after.head, {{1, 2}, {14, 0.5}, rows}), 0.0);
}

void HeadReplacementTest::aDirectionIsTheRowAndItsMagnitudeTheNorm()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("fc.weight_g", DType::Float32, {2, 1}, {10, -2});
    flat.tensor("fc.weight_v", DType::Float32, {2, 3}, {3, 4, 0, 0, 8, 0});
    HeadCandidate candidate = candidateOf(HeadKind::WeightNorm);
    candidate.weight = "fc.weight_v";
    candidate.magnitude = "fc.weight_g";
    candidate.bias.clear();
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights({2, -3, 6, 3, 0, 4}); // of length 7 and 5
    const ClassifierHead head = readHead(checkpoint, candidate);
    const HeadEdits edits = planHeadEdits(checkpoint, head, {3, -2}, {0, 0}, &rows);
    QCOMPARE(patched(edits, "fc.weight_g"), (Values{21, 10}));
    QCOMPARE(patched(edits, "fc.weight_v"), (Values{2, -3, 6, -3, 0, -4}));
    const ReplacedHead after = replaced(checkpoint, candidate, {{3, -2}, {0, 0}, rows});
    QVERIFY(after.isPatch);
    QVERIFY(differenceOf(after.head, {{3, -2}, {0, 0}, rows}) < 1e-6);
}

void HeadReplacementTest::aRowOfZerosKeepsItsDirection()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("fc.weight_g", DType::Float32, {2, 1}, {10, -2});
    flat.tensor("fc.weight_v", DType::Float32, {2, 3}, {3, 4, 0, 0, 8, 0});
    HeadCandidate candidate = candidateOf(HeadKind::WeightNorm);
    candidate.weight = "fc.weight_v";
    candidate.magnitude = "fc.weight_g";
    candidate.bias.clear();
    const HeadChange change{{1, 1}, {0, 0}, sixWeights({0, 0, 0, 3, 0, 4})};
    const ReplacedHead after = replaced(flat.write(), candidate, change);
    QCOMPARE(readTensor(*after.file, *after.file->find("fc.weight_v")), (Values{3, 4, 0, 3, 0, 4}));
    QCOMPARE(differenceOf(after.head, change), 0.0);
}

void HeadReplacementTest::everyExpertGetsItsColumns()
{
    FlatCheckpoint flat(path("source.pth"));
    for (const char* name : {"linears.0", "linears.1"}) {
        flat.tensor(std::string(name) + ".weight", DType::Float32, {2, 3}, counting(6));
        flat.tensor(std::string(name) + ".bias", DType::Float32, {2}, {7, 8});
    }
    const Checkpoint& checkpoint = flat.write();
    HeadCandidate candidate = candidateOf(HeadKind::Experts);
    candidate.weight = "linears.0.weight";
    candidate.bias = "linears.0.bias";
    candidate.features = 6;
    candidate.experts = {{"linears.0.weight", "linears.0.bias"},
                         {"linears.1.weight", "linears.1.bias"}};
    RowMatrix rows(2, 6);
    rows << 1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6;
    const ClassifierHead head = readHead(checkpoint, candidate);
    const HeadEdits edits = planHeadEdits(checkpoint, head, {1, 1}, {0.5, 8}, &rows);
    QCOMPARE(patched(edits, "linears.0.weight"), (Values{2, 4, 6, -2, -4, -6}));
    QCOMPARE(patched(edits, "linears.1.weight"), (Values{8, 10, 12, -8, -10, -12}));
    QCOMPARE(patched(edits, "linears.0.bias"), (Values{0.5, 8}));
    QCOMPARE(patched(edits, "linears.1.bias"), (Values{0.5, 8}));
    const ReplacedHead after = replaced(checkpoint, candidate, {{1, 0.5}, {0.5, 8}, rows});
    QVERIFY(after.isPatch);
    QCOMPARE(differenceOf(after.head, {{1, 0.5}, {0.5, 8}, rows}), 0.0);
}

void HeadReplacementTest::aLearnedBiasIsAnAddition()
{
    FlatCheckpoint flat = file();
    HeadCandidate candidate = candidateOf();
    candidate.bias.clear();
    const Checkpoint& checkpoint = flat.write();
    const RowMatrix rows = sixWeights();
    const ClassifierHead head = readHead(checkpoint, candidate);
    const HeadEdits edits = planHeadEdits(checkpoint, head, {1, 1}, {0, 2}, &rows);
    QCOMPARE(edits.additions.size(), std::size_t{1});
    QCOMPARE(edits.additions.front().values, (Values{0, 2}));
    QCOMPARE(errorOf([&] {
                 planHeadPatch(checkpoint, head, {1, 1}, {0, 2}, &rows);
             }),
             path("source.pth").string() +
                 ": the checkpoint has no bias beside fc.weight to write the new bias to; choose "
                 "another method or write a new file (--format state-dict or safetensors)");
    QCOMPARE(planHeadPatch(checkpoint, head, {1, 1}, {0, 0}, &rows).size(), std::size_t{1});
}

void HeadReplacementTest::samnHeadsBecomePlain()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("fc.weight", DType::Float32, {2, 3}, counting(6));
    flat.tensor("fc.bias", DType::Float32, {2}, {7, 8});
    for (const char* name : {"fc.fix_norms_w", "fc.fix_norms_b"}) {
        flat.tensor(std::string(name) + ".raw", DType::Float32, {2}, {1, 0});
        flat.tensor(std::string(name) + ".class_counts", DType::Int64, {2}, {0, 0});
        flat.tensor(std::string(name) + ".perm", DType::UInt8, {2}, {1, 0});
    }
    flat.tensor("layer.weight", DType::Float32, {2}, {1, 2});
    const HeadChange change{{0.5, 2}, {0.25, -3}, sixWeights()};
    const ReplacedHead after = replaced(flat.write(), candidateOf(HeadKind::Samn), change);
    QVERIFY(!after.isPatch);
    QVERIFY(after.head.source.kind == HeadKind::Linear);
    QCOMPARE(differenceOf(after.head, change), 0.0);
    std::vector<std::string> names;
    for (const Tensor& tensor : after.file->tensors)
        names.push_back(tensor.name);
    QCOMPARE(names, (std::vector<std::string>{"fc.weight", "fc.bias", "layer.weight"}));
}

void HeadReplacementTest::cosineHeadsBecomePlain()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("layer.weight", DType::Float32, {2}, {1, 2});
    flat.tensor("fc.weight", DType::Float32, {3, 2}, {1, 4, 2, 5, 3, 6});
    flat.tensor("fc.scale", DType::Float32, {1}, {16});
    HeadCandidate candidate = candidateOf(HeadKind::Cosine);
    candidate.orientation = Orientation::FeatureByClass;
    candidate.bias.clear();
    candidate.factor = "fc.scale";
    const Checkpoint& checkpoint = flat.write();
    const HeadChange change{{1, 1}, {0.5, 2}, sixWeights()};
    const ReplacedHead after = replaced(checkpoint, candidate, change);
    QCOMPARE(after.file->find("fc.weight")->shape, (std::vector<std::int64_t>{2, 3}));
    QVERIFY(after.file->find("fc.bias"));
    QVERIFY(!after.file->find("fc.scale"));
    QVERIFY(after.file->find("layer.weight"));
    QCOMPARE(differenceOf(after.head, change), 0.0);
    QCOMPARE(after.head.unitParts, std::int64_t{0});
    QVERIFY(chooseHead(*after.file, {}).kind == HeadKind::Linear);
    QCOMPARE(after.warnings.front(),
             std::string("fc.weight is a plain linear head in the new file and no longer "
                         "normalises anything, so the model must be built with nn.Linear in its "
                         "place"));
    QCOMPARE(errorOf([&] {
                 planHeadPatch(checkpoint, readHead(checkpoint, candidate), {1, 1}, {0, 0},
                               &change.rows);
             }),
             std::string("fc.weight: this head normalises its rows again, so a retrained head "
                         "cannot be patched into it; write a new file with a plain linear head "
                         "instead (--format state-dict or safetensors)"));
}

void HeadReplacementTest::cosineExpertsBecomePlainExperts()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("layer.weight", DType::Float32, {2}, {1, 2});
    for (const char* name : {"linears.0.weight", "linears.1.weight"})
        flat.tensor(name, DType::Float32, {3, 2}, {1, 4, 2, 5, 3, 6});
    HeadCandidate candidate = candidateOf(HeadKind::Cosine);
    candidate.weight = "linears.0.weight";
    candidate.bias.clear();
    candidate.orientation = Orientation::FeatureByClass;
    candidate.features = 6;
    candidate.experts = {{"linears.0.weight", ""}, {"linears.1.weight", ""}};
    RowMatrix rows(2, 6);
    rows << 1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6;
    const HeadChange change{{1, 2}, {0, 1}, rows};
    const ReplacedHead after = replaced(flat.write(), candidate, change);
    QVERIFY(after.head.source.kind == HeadKind::Experts);
    QCOMPARE(readTensor(*after.file, *after.file->find("linears.1.weight")),
             (Values{8, 10, 12, -16, -20, -24}));
    QCOMPARE(readTensor(*after.file, *after.file->find("linears.1.bias")), (Values{0, 1}));
    QCOMPARE(differenceOf(after.head, change), 0.0);
}

void HeadReplacementTest::everyTypeRoundsAsItDoes_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<double>("stored");
    QTest::newRow("float64") << static_cast<int>(DType::Float64) << static_cast<double>(0.1f);
    QTest::newRow("float32") << static_cast<int>(DType::Float32) << static_cast<double>(0.1f);
    QTest::newRow("float16") << static_cast<int>(DType::Float16) << 0.0999755859375;
    QTest::newRow("bfloat16") << static_cast<int>(DType::BFloat16) << 0.10009765625;
}

void HeadReplacementTest::everyTypeRoundsAsItDoes()
{
    QFETCH(int, type);
    FlatCheckpoint flat = file(static_cast<DType>(type));
    const HeadChange change{{1, 1}, {0, 0}, sixWeights({0.1f, 1, 1, 1, 1, 1})};
    const ReplacedHead after = replaced(flat.write(), candidateOf(), change);
    QTEST(readTensor(*after.file, *after.file->find("fc.weight")).front(), "stored");
}

void HeadReplacementTest::whatCannotBeIsRefused_data()
{
    const float infinity = std::numeric_limits<float>::infinity();
    QTest::addColumn<QVector<float>>("numbers");
    QTest::addColumn<QString>("error");
    QTest::newRow("too few features")
        << QVector<float>{1, 2, 3, 4}
        << "fc.weight: the head has 2 classes and 3 features, but there are new weights for 2 and "
           "2";
    QTest::newRow("infinite")
        << QVector<float>{1, 2, 3, 4, infinity, 6}
        << "fc.weight: class 1 would get a weight that is not finite; training diverged, take an "
           "earlier epoch or train at a lower rate";
    QTest::newRow("all zero") << QVector<float>{0, 0, 0, 0, 0, 0}
                              << "fc.weight: all new weights are zero, which is no classifier; "
                                 "train for more epochs or with less weight decay";
    QTest::newRow("too large for float16")
        << QVector<float>{1, 2, 3, 4, 5, 70000}
        << "fc.weight: class 1 would get the value 70000, which float16 cannot hold; choose "
           "another method or parameter, or write a new file";
    QTest::newRow("too small for float16")
        << QVector<float>{1, 2, 3, 1e-9f, 1e-9f, 0}
        << "fc.weight: class 1 rounds to zero in float16; choose another method or parameter, or "
           "write a new file";
}

void HeadReplacementTest::whatCannotBeIsRefused()
{
    QFETCH(QVector<float>, numbers);
    QFETCH(QString, error);
    FlatCheckpoint flat = file(DType::Float16);
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, candidateOf());
    const RowMatrix rows = Eigen::Map<const RowMatrix>(numbers.data(), 2, numbers.size() / 2);
    QCOMPARE(errorOf([&] {
                 planHeadPatch(checkpoint, head, {1, 1}, {7, 8}, &rows);
             }),
             error.toStdString());
}

void HeadReplacementTest::aBackgroundAmongUnitRowsIsRefused()
{
    FlatCheckpoint flat(path("source.pth"));
    flat.tensor("fc.weight", DType::Float32, {3, 3}, counting(9));
    HeadCandidate candidate = candidateOf(HeadKind::Cosine);
    candidate.bias.clear();
    candidate.background = BackgroundRow::Last;
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, candidate);
    const RowMatrix rows = sixWeights();
    QCOMPARE(errorOf([&] {
                 planNewFile(checkpoint, head, {1, 1}, {0, 0}, NewFileFormat::StateDict, &rows);
             }),
             std::string("fc.weight: this head normalises its rows, its background row among them, "
                         "which a retrained plain head cannot be compared with; say --background "
                         "none if that row is a class"));
}

QTEST_APPLESS_MAIN(HeadReplacementTest)
#include "tst_head_replacement.moc"
