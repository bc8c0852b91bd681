// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <cmath>

#include "checkpoint/head.h"
#include "checkpoint/head_edits.h"
#include "checkpoint/head_new_file.h"
#include "core/evaluate/made_up.h"
#include "evaluate/head_input.h"
#include "flat_checkpoint.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Values = std::vector<double>;

Values valuesOf(const RowMatrix& matrix)
{
    return {matrix.data(), matrix.data() + matrix.size()};
}

Values valuesOf(const Eigen::VectorXf& vector)
{
    return {vector.begin(), vector.end()};
}

const TensorPatch* patchOf(const HeadEdits& edits, const std::string& tensor)
{
    for (const TensorPatch& patch : edits.patches)
        if (patch.tensor == tensor)
            return &patch;
    return nullptr;
}

} // namespace

/// Heads whose numbers are not simply one matrix: how they are read, and what rescaling changes.
class HeadKindsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightNormIsDirectionTimesMagnitude_data();
    void weightNormIsDirectionTimesMagnitude();
    void weightNormPatchesTheMagnitudesOnly();
    void aDirectionOfLengthZeroIsRefused();
    void expertsAreOneHeadOnAllFeatures();
    void expertsArePatchedAllAlike();
    void oneExpertCanBeNamed();
    void aCosineHeadHasUnitRowsTimesItsFactor();
    void aCosineHeadSeesUnitFeatures();
    void cosineExpertsNormaliseEachPart();
    void aZeroRowAtAnEndIsBackground();
    void theBackgroundRowStaysAsItIs();
    void theBackgroundOfOtherKindsStaysToo();
    void theUserSaysWhichRowIsBackground();
    void tiedTensorsGetTheSameNewNumbers();
    void aDetectorsBackgroundIsCountedOut();
    void samnHeadsFoldAsPublished();
    void samnHeadsFoldByHand();
    void aBrokenSamnOrderIsRefused();
    void whatDependsOnTheSampleIsRefused();
    void aBiasThatIsNewIsAnAddition();

private:
    FlatCheckpoint file() { return FlatCheckpoint(m_folder.filePath("a.pth").toStdString()); }
    QTemporaryDir m_folder;
};

void HeadKindsTest::weightNormIsDirectionTimesMagnitude_data()
{
    QTest::addColumn<QString>("directions");
    QTest::addColumn<QString>("magnitudes");
    QTest::addRow("weight_g, weight_v") << "fc.weight_v"
                                        << "fc.weight_g";
    QTest::addRow("parametrized") << "fc.parametrizations.weight.original1"
                                  << "fc.parametrizations.weight.original0";
}

void HeadKindsTest::weightNormIsDirectionTimesMagnitude()
{
    QFETCH(QString, directions);
    QFETCH(QString, magnitudes);
    FlatCheckpoint flat = file();
    flat.tensor("fc.bias", DType::Float32, {2}, {0.5, 1});
    flat.tensor(magnitudes.toStdString(), DType::Float32, {2, 1}, {10, -2});
    flat.tensor(directions.toStdString(), DType::Float32, {2, 2}, {3, 4, 0, 8});
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    QVERIFY(head.source.kind == HeadKind::WeightNorm);
    QCOMPARE(head.source.bias, std::string("fc.bias"));
    QCOMPARE(valuesOf(head.weight), (Values{6, 8, 0, -2}));
    QCOMPARE(head.norms, (Values{10, 2}));
    HeadQuery query;
    query.name = "fc";
    QCOMPARE(chooseHead(checkpoint, query).weight, directions.toStdString());
}

void HeadKindsTest::weightNormPatchesTheMagnitudesOnly()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight_g", DType::Float32, {2, 1}, {10, -2});
    flat.tensor("fc.weight_v", DType::Float32, {2, 2}, {3, 4, 0, 8});
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    const HeadEdits edits = planHeadEdits(checkpoint, head, {0.5, 3}, {0, 0});
    QCOMPARE(edits.patches.size(), std::size_t{1});
    QVERIFY(patchOf(edits, "fc.weight_g"));
    QCOMPARE(patchOf(edits, "fc.weight_g")->values, (Values{5, -6}));
}

