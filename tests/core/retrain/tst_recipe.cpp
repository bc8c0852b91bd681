// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <functional>
#include <limits>

#include "retrain/recipe.h"

using namespace monotail;

namespace {

using Change = std::function<void(Recipe&)>;

std::string refusal(const Recipe& recipe)
{
    try {
        checkRecipe(recipe);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

Recipe changed(const Change& change)
{
    Recipe recipe;
    change(recipe);
    return recipe;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class RecipeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCombinationButMaxNormWithSamnIsAllowed()
    {
        int allowed = 0, refused = 0;
        for (const auto sampling : {"instance", "class-balanced", "square-root"})
            for (const auto loss :
                 {"ce", "class-balanced", "balanced-softmax", "logit-adjust", "las"})
                for (const auto norms : {"free", "samn", "lws"})
                    for (const auto features : {"raw", "cosine"})
                        for (const double decay : {0.0, 0.1})
                            for (const double radius : {0.0, 1.0}) {
                                Recipe recipe;
                                recipe.sampling = parseSampling(sampling);
                                recipe.loss = parseLoss(loss);
                                recipe.norms = parseNorms(norms);
                                recipe.features = parseFeatureForm(features);
                                recipe.weightDecay = decay;
                                if (radius > 0)
                                    recipe.maxNorm = radius;
                                const bool both = recipe.norms == NormRule::Samn && radius > 0;
                                QCOMPARE(refusal(recipe).empty(), !both);
                                (both ? refused : allowed) += 1;
                            }
        QCOMPARE(allowed, 300);
        QCOMPARE(refused, 60);
    }

    void maxNormWithSamnIsRefusedWithTheReason()
    {
        Recipe recipe;
        recipe.norms = NormRule::Samn;
        recipe.maxNorm = 0.5;
        QCOMPARE(refusal(recipe),
                 std::string("the constraint maxnorm=0.5 cannot be combined with norms=samn: "
                             "MaxNorm caps norms that are free, while SAMN sets them itself, all "
                             "above 1 by construction; take norms=free, or leave MaxNorm out"));
    }

    void numbersOutOfRangeAreRefused_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("sentence");
        const double infinite = std::numeric_limits<double>::infinity();
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto row = [](const char* name, const Change& change, const char* sentence) {
            QTest::newRow(name) << change << QString(sentence);
        };
        row(
            "no rate", [](Recipe& r) { r.rate = 0; },
            "lr (learning rate) = 0: a finite number above 0 is expected");
        row(
            "infinite rate", [=](Recipe& r) { r.rate = infinite; },
            "lr (learning rate) = inf: a finite number above 0 is expected");
        row(
            "rate that is no number", [=](Recipe& r) { r.rate = nan; },
            "lr (learning rate) = nan: a finite number above 0 is expected");
        row(
            "momentum of 1", [](Recipe& r) { r.momentum = 1; },
            "momentum = 1: a number from 0 to below 1 is expected");
        row(
            "beta of 1", [](Recipe& r) { r.beta = 1; },
            "beta (class-balanced loss) = 1: a number from 0 to below 1 is expected");
        row(
            "negative smoothing", [](Recipe& r) { r.smoothTail = -0.1; },
            "las-tail (label smoothing of the rarest class) = -0.1: a number from 0 to below 1 is "
            "expected");
        row(
            "smoothing of everything", [](Recipe& r) { r.smoothHead = 1; },
            "las-head (label smoothing of the most frequent class) = 1: a number from 0 to below 1 "
            "is expected");
        row(
            "infinite tau", [=](Recipe& r) { r.tau = infinite; },
            "loss-tau (logit-adjusted loss) = inf: a finite number is expected");
        row(
            "negative epochs", [](Recipe& r) { r.epochs = -1; },
            "epochs = -1: a whole number from 0 to 100000 is expected (0 trains nothing and folds "
            "the head as it starts)");
        row(
            "endless epochs", [](Recipe& r) { r.epochs = 100001; },
            "epochs = 100001: a whole number from 0 to 100000 is expected (0 trains nothing and "
            "folds the head as it starts)");
        row(
            "empty batch", [](Recipe& r) { r.batch = 0; },
            "batch = 0: a whole number of 1 or more is expected");
        row(
            "steps of no epochs", [](Recipe& r) { r.stepEpochs = 0; },
            "step-epochs = 0: a whole number of 1 or more is expected");
        row(
            "step to nothing", [](Recipe& r) { r.stepFactor = 0; },
            "step-factor = 0: a finite number above 0 is expected");
        row(
            "negative weight decay", [](Recipe& r) { r.weightDecay = -1; },
            "wd (weight decay) = -1: a finite number of 0 or more is expected");
        row(
            "ball without a radius", [](Recipe& r) { r.maxNorm = 0; },
            "maxnorm (radius) = 0: a finite number above 0 is expected");
        row(
            "negative tau afterwards",
            [](Recipe& r) {
                r.afterwards.kind = MethodKind::Tau;
                r.afterwards.parameter = -1;
            },
            "method tau=-1: expected a finite tau of 0 or more");
    }

    void numbersOutOfRangeAreRefused()
    {
        QFETCH(Change, change);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(refusal(changed(change))), sentence);
    }

    void numbersAtTheEdgeAreAllowed()
    {
        const auto edge = [](Recipe& r) {
            r.epochs = 0;
            r.momentum = r.beta = r.smoothHead = r.smoothTail = r.tau = r.weightDecay = 0;
            r.batch = 1;
        };
        QCOMPARE(refusal(changed(edge)), std::string());
    }

    void whatHasNoEffectIsSaid()
    {
        Recipe recipe;
        QVERIFY(recipeWarnings(recipe).empty());
        recipe.norms = NormRule::Lws;
        recipe.weightDecay = 0.1;
        recipe.maxNorm = 2;
        const Warnings warnings = recipeWarnings(recipe);
        QCOMPARE(warnings.size(), std::size_t(2));
        QCOMPARE(warnings[0], std::string("weight decay 0.1 has no effect with norms=lws: rows and "
                                          "bias are frozen, and the learned scales do not decay"));
        QCOMPARE(warnings[1],
                 std::string("MaxNorm 2 has no effect with norms=lws: the rows are frozen"));
    }

    void priorsThatAreMadeUpForTwiceAreSaid()
    {
        Recipe recipe;
        recipe.loss = LossKind::BalancedSoftmax;
        recipe.afterwards.kind = MethodKind::LogitAdjust;
        recipe.afterwards.parameter = 1;
        QCOMPARE(recipeWarnings(recipe),
                 Warnings{"loss=balanced-softmax and then logit-adjust=1 make up for the class "
                          "frequencies twice"});
    }

    void namesReadBack()
    {
        for (const auto kind :
             {LossKind::CrossEntropy, LossKind::ClassBalanced, LossKind::BalancedSoftmax,
              LossKind::LogitAdjust, LossKind::LabelAwareSmoothing})
            QCOMPARE(parseLoss(nameOf(kind)), kind);
        QCOMPARE(parseSampling(" Square-Root "), Sampling::SquareRoot);
        QCOMPARE(parseSmoothingShape("convex"), SmoothingShape::Convex);
        QCOMPARE(parseRateSchedule("step"), RateSchedule::Step);
        QCOMPARE(parseHeadStart("fresh"), HeadStart::Fresh);
        QCOMPARE(parseTrainPrecision("float64"), TrainPrecision::Float64);
    }

    void unknownNameListsTheKnown()
    {
        try {
            parseNorms("samm");
            QFAIL("samm is no norm rule");
        } catch (const Error& error) {
            QCOMPARE(std::string(error.what()),
                     std::string("norms \"samm\" is not known; choose one of free, samn, lws"));
        }
    }

    void descriptionHasTheAxesAndWhatHasAnEffect()
    {
        Recipe recipe;
        recipe.loss = LossKind::LabelAwareSmoothing;
        recipe.weightDecay = 0.01;
        recipe.seed = 7;
        QCOMPARE(describe(recipe),
                 std::string("sampling=instance loss=las las-head=0.4 las-tail=0.1 "
                             "las-shape=concave norms=free features=raw constraint=wd=0.01 "
                             "init=checkpoint epochs=20 lr=5e-04 momentum=0.9 schedule=cosine "
                             "batch=64 seed=7 precision=float32"));
        recipe = Recipe();
        recipe.epochs = 0;
        recipe.afterwards.kind = MethodKind::Tau;
        recipe.afterwards.parameter = 0.5;
        QCOMPARE(describe(recipe),
                 std::string("sampling=instance loss=ce norms=free features=raw constraint=none "
                             "init=checkpoint epochs=0 seed=0 precision=float32 then tau=0.5"));
    }

    void shortNameIsThePresetOrWhatIsNotPlain()
    {
        Recipe recipe;
        QCOMPARE(shortName(recipe), std::string("ce"));
        recipe.norms = NormRule::Samn;
        recipe.sampling = Sampling::ClassBalanced;
        QCOMPARE(shortName(recipe), std::string("class-balanced+samn"));
        recipe.preset = "some-preset";
        QCOMPARE(shortName(recipe), std::string("some-preset"));
        recipe = Recipe();
        recipe.loss = LossKind::LabelAwareSmoothing;
        recipe.weightDecay = 0.1;
        recipe.afterwards.kind = MethodKind::Tau;
        recipe.afterwards.parameter = 0.7;
        QCOMPARE(shortName(recipe), std::string("las+wd=0.1 then tau=0.7"));
    }
};

QTEST_APPLESS_MAIN(RecipeTest)
#include "tst_recipe.moc"
