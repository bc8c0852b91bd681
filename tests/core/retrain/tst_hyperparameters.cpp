// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "retrain/hyperparameters.h"

using namespace monotail;

namespace {

template <typename Work>
std::string errorOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

class HyperparametersTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachNameSetsItsNumber()
    {
        const auto with = [](const char* name, double value) {
            return withHyperparameter(Recipe(), name, value);
        };
        QCOMPARE(with("wd", 0.1).weightDecay, 0.1);
        QCOMPARE(with("maxnorm", 0.2).maxNorm, std::optional(0.2));
        QCOMPARE(with("las-head", 0.3).smoothHead, 0.3);
        QCOMPARE(with("las-tail", 0.4).smoothTail, 0.4);
        QCOMPARE(with("beta", 0.5).beta, 0.5);
        QCOMPARE(with("loss-tau", 0.6).tau, 0.6);
        QCOMPARE(with("lr", 0.7).rate, 0.7);
        QCOMPARE(with("momentum", 0.8).momentum, 0.8);
        QCOMPARE(with("epochs", 9).epochs, 9);
        QCOMPARE(with("batch", 10).batch, 10);
        QCOMPARE(nameOf(with("then-tau", 1).afterwards), std::string("tau=1"));
        QCOMPARE(nameOf(with("then-maxnorm", 2).afterwards), std::string("maxnorm=2"));
        QCOMPARE(nameOf(with("Then-Logit-Adjust", 3).afterwards), std::string("logit-adjust=3"));
        for (const Hyperparameter& one : hyperparameters())
            QVERIFY2(with(one.name.data(), one.name == "momentum" || one.name == "beta" ||
                                                   one.name.substr(0, 3) == "las"
                                               ? 0.25
                                               : 2) != Recipe(),
                     one.name.data());
    }

    void whatFollowsKeepsItsBiasRule()
    {
        Recipe recipe;
        recipe.afterwards.bias = BiasRule::Drop;
        QCOMPARE(withHyperparameter(recipe, "then-tau", 0.5).afterwards.bias, BiasRule::Drop);
    }

    void changedRecipeIsNoPreset()
    {
        Recipe recipe;
        recipe.preset = "ce";
        QCOMPARE(withHyperparameter(recipe, "wd", 0.1).preset, std::string());
    }

    void numbersThatCannotBeAreRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("half an epoch")
            << "epochs" << 0.5 << "epochs = 0.5: a whole number is expected";
        QTest::newRow("more than any batch")
            << "batch" << 1e10 << "batch = 1e+10: a whole number is expected";
        QTest::newRow("out of range")
            << "beta" << 1.0
            << "beta (class-balanced loss) = 1: a number from 0 to below 1 is expected";
        QTest::newRow("unknown")
            << "gamma" << 1.0
            << "\"gamma\" is no number of a recipe; those are wd, maxnorm, las-head, las-tail, "
               "beta, loss-tau, then-tau, then-logit-adjust, then-maxnorm, lr, momentum, epochs, "
               "batch";
    }

    void numbersThatCannotBeAreRefused()
    {
        QFETCH(QString, name);
        QFETCH(double, value);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(
                     errorOf([&] { withHyperparameter({}, name.toStdString(), value); })),
                 sentence);
    }

    void effectFollowsFromTheAxes()
    {
        Recipe recipe;
        QVERIFY(!hasEffect(recipe, "beta") && !hasEffect(recipe, "las-head"));
        QVERIFY(hasEffect(recipe, "wd") && hasEffect(recipe, "maxnorm"));
        recipe.loss = LossKind::LabelAwareSmoothing;
        QVERIFY(hasEffect(recipe, "las-head") && hasEffect(recipe, "las-tail"));
        recipe.norms = NormRule::Lws;
        QVERIFY(!hasEffect(recipe, "wd") && !hasEffect(recipe, "maxnorm"));
        recipe.norms = NormRule::Samn;
        QVERIFY(hasEffect(recipe, "wd") && !hasEffect(recipe, "maxnorm"));
        recipe.epochs = 0;
        QVERIFY(!hasEffect(recipe, "lr") && hasEffect(recipe, "then-tau"));
    }

    void sweepReadsStepsAndLists_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<std::vector<double>>("values");
        QTest::newRow("steps are decimal") << "wd:0:0.3:0.1"
                                           << "wd" << std::vector<double>{0, 0.1, 0.2, 0.3};
        QTest::newRow("list, sorted, each once") << "lr:0.01,0.001, 0.01"
                                                 << "lr" << std::vector<double>{0.001, 0.01};
        QTest::newRow("one value") << "epochs:5"
                                   << "epochs" << std::vector<double>{5};
        QTest::newRow("negative") << "loss-tau:-1:1:1"
                                  << "loss-tau" << std::vector<double>{-1, 0, 1};
    }

    void sweepReadsStepsAndLists()
    {
        QFETCH(QString, text);
        QFETCH(QString, parameter);
        QFETCH(std::vector<double>, values);
        const TrainSweepRange range = parseTrainSweep(text.toStdString());
        QCOMPARE(QString::fromStdString(range.parameter), parameter);
        QCOMPARE(range.values, values);
        QCOMPARE(parseTrainSweep(nameOf(range)), range);
    }

    void sweepsThatCannotBeAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const QString hint = "; write it like wd:0:0.5:0.1 (first value, last value, step) or "
                             "wd:0.0001,0.001,0.01";
        QTest::newRow("no values") << "wd"
                                   << "sweep wd: a name and values are expected" + hint;
        QTest::newRow("three parts") << "wd:0:1"
                                     << "sweep wd:0:1: a name and values are expected" + hint;
        QTest::newRow("no number") << "wd:0,x"
                                   << "sweep wd:0,x: \"x\" is not a number" + hint;
        QTest::newRow("hole in the list") << "wd:0,,1"
                                          << "sweep wd:0,,1: \"\" is not a number" + hint;
        QTest::newRow("infinite") << "wd:0:inf:1"
                                  << "sweep wd:0:inf:1: all numbers must be finite" + hint;
        QTest::newRow("no step") << "wd:0:1:0"
                                 << "sweep wd:0:1:0: the step must be above 0" + hint;
        QTest::newRow("backwards") << "wd:1:0:0.1"
                                   << "sweep wd:1:0:0.1: the first value is above the last" + hint;
        QTest::newRow("far too many")
            << "wd:0:1:1e-9"
            << "sweep wd:0:1:1e-9: that is more than 1000 values, take a larger step" + hint;
        QTest::newRow("out of range") << "momentum:0:1:0.5"
                                      << "momentum = 1: a number from 0 to below 1 is expected";
    }

    void sweepsThatCannotBeAreRefused()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(errorOf([&] { parseTrainSweep(text.toStdString()); })),
                 sentence);
    }
};

QTEST_APPLESS_MAIN(HyperparametersTest)
#include "tst_hyperparameters.moc"