void HeadKindsTest::aDirectionOfLengthZeroIsRefused()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight_g", DType::Float32, {2, 1}, {10, 2});
    flat.tensor("fc.weight_v", DType::Float32, {2, 2}, {3, 4, 0, 0});
    const Checkpoint& checkpoint = flat.write();
    const std::string said = errorOf([&] { readHead(checkpoint, chooseHead(checkpoint, {})); });
    QVERIFY2(said.find("class 1 of fc.weight_v has a direction of length 0") != said.npos,
             said.c_str());
}

void HeadKindsTest::expertsAreOneHeadOnAllFeatures()
{
    FlatCheckpoint flat = file();
    for (const std::string e : {"0", "1"}) {
        const double k = e == "0" ? 1 : 3;
        flat.tensor("net.linears." + e + ".weight", DType::Float32, {3, 2},
                    {k, 0, 0, 2 * k, 3 * k, 4 * k});
        flat.tensor("net.linears." + e + ".bias", DType::Float32, {3}, {k, 0, -k});
    }
    const Checkpoint& checkpoint = flat.write();
    const HeadSearch search = findHeads(checkpoint, {});
    QCOMPARE(search.tied, std::size_t{1});
    const ClassifierHead head = readHead(checkpoint, search.candidates.front());
    QVERIFY(head.source.kind == HeadKind::Experts);
    QCOMPARE(head.source.experts.size(), std::size_t{2});
    QCOMPARE(head.features(), std::int64_t{4});
    QCOMPARE(valuesOf(head.weight), (Values{0.5, 0, 1.5, 0, 0, 1, 0, 3, 1.5, 2, 4.5, 6}));
    QCOMPARE(valuesOf(head.bias), (Values{2, 0, -2}));
    HeadQuery query;
    query.name = "linears";
    QVERIFY(chooseHead(checkpoint, query).kind == HeadKind::Experts);
}

void HeadKindsTest::expertsArePatchedAllAlike()
{
    FlatCheckpoint flat = file();
    for (const std::string e : {"0", "1"}) {
        flat.tensor("linears." + e + ".weight", DType::Float32, {2, 3}, {1, 2, 3, 4, 5, 6});
        flat.tensor("linears." + e + ".bias", DType::Float32, {2}, {e == "0" ? 1.0 : 3.0, 0});
    }
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    const HeadEdits edits = planHeadEdits(checkpoint, head, {2, 1}, {5, 0});
    for (const char* name : {"linears.0.weight", "linears.1.weight"}) {
        QVERIFY(patchOf(edits, name));
        QCOMPARE(patchOf(edits, name)->values, (Values{2, 4, 6, 4, 5, 6}));
    }
    // The mean bias of class 0 goes from 2 to 5: each expert's by 3.
    QCOMPARE(patchOf(edits, "linears.0.bias")->values, (Values{4, 0}));
    QCOMPARE(patchOf(edits, "linears.1.bias")->values, (Values{6, 0}));
}

void HeadKindsTest::oneExpertCanBeNamed()
{
    FlatCheckpoint flat = file();
    flat.tensor("linears.0.weight", DType::Float32, {2, 3}, {1, 2, 3, 4, 5, 6});
    flat.tensor("linears.1.weight", DType::Float32, {2, 3}, {1, 2, 3, 4, 5, 6});
    const Checkpoint& checkpoint = flat.write();
    HeadQuery query;
    query.name = "linears.1";
    const HeadCandidate head = chooseHead(checkpoint, query);
    QCOMPARE(head.weight, std::string("linears.1.weight"));
    QVERIFY(head.experts.empty());
    QVERIFY(head.kind == HeadKind::Linear);
}

