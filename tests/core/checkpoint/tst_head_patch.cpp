// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "checkpoint/patch.h"
#include "core/checkpoint/flat_checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace fs = std::filesystem;

using Numbers = std::vector<double>;
Q_DECLARE_METATYPE(Numbers)

namespace {

/// A head of two classes with three features, as readHead() would give it; the plan looks at
/// `source` and `bias` only.
ClassifierHead headOf(const HeadCandidate& source, const std::vector<float>& bias)
{
    ClassifierHead head;
    head.source = source;
    head.weight = RowMatrix::Zero(source.classes, source.features);
    head.bias =
        Eigen::Map<const Eigen::VectorXf>(bias.data(), static_cast<Eigen::Index>(bias.size()));
    return head;
}

HeadCandidate linear()
{
    HeadCandidate source;
    source.weight = "fc.weight";
    source.bias = "fc.bias";
    source.classes = 2;
    source.features = 3;
    return source;
}

HeadCandidate withScales()
{
    HeadCandidate source = linear();
    source.scales = "scales";
    source.kind = HeadKind::Lws;
    return source;
}

} // namespace

class HeadPatchTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_root;
    fs::path source() const { return fs::path(m_root.path().toStdString()) / "source.pth"; }

    /// fc.weight 2 x 3 (1 to 6), fc.bias (7, 8), scales (2, 4), all float64.
    FlatCheckpoint file(DType weight = DType::Float64) const
    {
        FlatCheckpoint result(source());
        result.tensor("fc.weight", weight, {2, 3}, {1, 2, 3, 4, 5, 6});
        result.tensor("fc.bias", DType::Float64, {2}, {7, 8});
        result.tensor("scales", DType::Float64, {1, 2}, {2, 4});
        return result;
    }

    static void compare(const std::vector<TensorPatch>& patches,
                        const std::vector<TensorPatch>& expected)
    {
        QCOMPARE(patches.size(), expected.size());
        for (std::size_t i = 0; i < patches.size(); ++i) {
            QCOMPARE(patches[i].tensor, expected[i].tensor);
            QCOMPARE(patches[i].values, expected[i].values);
        }
    }

