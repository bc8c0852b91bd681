// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "retrain/loss_terms.h"
#include "support/shared_material.h"
#include "training.h"

using namespace monotail;
using namespace monotail::test;
using Json = nlohmann::json;

namespace {

double gap(const std::vector<double>& found, const std::vector<double>& expected)
{
    if (found.size() != expected.size())
        return std::numeric_limits<double>::infinity();
    double most = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
        most = std::max(most, std::abs(found[i] - expected[i]));
    return most;
}

Recipe smoothing(SmoothingShape shape, double head, double tail)
{
    Recipe recipe;
    recipe.precision = TrainPrecision::Float64;
    recipe.loss = LossKind::LabelAwareSmoothing;
    recipe.smoothShape = shape;
    recipe.smoothHead = head;
    recipe.smoothTail = tail;
    return recipe;
}

} // namespace

/// losses.json, made with published code in float64. The logits are given: an identity head on the
/// logits as features has them as its own.
class LossesTest : public QObject
{
    Q_OBJECT

private:
    Json m_json;
    ClassSet m_classes;

    double lossOf(const Recipe& recipe) const
    {
        const std::vector<double> logits = m_json["logits"];
        const std::int64_t classes = m_json["C"];
        const RowMatrixD rows = Eigen::Map<const RowMatrixD>(logits.data(), m_json["N"], classes);
        HeadState state;
        state.weight = RowMatrixD::Identity(classes, classes);
        return trainerOf(trainingData(rows, m_json["labels"]))
            ->gradient(state, m_classes, recipe)
            .loss;
    }

private Q_SLOTS:
    void initTestCase()
    {
        MONOTAIL_NEEDS_SHARED();
        m_json = readJson(sharedFolder() / "reference/losses.json");
        m_classes = classesOf(m_json["class_counts"]);
    }

    void labelAwareSmoothing_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("shape");
        QTest::newRow("concave") << "concave" << int(SmoothingShape::Concave);
        QTest::newRow("linear") << "linear" << int(SmoothingShape::Linear);
        QTest::newRow("convex") << "convex" << int(SmoothingShape::Convex);
    }

    void labelAwareSmoothing()
    {
        QFETCH(QString, name);
        QFETCH(int, shape);
        const Json& expected = m_json["label_aware_smoothing_" + name.toStdString()];
        const Recipe recipe = smoothing(static_cast<SmoothingShape>(shape), expected["smooth_head"],
                                        expected["smooth_tail"]);
        QVERIFY(gap(lossTerms(recipe, m_classes).smoothing, expected["epsilon"]) < 1e-7);
        QVERIFY(std::abs(lossOf(recipe) / expected["loss"].get<double>() - 1) < 1e-7);
    }

    /// The published epsilons are rounded to float32; with the same rounding the loss is the same.
    void labelAwareSmoothingWithTheirRounding()
    {
        for (const char* name : {"concave", "linear", "convex"}) {
            const Json& expected = m_json[std::string("label_aware_smoothing_") + name];
            const std::vector<double> epsilon = expected["epsilon"];
            const std::vector<double> logits = m_json["logits"];
            const std::vector<std::int64_t> labels = m_json["labels"];
            const auto classes = m_classes.counts.size();
            double sum = 0;
            for (std::size_t n = 0; n < labels.size(); ++n) {
                const double* z = logits.data() + n * classes;
                double exponentials = 0, mean = 0;
                for (std::size_t c = 0; c < classes; ++c)
                    exponentials += std::exp(z[c]);
                for (std::size_t c = 0; c < classes; ++c)
                    mean += (std::log(exponentials) - z[c]) / static_cast<double>(classes);
                const auto y = static_cast<std::size_t>(labels[n]);
                sum += (1 - epsilon[y]) * (std::log(exponentials) - z[y]) + epsilon[y] * mean;
            }
            const double loss = expected["loss"];
            QVERIFY(std::abs(sum / static_cast<double>(labels.size()) / loss - 1) < 1e-9);
        }
    }

    void balancedSoftmaxIsTheLogitAdjustedLossAtOne()
    {
        Recipe recipe;
        recipe.precision = TrainPrecision::Float64;
        recipe.loss = LossKind::BalancedSoftmax;
        const double expected = m_json["balanced_softmax_loss"];
        QVERIFY(std::abs(lossOf(recipe) / expected - 1) < 1e-9);
        recipe.loss = LossKind::LogitAdjust;
        recipe.tau = 1;
        QVERIFY(std::abs(lossOf(recipe) / expected - 1) < 1e-9);
    }

    void classBalancedWeights()
    {
        Recipe recipe;
        recipe.loss = LossKind::ClassBalanced;
        recipe.beta = 0.999;
        QVERIFY(gap(lossTerms(recipe, m_classes).weight,
                    m_json["class_balanced_weights_beta0.999"]) < 1e-9);
    }
};

QTEST_APPLESS_MAIN(LossesTest)
#include "tst_losses.moc"