void HeadKindsTest::aCosineHeadHasUnitRowsTimesItsFactor()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float32, {2, 2}, {3, 4, 0, 8});
    flat.tensor("fc.sigma", DType::Float32, {1}, {10});
    const Checkpoint& checkpoint = flat.write();
    HeadCandidate candidate = chooseHead(checkpoint, {});
    QVERIFY(candidate.kind == HeadKind::Cosine);
    QCOMPARE(candidate.factor, std::string("fc.sigma"));
    const ClassifierHead head = readHead(checkpoint, candidate);
    QCOMPARE(valuesOf(head.weight), (Values{6, 8, 0, 10}));
    QCOMPARE(head.norms, (Values{5, 8})); // as the file has them
    QVERIFY(head.warnings.empty());
    candidate.logitScale = 5;
    QCOMPARE(valuesOf(readHead(checkpoint, candidate).weight), (Values{3, 4, 0, 5}));
    candidate.logitScale.reset();
    candidate.factor.clear();
    const Warnings warnings = readHead(checkpoint, candidate).warnings;
    QCOMPARE(warnings.size(), std::size_t{1});
    QVERIFY(warnings[0].find("--logit-scale") != std::string::npos);
    const std::string said = errorOf([&] { planHeadEdits(checkpoint, head, {2, 2}, {0, 0}); });
    QVERIFY2(said.find("norms have no effect") != said.npos, said.c_str());
}

void HeadKindsTest::aCosineHeadSeesUnitFeatures()
{
    ClassifierHead head;
    RowMatrix rows(2, 2);
    rows << 3, 4, 0, 0;
    FeatureSet features;
    features.features = rowsOf(rows);
    QCOMPARE(valuesOf(headInput(features, head).features->read(0, 1)), (Values{3, 4}));
    head.unitParts = 1;
    const RowMatrix seen = headInput(features, head).features->read(0, 2);
    QCOMPARE(seen(0, 0), 0.6f);
    QCOMPARE(seen(0, 1), 0.8f);
    QCOMPARE(seen(1, 0), 0.0f);
}

void HeadKindsTest::cosineExpertsNormaliseEachPart()
{
    FlatCheckpoint flat = file();
    flat.tensor("bn.weight", DType::Float32, {2}, {1, 1});
    for (const char* name : {"linears.0.weight", "linears.1.weight"})
        flat.tensor(name, DType::Float32, {2, 3}, {3, 0, 1, 4, 2, 0}); // D x C
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    QVERIFY(head.source.kind == HeadKind::Cosine);
    QVERIFY(head.source.orientation == Orientation::FeatureByClass);
    QCOMPARE(head.classes(), std::int64_t{3});
    QCOMPARE(head.unitParts, std::int64_t{2});
    QCOMPARE(head.weight(0, 0), 0.3f); // 3 / 5 / 2 experts
    QCOMPARE(head.weight(0, 3), 0.4f);
    QCOMPARE(head.norms, (Values{5, 2, 1}));
    FeatureSet features;
    RowMatrix rows(1, 4);
    rows << 3, 4, 0, 2;
    features.features = rowsOf(rows);
    const RowMatrix seen = headInput(features, head).features->read(0, 1);
    QCOMPARE(seen(0, 1), 0.8f);
    QCOMPARE(seen(0, 3), 1.0f);
}

void HeadKindsTest::aZeroRowAtAnEndIsBackground()
{
    FlatCheckpoint flat = file();
    flat.tensor("cls_score.zs_weight", DType::Float32, {2, 4}, {1, 0, 3, 0, 0, 2, 4, 0});
    const Checkpoint& checkpoint = flat.write();
    const HeadCandidate head = chooseHead(checkpoint, {});
    QVERIFY(head.background == BackgroundRow::Last);
    QCOMPARE(head.classes, std::int64_t{3});
    QVERIFY(head.kind == HeadKind::Cosine);
    QCOMPARE(readHead(checkpoint, head).norms, (Values{1, 2, 5}));
    HeadQuery query;
    query.classes = 4; // who counts the background too gets it as a class
    QCOMPARE(chooseHead(checkpoint, query).classes, std::int64_t{4});
}

