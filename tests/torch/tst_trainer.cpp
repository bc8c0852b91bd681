// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <numeric>

#include "checkpoint/samn_head.h"
#include "support/shared_material.h"
#include "training.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// Rows around one centre per class.
TrainingData clusters(const std::vector<std::int64_t>& counts, std::int64_t width,
                      std::uint64_t seed = 1)
{
    Random random(seed);
    std::vector<std::int64_t> labels;
    for (std::size_t c = 0; c < counts.size(); ++c)
        labels.insert(labels.end(), static_cast<std::size_t>(counts[c]),
                      static_cast<std::int64_t>(c));
    RowMatrixD rows(static_cast<std::int64_t>(labels.size()), width);
    for (std::int64_t i = 0; i < rows.rows(); ++i)
        for (std::int64_t d = 0; d < width; ++d)
            rows(i, d) =
                random.uniform() + (labels[static_cast<std::size_t>(i)] == d % width ? 1 : 0);
    return trainingData(rows, labels);
}

HeadState zeros(std::int64_t classes, std::int64_t width)
{
    HeadState state;
    state.weight = RowMatrixD::Zero(classes, width);
    state.bias.assign(static_cast<std::size_t>(classes), 0.0);
    return state;
}

HeadState samnStart(const std::vector<std::int64_t>& counts, std::int64_t width)
{
    HeadState state = zeros(static_cast<std::int64_t>(counts.size()), width);
    Random random(5);
    for (std::int64_t i = 0; i < state.weight.size(); ++i)
        state.weight.data()[i] = random.uniform() - 0.5;
    state.rawNorm = state.rawBias = initialRaw(counts);
    return state;
}

Recipe samn(TrainPrecision precision = TrainPrecision::Float32)
{
    Recipe recipe;
    recipe.norms = NormRule::Samn;
    recipe.rate = 0.05;
    recipe.epochs = 10;
    recipe.batch = 8;
    recipe.precision = precision;
    return recipe;
}

/// Loss of the first and of the last epoch.
std::pair<double, double> losses(const TrainingData& data, const HeadState& start,
                                 const ClassSet& classes, const Recipe& recipe)
{
    std::vector<double> all;
    trainerOf(data)->train(start, classes, recipe,
                           [&](const EpochEnd& epoch) { all.push_back(epoch.loss); }, {});
    return {all.front(), all.back()};
}

} // namespace

class TrainerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Two classes, two samples, one step by hand: softmax(0, 0) = 1/2, so the gradient of row 0 is
    /// mean((1/2 - 1) x0, 1/2 x1), and the step is the rate times it.
    void aStepOfPlainTrainingByHand()
    {
        RowMatrixD rows(2, 2);
        rows << 1, 2, 3, -1;
        const TrainingData data = trainingData(rows, {0, 1});
        Recipe recipe;
        recipe.precision = TrainPrecision::Float64;
        recipe.rate = 0.4;
        recipe.epochs = 1;
        recipe.batch = 2;
        recipe.weightDecay = 0.5; // nothing to decay yet
        const HeadState end =
            trainerOf(data)->train(zeros(2, 2), classesOf({1, 1}), recipe, {}, {});
        RowMatrixD expected(2, 2);
        expected << -0.4 * 0.5 * 0.5 * (-1 + 3), -0.4 * 0.25 * (-2 - 1), 0.4 * 0.25 * (-1 + 3),
            0.4 * 0.25 * (-2 - 1);
        QVERIFY((end.weight - expected).cwiseAbs().maxCoeff() < 1e-15);
        QVERIFY(std::abs(end.bias[0]) < 1e-15);
    }

    void gradientsAgreeWithDifferences_data()
    {
        QTest::addColumn<int>("norms");
        QTest::addColumn<int>("form");
        for (const NormRule norms : {NormRule::Free, NormRule::Samn, NormRule::Lws})
            for (const FeatureForm form : {FeatureForm::Raw, FeatureForm::Cosine})
                QTest::newRow(
                    (std::string(nameOf(norms)) + ", " + std::string(nameOf(form))).c_str())
                    << int(norms) << int(form);
    }

    /// Of every parameter, by central differences; weighted and smoothed losses among them.
    void gradientsAgreeWithDifferences()
    {
        QFETCH(int, norms);
        QFETCH(int, form);
        const std::vector<std::int64_t> counts{9, 4, 2};
        const ClassSet classes = classesOf(counts);
        const auto trainer = trainerOf(clusters(counts, 3));
        for (const LossKind loss : {LossKind::CrossEntropy, LossKind::ClassBalanced,
                                    LossKind::LogitAdjust, LossKind::LabelAwareSmoothing}) {
            Recipe recipe = samn(TrainPrecision::Float64);
            recipe.norms = static_cast<NormRule>(norms);
            recipe.features = static_cast<FeatureForm>(form);
            recipe.loss = loss;
            HeadState state = samnStart(counts, 3);
            state.bias = {0.1, -0.2, 0.3};
            state.scales = {1.1, 0.9, 1.3};
            state.featureScale = recipe.features == FeatureForm::Cosine ? 2.5 : 1;
            const HeadState gradient = trainer->gradient(state, classes, recipe).gradient;
            const auto check = [&](double& parameter, double found) {
                constexpr double step = 1e-6;
                const double before = parameter;
                parameter = before + step;
                const double above = trainer->gradient(state, classes, recipe).loss;
                parameter = before - step;
                const double below = trainer->gradient(state, classes, recipe).loss;
                parameter = before;
                QVERIFY2(std::abs((above - below) / (2 * step) - found) < 1e-7,
                         qPrintable(QString("%1 by differences, %2 found")
                                        .arg((above - below) / (2 * step))
                                        .arg(found)));
            };
            if (recipe.norms != NormRule::Lws)
                for (std::int64_t i = 0; i < state.weight.size(); ++i)
                    check(state.weight.data()[i], gradient.weight.data()[i]);
            for (std::size_t c = 0; c < counts.size(); ++c) {
                if (recipe.norms != NormRule::Lws)
                    check(state.bias[c], gradient.bias[c]);
                else
                    check(state.scales[c], gradient.scales[c]);
                if (recipe.norms != NormRule::Samn)
                    continue;
                check(state.rawNorm[c], gradient.rawNorm[c]);
                check(state.rawBias[c], gradient.rawBias[c]);
            }
            if (recipe.features == FeatureForm::Cosine)
                check(state.featureScale, gradient.featureScale);
        }
    }

    void theSameSeedGivesTheSameNumbers()
    {
        const std::vector<std::int64_t> counts{40, 12, 5};
        const auto trainer = trainerOf(clusters(counts, 4));
        const auto weightOf = [&](std::uint64_t seed, Sampling sampling) {
            Recipe recipe = samn();
            recipe.seed = seed;
            recipe.sampling = sampling;
            return trainer->train(samnStart(counts, 4), classesOf(counts), recipe, {}, {}).weight;
        };
        for (const Sampling sampling :
             {Sampling::Instance, Sampling::ClassBalanced, Sampling::SquareRoot}) {
            QCOMPARE(weightOf(3, sampling), weightOf(3, sampling));
            QVERIFY(weightOf(3, sampling) != weightOf(4, sampling));
        }
    }

    void readsFeaturesThatDoNotFitBatchByBatch()
    {
        const std::vector<std::int64_t> counts{40, 12, 5};
        TrainingData data = clusters(counts, 4);
        const auto trained = [&] {
            return trainerOf(data)
                ->train(samnStart(counts, 4), classesOf(counts), samn(), {}, {})
                .weight;
        };
        const RowMatrixD inMemory = trained();
        data.keepBytes = 0;
        QCOMPARE(trained(), inMemory);
    }

    void furtherViewsTakeTheirTurns()
    {
        const std::vector<std::int64_t> counts{30, 10};
        TrainingData data = clusters(counts, 4);
        const Recipe recipe = samn();
        const auto trained = [&] {
            return trainerOf(data)
                ->train(samnStart(counts, 4), classesOf(counts), recipe, {}, {})
                .weight;
        };
        const RowMatrixD one = trained();
        data.views = {clusters(counts, 4, 2).features};
        const RowMatrixD two = trained();
        QVERIFY(one != two);
        data.keepBytes = 0;
        QCOMPARE(trained(), two);
    }

    void aViewOfOtherImagesIsRefused()
    {
        TrainingData data = clusters({30, 10}, 4);
        data.views = {clusters({10, 30}, 4).features};
        const std::string error = errorOf([&] {
            checkTrainingData(data, classesOf({30, 10}), 4, "head");
        });
        QVERIFY2(error.find("same images") != std::string::npos, error.c_str());
    }

    void samplesOfAClassThatTheCountsDoNotHaveAreRefused()
    {
        const std::string error = errorOf([&] {
            checkTrainingData(clusters({3, 2}, 4), classesOf({3, 0}), 4, "head");
        });
        QVERIFY2(error.find("class 1 has 2 samples") != std::string::npos, error.c_str());
        QVERIFY2(error.find("counts.txt") != std::string::npos, error.c_str());
    }

    void trainsWhatIsUnusual_data()
    {
        QTest::addColumn<QList<int>>("counts");
        QTest::addColumn<QList<int>>("images");
        QTest::newRow("equal counts") << QList<int>{8, 8, 8} << QList<int>{8, 8, 8};
        QTest::newRow("one image") << QList<int>{20, 5, 1} << QList<int>{20, 5, 1};
        QTest::newRow("a class without images") << QList<int>{20, 5, 0} << QList<int>{20, 5, 0};
        QTest::newRow("counts but no samples") << QList<int>{20, 5, 3} << QList<int>{20, 5, 0};
        QTest::newRow("two classes") << QList<int>{20, 3} << QList<int>{20, 3};
        QTest::newRow("one image in all") << QList<int>{1, 0} << QList<int>{1, 0};
    }

    void trainsWhatIsUnusual()
    {
        QFETCH(QList<int>, counts);
        QFETCH(QList<int>, images);
        const std::vector<std::int64_t> of(counts.begin(), counts.end());
        const TrainingData data =
            clusters(std::vector<std::int64_t>(images.begin(), images.end()), 4);
        checkTrainingData(data, classesOf(of), 4, "head");
        for (const LossKind loss :
             {LossKind::CrossEntropy, LossKind::ClassBalanced, LossKind::BalancedSoftmax,
              LossKind::LogitAdjust, LossKind::LabelAwareSmoothing}) {
            Recipe recipe = samn();
            recipe.loss = loss;
            const auto [first, last] = losses(data, samnStart(of, 4), classesOf(of), recipe);
            QVERIFY(std::isfinite(last) && last < first);
        }
    }

    void cancellingStopsWithinABatch()
    {
        const std::vector<std::int64_t> counts{40, 12, 5};
        int calls = 0;
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 trainerOf(clusters(counts, 4))
                                     ->train(samnStart(counts, 4), classesOf(counts), samn(), {},
                                             [&](std::int64_t done, std::int64_t) {
                                                 ++calls;
                                                 return done < 5;
                                             }));
        QCOMPARE(calls, 6);
    }

    void aLossThatIsNoLongerFiniteIsSaid()
    {
        const std::vector<std::int64_t> counts{40, 12, 5};
        Recipe recipe = samn();
        recipe.norms = NormRule::Free;
        recipe.rate = 1e38;
        const std::string error = errorOf([&] {
            trainerOf(clusters(counts, 4))->train(zeros(3, 4), classesOf(counts), recipe, {}, {});
        });
        QVERIFY2(error.find("no longer finite in epoch") != std::string::npos, error.c_str());
        QVERIFY2(error.find("lower learning rate") != std::string::npos, error.c_str());
    }

    void theStepScheduleAndNoEpochs()
    {
        const std::vector<std::int64_t> counts{4, 2};
        Recipe recipe = samn();
        recipe.schedule = RateSchedule::Step;
        recipe.stepEpochs = 2;
        recipe.epochs = 5;
        std::vector<double> rates;
        const auto trainer = trainerOf(clusters(counts, 4));
        trainer->train(samnStart(counts, 4), classesOf(counts), recipe,
                       [&](const EpochEnd& epoch) { rates.push_back(epoch.rate); }, {});
        const std::vector<double> expected{0.05, 0.05, 0.005, 0.005, 0.0005};
        QCOMPARE(rates.size(), expected.size());
        for (std::size_t i = 0; i < rates.size(); ++i)
            QVERIFY(std::abs(rates[i] / expected[i] - 1) < 1e-12);
        recipe.epochs = 0;
        QCOMPARE(trainer->train(samnStart(counts, 4), classesOf(counts), recipe, {}, {}).weight,
                 samnStart(counts, 4).weight);
    }

    /// The fixture was trained with the published head on 6 classes; folded it works as in the
    /// file.
    void aSamnHeadGoesOnFromItsOwnRawNorms()
    {
        const auto checkpoint = openCheckpoint(std::filesystem::path(MONOTAIL_SOURCE_DIR) /
                                               "tests/fixtures/heads/samn_trained.pth.tar");
        const ClassifierHead head = readHead(*checkpoint, chooseHead(*checkpoint, {}));
        std::vector<std::int64_t> counts(static_cast<std::size_t>(head.classes()));
        for (std::size_t rank = 0; rank < counts.size(); ++rank)
            counts[head.samn->order[rank]] = static_cast<std::int64_t>(10 * rank + 1);
        Random random(0);
        const HeadState state = startState(head, classesOf(counts), samn(), 1, random);
        const FoldedState folded = foldState(state, classesOf(counts), samn());
        QVERIFY((folded.weight.cast<float>() - head.weight).cwiseAbs().maxCoeff() < 1e-6F);
        for (std::size_t c = 0; c < counts.size(); ++c)
            QVERIFY(std::abs(folded.bias[c] - double(head.bias[std::int64_t(c)])) < 1e-6);
        std::reverse(counts.begin(), counts.end());
        const std::string error =
            errorOf([&] { startState(head, classesOf(counts), samn(), 1, random); });
        QVERIFY2(error.find("orders its classes otherwise") != std::string::npos, error.c_str());
    }

    void thereIsNoSuchDevice()
    {
        const std::string error = errorOf([] {
            loadTorchEngine()->makeTrainer("cuda:99", clusters({2, 1}, 2));
        });
        QVERIFY2(error.find("cuda:99") != std::string::npos, error.c_str());
    }
};

QTEST_APPLESS_MAIN(TrainerTest)
#include "tst_trainer.moc"
