// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "../rescale/head_by_hand.h"
#include "retrain/hyperparameters.h"
#include "retrain/presets.h"

using namespace monotail;

class PresetsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void allOfThemAreThereOnce()
    {
        std::set<std::string> names;
        for (const Preset& preset : presets())
            names.insert(preset.name);
        QCOMPARE(names.size(), presets().size());
        QCOMPARE(names, (std::set<std::string>{"ce", "ce+samn", "crt", "las", "las+samn", "lws",
                                               "tau", "wd", "wd+maxnorm", "logit-adjust",
                                               "balanced-softmax", "cosine"}));
    }

    void eachIsAllowedAndSaysWhereItIsFrom()
    {
        for (const Preset& preset : presets()) {
            checkRecipe(preset.recipe);
            QVERIFY2(recipeWarnings(preset.recipe).empty(), preset.name.c_str());
            QCOMPARE(preset.recipe.preset, preset.name);
            QCOMPARE(shortName(preset.recipe), preset.name);
            QVERIFY2(!preset.source.empty() && !preset.title.empty(), preset.name.c_str());
            for (const std::string& name : preset.hyperparameters)
                QVERIFY2(hasEffect(preset.recipe, name), name.c_str());
        }
    }

    void samnIsTrainedAsPublished()
    {
        const Recipe& recipe = presetNamed("CE+SAMN").recipe;
        QCOMPARE(recipe.norms, NormRule::Samn);
        QCOMPARE(recipe.loss, LossKind::CrossEntropy);
        QCOMPARE(recipe.sampling, Sampling::Instance);
        QCOMPARE(recipe.rate, 5e-4);
        QCOMPARE(recipe.momentum, 0.9);
        QCOMPARE(recipe.weightDecay, 0.0);
        QCOMPARE(recipe.batch, 64);
        QCOMPARE(recipe.epochs, 20);
        QCOMPARE(recipe.schedule, RateSchedule::Cosine);
        QVERIFY(presetNamed("ce+samn").hyperparameters.empty());
        QCOMPARE(presetNamed("las+samn").recipe.smoothHead, 0.01);
        QCOMPARE(presetNamed("las+samn").recipe.smoothTail, 0.0);
    }

    void unknownPresetListsTheKnown()
    {
        try {
            presetNamed("smote");
            QFAIL("smote is no preset");
        } catch (const Error& error) {
            QCOMPARE(std::string(error.what()),
                     std::string("preset \"smote\" is not known; the presets are ce, ce+samn, crt, "
                                 "las, las+samn, lws, tau, wd, wd+maxnorm, logit-adjust, "
                                 "balanced-softmax, cosine"));
        }
    }

    void radiusIsATenthOfTheWayFromTheSmallestNormToTheLargest()
    {
        const ClassifierHead head = test::headOfNorms({3, 1, 2});
        QVERIFY(std::abs(publishedRadius(head) - 1.2) < 1e-12);
        QCOMPARE(presetRecipe(presetNamed("wd+maxnorm"), head).maxNorm,
                 std::optional(publishedRadius(head)));
        QCOMPARE(presetRecipe(presetNamed("wd"), head), presetNamed("wd").recipe);
    }

    void refinedRecipeIsNoLongerThePreset()
    {
        const Recipe& original = presetNamed("ce+samn").recipe;
        Recipe changed = original;
        changed.seed = 3;
        QCOMPARE(refined(original, changed).preset, std::string("ce+samn"));
        changed.epochs = 5;
        QCOMPARE(refined(original, changed).preset, std::string());
        QCOMPARE(refined(original, changed).epochs, 5);
    }
};

QTEST_APPLESS_MAIN(PresetsTest)
#include "tst_presets.moc"
