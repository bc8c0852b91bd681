// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "retrain/class_parameters.h"
#include "support/shared_material.h"
#include "training.h"

using namespace monotail;
using namespace monotail::test;
using Json = nlohmann::json;

namespace {

constexpr double tolerance = 1e-9;

/// One case of samn_head.json: inputs, initial parameters and what the published code makes of
/// them in float64.
struct Case
{
    Json json;
    ClassSet classes;
    TrainingData data;

    explicit Case(Json numbers) : json(std::move(numbers))
    {
        classes = classesOf(json["class_counts"]);
        const std::vector<double> rows = json["features"];
        data = trainingData(Eigen::Map<const RowMatrixD>(rows.data(), json["N"], json["D"]),
                            json["labels"]);
    }

    HeadState start() const
    {
        const std::vector<double> weight = json["init"]["weight"];
        HeadState state;
        state.weight = Eigen::Map<const RowMatrixD>(weight.data(), json["C"], json["D"]);
        state.bias = json["init"]["bias"].get<std::vector<double>>();
        state.rawNorm = json["init"]["raw_w"].get<std::vector<double>>();
        state.rawBias = json["init"]["raw_b"].get<std::vector<double>>();
        return state;
    }

    Recipe recipe() const
    {
        Recipe recipe;
        recipe.norms = NormRule::Samn;
        recipe.precision = TrainPrecision::Float64;
        recipe.rate = json["train"]["lr"];
        recipe.epochs = json["train"]["steps"]; // full batches: a step is an epoch
        recipe.batch = json["N"];
        return recipe;
    }
};

std::vector<double> numbersOf(const RowMatrixD& matrix)
{
    return {matrix.data(), matrix.data() + matrix.size()};
}

/// Largest difference over the largest expected number.
double gap(const std::vector<double>& found, const std::vector<double>& expected)
{
    if (found.size() != expected.size())
        return std::numeric_limits<double>::infinity();
    double most = 0, largest = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        most = std::max(most, std::abs(found[i] - expected[i]));
        largest = std::max(largest, std::abs(expected[i]));
    }
    return most / largest;
}

double gap(double found, double expected)
{
    return std::abs(found - expected) / std::abs(expected);
}

} // namespace

class SamnReferenceTest : public QObject
{
    Q_OBJECT

private:
    std::vector<Case> m_cases;

private Q_SLOTS:
    void initTestCase()
    {
        MONOTAIL_NEEDS_SHARED();
        for (const Json& numbers : readJson(sharedFolder() / "reference/samn_head.json"))
            m_cases.emplace_back(numbers);
        QVERIFY(m_cases.size() >= 4);
    }

    void startsFromThePublishedRawNorms()
    {
        int published = 0;
        for (const Case& one : m_cases) {
            const std::vector<double> theirs = one.json["init"]["raw_w"];
            if (theirs != one.json["init"]["raw_b"].get<std::vector<double>>())
                continue; // a case that starts elsewhere
            QCOMPARE(initialRaw(one.classes.counts), theirs);
            ++published;
        }
        QVERIFY(published >= 3);
    }

    void foldsAsThePublishedHeadWorks()
    {
        for (const Case& one : m_cases) {
            const FoldedState folded = foldState(one.start(), one.classes, one.recipe());
            QVERIFY(gap(folded.norms, one.json["at_init"]["row_norms"]) < tolerance);
            QVERIFY(gap(numbersOf(folded.weight), one.json["at_init"]["folded_weight"]) <
                    tolerance);
            QVERIFY(gap(folded.bias, one.json["at_init"]["folded_bias"]) < tolerance);
        }
    }

    void hasThePublishedLossAndGradients()
    {
        for (const Case& one : m_cases) {
            const auto trainer = trainerOf(one.data);
            const LossGradient found = trainer->gradient(one.start(), one.classes, one.recipe());
            const Json& expected = one.json["grad_at_init"];
            QVERIFY(gap(found.loss, one.json["at_init"]["loss"]) < tolerance);
            QVERIFY(gap(numbersOf(found.gradient.weight), expected["weight"]) < tolerance);
            QVERIFY(gap(found.gradient.bias, expected["bias"]) < tolerance);
            QVERIFY(gap(found.gradient.rawNorm, expected["raw_w"]) < tolerance);
            QVERIFY(gap(found.gradient.rawBias, expected["raw_b"]) < tolerance);
        }
    }

    void trainsToThePublishedState()
    {
        for (const Case& one : m_cases) {
            std::vector<double> losses;
            const auto trainer = trainerOf(one.data);
            const HeadState end =
                trainer->train(one.start(), one.classes, one.recipe(),
                               [&](const EpochEnd& epoch) { losses.push_back(epoch.loss); }, {});
            QVERIFY(gap(losses, one.json["train"]["loss_before_each_step"]) < tolerance);
            const FoldedState folded = foldState(end, one.classes, one.recipe());
            const Json& after = one.json["after"];
            QVERIFY(gap(end.rawNorm, after["raw_w"]) < tolerance);
            QVERIFY(gap(end.rawBias, after["raw_b"]) < tolerance);
            QVERIFY(gap(folded.norms, after["row_norms"]) < tolerance);
            QVERIFY(gap(numbersOf(folded.weight), after["folded_weight"]) < tolerance);
            QVERIFY(gap(folded.bias, after["folded_bias"]) < tolerance);
            QVERIFY(gap(trainer->gradient(end, one.classes, one.recipe()).loss, after["loss"]) <
                    tolerance);
        }
    }

    void float32FollowsTheSamePath()
    {
        for (const Case& one : m_cases) {
            Recipe recipe = one.recipe();
            recipe.precision = TrainPrecision::Float32;
            const HeadState end =
                trainerOf(one.data)->train(one.start(), one.classes, recipe, {}, {});
            const FoldedState folded = foldState(end, one.classes, recipe);
            QVERIFY(gap(folded.norms, one.json["after"]["row_norms"]) < 1e-4);
            QVERIFY(gap(numbersOf(folded.weight), one.json["after"]["folded_weight"]) < 1e-4);
        }
    }
};

QTEST_APPLESS_MAIN(SamnReferenceTest)
#include "tst_samn_reference.moc"
