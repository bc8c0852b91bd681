// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "checkpoint/head.h"
#include "retrain/trainer.h"
#include "support/shared_material.h"
#include "training.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr Sampling samplings[] = {Sampling::Instance, Sampling::ClassBalanced,
                                  Sampling::SquareRoot};
constexpr LossKind losses[] = {LossKind::CrossEntropy, LossKind::ClassBalanced,
                               LossKind::BalancedSoftmax, LossKind::LogitAdjust,
                               LossKind::LabelAwareSmoothing};
constexpr NormRule normRules[] = {NormRule::Free, NormRule::Samn, NormRule::Lws};
constexpr FeatureForm forms[] = {FeatureForm::Raw, FeatureForm::Cosine};
enum class Constraint { None, WeightDecay, MaxNorm, Both };
constexpr Constraint constraints[] = {Constraint::None, Constraint::WeightDecay,
                                      Constraint::MaxNorm, Constraint::Both};

Recipe recipeOf(Sampling sampling, LossKind loss, NormRule norms, FeatureForm form,
                Constraint constraint)
{
    Recipe recipe;
    recipe.sampling = sampling;
    recipe.loss = loss;
    recipe.norms = norms;
    recipe.features = form;
    if (constraint == Constraint::WeightDecay || constraint == Constraint::Both)
        recipe.weightDecay = 1e-3;
    if (constraint == Constraint::MaxNorm || constraint == Constraint::Both)
        recipe.maxNorm = 1.5;
    // What LWS scales is a trained head; the others start from nothing.
    recipe.start = norms == NormRule::Lws ? HeadStart::Checkpoint : HeadStart::Fresh;
    recipe.tau = 0.5;
    recipe.beta = 0.99;
    recipe.rate = 0.01;
    recipe.epochs = 6;
    return recipe;
}

} // namespace

/// Every combination of METHOD's axes, on the demo's training features.
class CombinationsTest : public QObject
{
    Q_OBJECT

private:
    std::shared_ptr<const FeatureSet> m_features;
    ClassifierHead m_head;
    ClassSet m_classes;
    std::unique_ptr<HeadTrainer> m_trainer;

private Q_SLOTS:
    void initTestCase()
    {
        const auto checkpoint = openCheckpoint(demoFolder() / "stage1.pth.tar");
        m_head = readHead(*checkpoint, chooseHead(*checkpoint, {}));
        m_classes = readClassSet((demoFolder() / "counts.csv").string(), m_head.classes());
        m_features = std::make_shared<const FeatureSet>(
            openFeatures((demoFolder() / "features-train.safetensors").string()));
        m_trainer = trainerOf({m_features});
    }

    void trainsAndLowersItsLoss_data()
    {
        QTest::addColumn<int>("sampling");
        QTest::addColumn<int>("loss");
        QTest::addColumn<int>("norms");
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("constraint");
        for (const Sampling sampling : samplings)
            for (const LossKind loss : losses)
                for (const NormRule norms : normRules)
                    for (const FeatureForm form : forms)
                        for (const Constraint constraint : constraints) {
                            const Recipe recipe = recipeOf(sampling, loss, norms, form, constraint);
                            if (norms == NormRule::Samn && recipe.maxNorm)
                                continue; // refused
                            QTest::newRow(describe(recipe).c_str())
                                << int(sampling) << int(loss) << int(norms) << int(form)
                                << int(constraint);
                        }
    }

    void trainsAndLowersItsLoss()
    {
        QFETCH(int, sampling);
        QFETCH(int, loss);
        QFETCH(int, norms);
        QFETCH(int, form);
        QFETCH(int, constraint);
        const Recipe recipe = recipeOf(static_cast<Sampling>(sampling), static_cast<LossKind>(loss),
                                       static_cast<NormRule>(norms), static_cast<FeatureForm>(form),
                                       static_cast<Constraint>(constraint));
        checkRecipe(recipe);
        Random random(recipe.seed);
        const HeadState start =
            startState(m_head, m_classes, recipe, m_trainer->meanFeatureLength(), random);
        std::vector<double> epochs;
        const HeadState end =
            m_trainer->train(start, m_classes, recipe,
                             [&](const EpochEnd& epoch) { epochs.push_back(epoch.loss); }, {});
        QCOMPARE(epochs.size(), std::size_t(recipe.epochs));
        QVERIFY2(epochs.back() < epochs.front(),
                 qPrintable(QString("%1 -> %2").arg(epochs.front()).arg(epochs.back())));
        const FoldedState folded = foldState(end, m_classes, recipe);
        QVERIFY(folded.weight.allFinite());
        if (recipe.maxNorm && recipe.norms == NormRule::Free)
            for (std::int64_t c = 0; c < end.classes(); ++c)
                QVERIFY(end.weight.row(c).norm() <= *recipe.maxNorm * (1 + 1e-6));
        if (recipe.norms == NormRule::Samn)
            for (std::size_t c = 0; c < folded.norms.size(); ++c)
                for (std::size_t other = 0; other < folded.norms.size(); ++other)
                    if (m_classes.counts[c] < m_classes.counts[other])
                        QVERIFY(folded.norms[c] >= folded.norms[other] * (1 - 1e-12));
        if (recipe.norms == NormRule::Lws)
            QCOMPARE(end.weight, start.weight);
    }

    void maxNormWithSamnIsRefused()
    {
        const Recipe recipe = recipeOf(Sampling::Instance, LossKind::CrossEntropy, NormRule::Samn,
                                       FeatureForm::Raw, Constraint::MaxNorm);
        const std::string error = errorOf([&] { checkRecipe(recipe); });
        QVERIFY2(error.find("MaxNorm") != std::string::npos &&
                     error.find("SAMN") != std::string::npos,
                 error.c_str());
    }
};

QTEST_APPLESS_MAIN(CombinationsTest)
#include "tst_combinations.moc"