void HeadKindsTest::theBackgroundRowStaysAsItIs()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float32, {4, 2}, {0, 0, 1, 0, 0, 2, 3, 4});
    flat.tensor("fc.bias", DType::Float32, {4}, {7, 1, 2, 3});
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    QVERIFY(head.source.background == BackgroundRow::First);
    QCOMPARE(valuesOf(head.bias), (Values{1, 2, 3}));
    const HeadEdits edits = planHeadEdits(checkpoint, head, {2, 3, 4}, {1, 5, 3});
    QCOMPARE(patchOf(edits, "fc.weight")->values, (Values{0, 0, 2, 0, 0, 6, 12, 16}));
    QCOMPARE(patchOf(edits, "fc.bias")->values, (Values{7, 1, 5, 3}));
}

void HeadKindsTest::theBackgroundOfOtherKindsStaysToo()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float32, {3, 2}, counting(6));
    flat.tensor("fc.bias", DType::Float32, {3}, {7, 1, 2});
    flat.tensor("scales", DType::Float32, {3}, {5, 2, 4});
    for (const char* e : {"linears.0", "linears.1"}) {
        flat.tensor(std::string(e) + ".weight", DType::Float32, {3, 2}, counting(6));
        flat.tensor(std::string(e) + ".bias", DType::Float32, {3}, {7, 1, 2});
    }
    const Checkpoint& checkpoint = flat.write();
    HeadQuery query;
    query.background = BackgroundRow::First;
    query.name = "fc";
    const ClassifierHead lws = readHead(checkpoint, chooseHead(checkpoint, query));
    QVERIFY(lws.source.kind == HeadKind::Lws);
    QCOMPARE(valuesOf(lws.bias), (Values{2, 8}));
    QVERIFY(planHeadEdits(checkpoint, lws, {1, 1}, {2, 8}).patches.empty());
    const HeadEdits edits = planHeadEdits(checkpoint, lws, {2, 1}, {2, 12});
    QCOMPARE(patchOf(edits, "scales")->values, (Values{5, 4, 4}));
    QCOMPARE(patchOf(edits, "fc.bias")->values, (Values{7, 0.5, 3}));
    query.name = "linears";
    const ClassifierHead experts = readHead(checkpoint, chooseHead(checkpoint, query));
    QVERIFY(experts.source.kind == HeadKind::Experts);
    const HeadEdits moved = planHeadEdits(checkpoint, experts, {1, 1}, {1, 5});
    QCOMPARE(patchOf(moved, "linears.0.bias")->values, (Values{7, 1, 5}));
    QCOMPARE(patchOf(moved, "linears.1.bias")->values, (Values{7, 1, 5}));
}

void HeadKindsTest::theUserSaysWhichRowIsBackground()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float32, {4, 2}, {1, 1, 1, 0, 0, 2, 3, 4});
    const Checkpoint& checkpoint = flat.write();
    HeadQuery query;
    query.background = BackgroundRow::Last;
    const HeadCandidate head = chooseHead(checkpoint, query);
    QCOMPARE(head.classes, std::int64_t{3});
    QCOMPARE(readHead(checkpoint, head).norms, (Values{std::sqrt(2.0), 1, 2}));
    query.background = BackgroundRow::First;
    QCOMPARE(readHead(checkpoint, chooseHead(checkpoint, query)).norms, (Values{1, 2, 5}));
    query.name = "fc";
    QCOMPARE(readHead(checkpoint, chooseHead(checkpoint, query)).norms, (Values{1, 2, 5}));
}