private Q_SLOTS:
    void rowsAreScaledAndAKeptBiasIsLeftAlone()
    {
        compare(planHeadPatch(file().write(), headOf(linear(), {7, 8}), {10, 0.5}, {7, 8}),
                {{"fc.weight", {10, 20, 30, 2, 2.5, 3}}});
    }

    void columnsAreScaledWhereClassesAreColumns()
    {
        FlatCheckpoint flat(source());
        flat.tensor("fc.weight", DType::Float32, {3, 2}, {1, 4, 2, 5, 3, 6});
        HeadCandidate candidate = linear();
        candidate.orientation = Orientation::FeatureByClass;
        candidate.bias.clear();
        compare(planHeadPatch(flat.write(), headOf(candidate, {0, 0}), {10, 0.5}, {0, 0}),
                {{"fc.weight", {10, 2, 20, 2.5, 30, 3}}});
    }

    void rowsOfAPointwiseConvolutionAreScaled()
    {
        FlatCheckpoint flat(source());
        flat.tensor("conv.weight", DType::Float32, {2, 3, 1, 1}, {1, 2, 3, 4, 5, 6});
        HeadCandidate candidate = linear();
        candidate.weight = "conv.weight";
        candidate.bias.clear();
        compare(planHeadPatch(flat.write(), headOf(candidate, {0, 0}), {2, 3}, {0, 0}),
                {{"conv.weight", {2, 4, 6, 12, 15, 18}}});
    }

    void aTransposedViewIsScaledByClass()
    {
        FlatCheckpoint flat(source());
        flat.storage("s", DType::Float32, {1, 4, 2, 5, 3, 6})
            .view("fc.weight", "s", {2, 3}, {1, 2});
        HeadCandidate candidate = linear();
        candidate.bias.clear();
        const Checkpoint& checkpoint = flat.write();
        const fs::path target = fs::path(m_root.path().toStdString()) / "target.pth";
        patchCheckpoint(checkpoint,
                        planHeadPatch(checkpoint, headOf(candidate, {0, 0}), {10, 100}, {0, 0}),
                        target, Overwrite::Replace);
        QCOMPARE(numbersAt(readText(target), checkpoint.storages.at("s")),
                 (Numbers{10, 400, 20, 500, 30, 600}));
    }

    void aNewBiasIsWrittenAsItIs()
    {
        compare(planHeadPatch(file().write(), headOf(linear(), {7, 8}), {1, 1}, {7, -1}),
                {{"fc.bias", {7, -1}}});
    }

    void nothingToChangeIsNoPatch()
    {
        compare(planHeadPatch(file().write(), headOf(linear(), {7, 8}), {1, 1}, {7, 8}), {});
        compare(planHeadPatch(file().write(), headOf(withScales(), {14, 32}), {1, 1}, {14, 32}),
                {});
    }

    void aKeptBiasDoesNotPassThroughFloat32()
    {
        FlatCheckpoint flat(source());
        flat.tensor("fc.weight", DType::Float64, {2, 3}, {1, 2, 3, 4, 5, 6});
        flat.tensor("fc.bias", DType::Float64, {2}, {0.1, 0.2});
        const double asFloat = static_cast<double>(0.1f);
        compare(planHeadPatch(flat.write(), headOf(linear(), {0.1f, 0.2f}), {1, 1}, {asFloat, 5}),
                {{"fc.bias", {0.1, 5}}});
    }

    void learnedScalesArePatchedAndTheBiasUnderThemFollows()
    {
        // logits = s * (W f + b): s 2, 4 -> 20, 2; effective bias 14, 32 stays -> b = 0.7, 16.
        compare(planHeadPatch(file().write(), headOf(withScales(), {14, 32}), {10, 0.5}, {14, 32}),
                {{"scales", {20, 2}}, {"fc.bias", {0.7, 16}}});
    }

    void aNewBiasIsDividedByTheNewScale()
    {
        compare(planHeadPatch(file().write(), headOf(withScales(), {14, 32}), {10, 1}, {0, 2}),
                {{"scales", {20, 4}}, {"fc.bias", {0, 0.5}}});
        compare(planHeadPatch(file().write(), headOf(withScales(), {14, 32}), {1, 1}, {14, 2}),
                {{"fc.bias", {7, 0.5}}});
    }

    void aScaleOfZeroTakesNoBiasButZero()
    {
        compare(planHeadPatch(file().write(), headOf(withScales(), {14, 32}), {0, 1}, {0, 32}),
                {{"scales", {0, 4}}});
        const std::string error = errorOf([&] {
            planHeadPatch(file().write(), headOf(withScales(), {14, 32}), {0, 1}, {14, 32});
        });
        QCOMPARE(error, std::string("scales: class 0 has scale 0, and no bias under that scale "
                                    "gives 14; choose another method or write a new file"));
    }

    void aHeadWithoutBiasTakesNone_data()
    {
        QTest::addColumn<bool>("isLws");
        QTest::newRow("linear") << false;
        QTest::newRow("learned scales") << true;
    }
    void aHeadWithoutBiasTakesNone()
    {
        QFETCH(bool, isLws);
        HeadCandidate candidate = isLws ? withScales() : linear();
        candidate.bias.clear();
        const ClassifierHead head = headOf(candidate, {0, 0});
        QCOMPARE(planHeadPatch(file().write(), head, {2, 2}, {0, 0}).size(), std::size_t(1));
        const std::string error = errorOf([&] {
            planHeadPatch(file().write(), head, {2, 2}, {0, 0.5});
        });
        QCOMPARE(error, source().string() +
                            ": the checkpoint has no bias beside fc.weight to write the new bias "
                            "to; choose another method or write a new file (--format state-dict "
                            "or safetensors)");
    }

    void aCosineHeadHasNothingToPatch()
    {
        HeadCandidate candidate = linear();
        candidate.kind = HeadKind::Cosine;
        const std::string error = errorOf([&] {
            planHeadPatch(file().write(), headOf(candidate, {7, 8}), {2, 2}, {7, 8});
        });
        QCOMPARE(
            error,
            std::string("fc.weight: a head that normalises its rows is not exported: norms have no "
                        "effect in it, and it has no place for a bias; if the forward pass "
                        "does not normalise them, say --kind linear"));
    }

    void aPatchedDemoHeadReadsBackAsPlanned_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("stage 1") << "stage1.pth.tar";
        QTest::newRow("retrained") << "crt.pth.tar";
        QTest::newRow("learned scales") << "lws.pth.tar";
    }
    void aPatchedDemoHeadReadsBackAsPlanned()
    {
        QFETCH(QString, name);
        const auto checkpoint = openCheckpoint(demoFolder() / name.toStdString());
        const ClassifierHead before = readHead(*checkpoint, chooseHead(*checkpoint, {}));
        const std::size_t classes = static_cast<std::size_t>(before.classes());
        Numbers scale(classes);
        Numbers bias(classes);
        for (std::size_t c = 0; c < classes; ++c) {
            const double kept = before.bias[static_cast<Eigen::Index>(c)];
            scale[c] = 0.5 + 0.1 * static_cast<double>(c);
            bias[c] = c % 2 ? kept : kept + 0.25;
        }
        const fs::path target = fs::path(m_root.path().toStdString()) / "demo.pth.tar";
        const PatchResult result =
            patchCheckpoint(*checkpoint, planHeadPatch(*checkpoint, before, scale, bias), target,
                            Overwrite::Replace);
        QVERIFY(result.verified);
        const auto patched = openCheckpoint(target);
        const ClassifierHead after = readHead(*patched, chooseHead(*patched, {}));
        QVERIFY(after.source == before.source);
        for (std::size_t c = 0; c < classes; ++c) {
            const auto row = static_cast<Eigen::Index>(c);
            QVERIFY(after.weight.row(row).isApprox(
                before.weight.row(row) * static_cast<float>(scale[c]), 1e-6f));
            QVERIFY(std::abs(after.bias[row] - bias[c]) < 1e-6);
        }
    }

    void badNumbersAreRefusedByClass_data()
    {
        const double infinity = std::numeric_limits<double>::infinity();
        QTest::addColumn<Numbers>("scale");
        QTest::addColumn<Numbers>("bias");
        QTest::addColumn<QString>("error");
        QTest::newRow("too few") << Numbers{1} << Numbers{7, 8}
                                 << "fc.weight: the head has 2 classes, but there are 1 scales and "
                                    "2 biases";
        QTest::newRow("infinite scale") << Numbers{1, infinity} << Numbers{7, 8}
                                        << "fc.weight: class 1 would get scale inf and bias 8, "
                                           "which are not both finite; choose another method or "
                                           "parameter";
        QTest::newRow("bias that is no number")
            << Numbers{1, 1} << Numbers{std::nan(""), 8}
            << "fc.weight: class 0 would get scale 1 and bias nan, which are not both finite; "
               "choose another method or parameter";
        QTest::newRow("too large for float16")
            << Numbers{1, 20000} << Numbers{7, 8}
            << "fc.weight: class 1 would get the value 80000, which float16 cannot hold; choose "
               "another method or parameter, or write a new file";
        QTest::newRow("too small for float16")
            << Numbers{1, 1e-9} << Numbers{7, 8}
            << "fc.weight: class 1 rounds to zero in float16; choose another method or parameter, "
               "or write a new file";
        QTest::newRow("scaled by zero") << Numbers{1, 0} << Numbers{7, 8} << "";
    }
    void badNumbersAreRefusedByClass()
    {
        QFETCH(Numbers, scale);
        QFETCH(Numbers, bias);
        QFETCH(QString, error);
        FlatCheckpoint flat = file(DType::Float16);
        QCOMPARE(errorOf([&] {
                     planHeadPatch(flat.write(), headOf(linear(), {7, 8}), scale, bias);
                 }),
                 error.toStdString());
    }
};

QTEST_APPLESS_MAIN(HeadPatchTest)
#include "tst_head_patch.moc"