void HeadKindsTest::aDetectorsBackgroundIsCountedOut()
{
    FlatCheckpoint flat = file();
    flat.tensor("bbox_head.fc_cls.weight", DType::Float32, {4, 2}, counting(8));
    flat.tensor("bbox_head.fc_reg.weight", DType::Float32, {12, 2}, counting(24));
    const Checkpoint& checkpoint = flat.write();
    QVERIFY(chooseHead(checkpoint, {}).background == BackgroundRow::Last); // 12 = 4 x 3 classes
    QCOMPARE(chooseHead(checkpoint, {}).classes, std::int64_t{3});
    FlatCheckpoint other = file();
    other.tensor("box_predictor.cls_score.weight", DType::Float32, {4, 2}, counting(8));
    other.tensor("box_predictor.bbox_pred.weight", DType::Float32, {16, 2}, counting(32));
    QVERIFY(chooseHead(other.write(), {}).background == BackgroundRow::First);
}

void HeadKindsTest::samnHeadsFoldAsPublished()
{
    MONOTAIL_NEEDS_SHARED();
    for (const nlohmann::json& entry : readJson(sharedFolder() / "reference/samn_head.json")) {
        const std::int64_t classes = entry.at("C"), features = entry.at("D");
        const nlohmann::json& state = entry.at("after");
        const nlohmann::json& folded = state;
        FlatCheckpoint flat = file();
        // The trained rows themselves are not in the reference: folded ones have their directions.
        flat.tensor("fc.weight", DType::Float64, {classes, features},
                    folded.at("folded_weight").get<Values>());
        const auto counts = entry.at("class_counts").get<Values>();
        const auto raw = [&](const std::string& part, const char* key) {
            flat.tensor("fc." + part + ".raw", DType::Float64, {classes}, state.at(key));
            flat.tensor("fc." + part + ".class_counts", DType::Float64, {classes}, counts);
        };
        raw("fix_norms_w", "raw_w");
        raw("fix_norms_b", "raw_b");
        const Checkpoint& checkpoint = flat.write();
        const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
        QVERIFY(head.source.kind == HeadKind::Samn);
        const auto norms = folded.at("row_norms").get<Values>();
        for (std::size_t c = 0; c < norms.size(); ++c)
            QVERIFY(std::abs(head.norms[c] - norms[c]) <= 1e-9 * norms[c]);
    }
}

void HeadKindsTest::samnHeadsFoldByHand()
{
    // Class 1 has fewer images than class 0, and its raw 4 is above class 0's 2: they pool to 3.
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float64, {2, 2}, {3, 4, 0, 0.5});
    flat.tensor("fc.bias", DType::Float64, {2}, {0.25, -1});
    for (const char* part : {"fix_norms_w", "fix_norms_b"}) {
        const bool isWeight = std::string(part) == "fix_norms_w";
        flat.tensor("fc." + std::string(part) + ".raw", DType::Float64, {2},
                    isWeight ? Values{2, 4} : Values{1, 0});
        flat.tensor("fc." + std::string(part) + ".class_counts", DType::Float64, {2}, {50, 5});
    }
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    const auto norm = [](double raw) { return std::exp(1 / (std::log(1 + std::exp(raw)) + 2e-6)); };
    QVERIFY(std::abs(head.norms[0] - norm(3)) < 1e-12);
    QVERIFY(std::abs(head.norms[1] - norm(3)) < 1e-12);
    QCOMPARE(head.weight(0, 1), static_cast<float>(0.8 * norm(3)));
    QCOMPARE(head.bias(0), static_cast<float>(norm(1) + 0.25));
    QCOMPARE(head.bias(1), static_cast<float>(norm(0) - 1));
    const std::string said = errorOf([&] { planHeadEdits(checkpoint, head, {1, 1}, {0, 0}); });
    QVERIFY2(said.find("--format state-dict") != said.npos, said.c_str());
}

void HeadKindsTest::aBrokenSamnOrderIsRefused()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float64, {2, 2}, {3, 4, 0, 0.5});
    for (const char* part : {"fc.fix_norms_w.", "fc.fix_norms_b."}) {
        flat.tensor(part + std::string("raw"), DType::Float64, {2}, {2, 4});
        flat.tensor(part + std::string("class_counts"), DType::Float64, {2}, {50, 5});
        flat.tensor(part + std::string("perm"), DType::Float64, {2}, {1, 1});
    }
    const Checkpoint& checkpoint = flat.write();
    const std::string said = errorOf([&] { readHead(checkpoint, chooseHead(checkpoint, {})); });
    QVERIFY2(said.find("fc.fix_norms_w.perm is no order of the 2 classes") != said.npos,
             said.c_str());
}

void HeadKindsTest::whatDependsOnTheSampleIsRefused()
{
    FlatCheckpoint flat = file();
    flat.tensor("classifier.fc.weight", DType::Float32, {3, 2}, counting(6));
    flat.tensor("classifier.logit_scale", DType::Float32, {1, 3}, {1, 1, 1});
    flat.tensor("classifier.confidence_layer.weight", DType::Float32, {1, 2}, {1, 1});
    const Checkpoint& checkpoint = flat.write();
    const HeadCandidate head = chooseHead(checkpoint, {});
    QVERIFY(head.kind == HeadKind::SampleDependent);
    const std::string said = errorOf([&] { readHead(checkpoint, head); });
    QVERIFY2(said.find("computed from each sample (as in DisAlign and OLTR)") != said.npos,
             said.c_str());
    HeadQuery query;
    query.kind = HeadKind::Linear;
    QCOMPARE(readHead(checkpoint, chooseHead(checkpoint, query)).norms,
             (Values{1, std::sqrt(13.0), std::sqrt(41.0)}));
}

void HeadKindsTest::tiedTensorsGetTheSameNewNumbers()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float32, {2, 2}, {3, 4, 0, 8});
    flat.view("decoder.weight", "fc.weight", {2, 2}, {2, 1});
    flat.view("first.row", "fc.weight", {2}, {1});
    const Checkpoint& checkpoint = flat.write();
    HeadQuery query;
    query.name = "fc";
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, query));
    const NewHeadFile plan =
        planNewFile(checkpoint, head, {2, 3}, {0, 0}, NewFileFormat::StateDict);
    QCOMPARE(plan.content.tensors.size(), std::size_t{3});
    for (std::size_t i : {0u, 1u})
        QCOMPARE(plan.content.tensors[i].values, (Values{6, 8, 0, 24}));
    QVERIFY(plan.content.tensors[2].source);
    QCOMPARE(plan.warnings.size(), std::size_t{1});
    QCOMPARE(plan.warnings[0], std::string("decoder.weight is tied to fc.weight in the source and "
                                           "gets the same new numbers"));
}

void HeadKindsTest::aBiasThatIsNewIsAnAddition()
{
    FlatCheckpoint flat = file();
    flat.tensor("fc.weight", DType::Float32, {2, 2}, {3, 4, 0, 8});
    const Checkpoint& checkpoint = flat.write();
    const ClassifierHead head = readHead(checkpoint, chooseHead(checkpoint, {}));
    const HeadEdits edits = planHeadEdits(checkpoint, head, {1, 2}, {0.5, -1});
    QCOMPARE(edits.additions.size(), std::size_t{1});
    QCOMPARE(edits.additions[0].name, std::string("fc.bias"));
    QCOMPARE(edits.additions[0].beside, std::string("fc.weight"));
    QCOMPARE(edits.additions[0].values, (Values{0.5, -1}));
    QVERIFY(planHeadEdits(checkpoint, head, {1, 2}, {0, 0}).additions.empty());
}

QTEST_APPLESS_MAIN(HeadKindsTest)
#include "tst_head_kinds.moc"
