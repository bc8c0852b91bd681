// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "base/error.h"
#include "evaluate/sweep.h"
#include "evaluate/temperature.h"
#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

constexpr std::int64_t classes = 6;

/// A head whose norms fall toward the tail, classes in order of frequency.
struct Problem
{
    ClassifierHead head;
    ClassSet set;
    ClassProfile profile;
    ScoredSamples data;
};

ScoredSamples samplesOf(const ClassifierHead& head, std::int64_t samples, std::uint64_t seed,
                        const std::string& source)
{
    Random random(seed);
    std::vector<std::int64_t> labels = someLabels(samples, classes, random);
    RowMatrix rows = noise(samples, classes, random, 1.5);
    for (std::int64_t i = 0; i < samples; ++i)
        rows(i, labels[static_cast<std::size_t>(i)]) += 1.2F; // rows of the head are the axes
    auto features = std::make_shared<FeatureSet>(featuresOf(rows, labels));
    features->source = source;
    return {features, std::make_shared<KeptScores>(features, std::make_shared<ClassifierHead>(head),
                                                   std::shared_ptr<Scorer>(makeEigenScorer()))};
}

Problem someProblem(std::int64_t samples = 900)
{
    Problem problem;
    RowMatrix weight = RowMatrix::Identity(classes, classes);
    for (std::int64_t c = 0; c < classes; ++c) {
        const double norm = 2.0 - 0.25 * static_cast<double>(c);
        weight.row(c) *= static_cast<float>(norm);
        problem.set.counts.push_back(400 >> (c * 2));
        problem.set.names.push_back(std::to_string(c));
        problem.head.norms.push_back(norm);
    }
    const std::vector<double> norms = problem.head.norms;
    problem.head = headOf(weight, std::vector<float>(classes, 0));
    problem.head.norms = norms;
    problem.profile = profileHead(problem.head, problem.set, {});
    problem.data = samplesOf(problem.head, samples, 3, "made-up.npz");
    return problem;
}

Sweep sweepOf(const Problem& problem, const char* range,
              const std::optional<ScoredSamples>& validation = std::nullopt,
              const Progress& progress = {})
{
    SweepQuery query;
    query.range = parseSweep(range);
    query.replicates = 50;
    return sweepMethod(problem.head, problem.set, problem.profile, query, problem.data, validation,
                       progress);
}

Rescaling tauOf(const Problem& problem, double tau)
{
    Method method;
    method.kind = MethodKind::Tau;
    method.parameter = tau;
    return rescale(problem.head, problem.set, problem.profile, method);
}

/// Class-mean accuracy of tau on the samples of one half, by hand.
double meanOnHalf(const Problem& problem, double tau, int half)
{
    const auto predicted = problem.data.scores->predict(tauOf(problem, tau));
    const auto& labels = problem.data.features->labels;
    const auto halves = splitHalves(problem.data.features->samples(), 0);
    std::vector<double> total(classes), correct(classes);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (halves[i] == half) {
            ++total[std::size_t(labels[i])];
            correct[std::size_t(labels[i])] += predicted[i] == labels[i];
        }
    double sum = 0;
    for (std::size_t c = 0; c < std::size_t(classes); ++c)
        sum += correct[c] / total[c];
    return 100 * sum / classes;
}

} // namespace

class SweepTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPointIsTheMethodAtThatValue()
    {
        const Problem problem = someProblem();
        const Sweep sweep = sweepOf(problem, "tau:0:2:0.5");
        QCOMPARE(sweep.points.size(), std::size_t(5));
        for (const SweepPoint& point : sweep.points) {
            Predictions expected;
            expected.predicted = problem.data.scores->predict(tauOf(problem, point.value));
            const AccuracyReport report =
                measureAccuracy(expected, problem.data.features->labels, sweep.groups);
            QCOMPARE(point.accuracy.top1, report.top1);
            QCOMPARE(point.accuracy.classMean, report.classMean);
            QCOMPARE(point.accuracy.groups, report.groups);
            QVERIFY(!point.accuracy.top5 && !point.accuracy.calibration.ece);
            QVERIFY(point.accuracy.perClass.empty());
        }
        QCOMPARE(sweep.before.top1, sweep.points[0].accuracy.top1); // tau = 0 changes nothing
    }

    void eachHalfIsReportedUnderTheOthersChoice()
    {
        const Problem problem = someProblem();
        const Sweep sweep = sweepOf(problem, "tau:0:2:0.1");
        const auto halves = splitHalves(problem.data.features->samples(), 0);
        QCOMPARE(sweep.chosen.values.size(), std::size_t(2));
        QCOMPARE(sweep.chosen.on,
                 std::string("one half of made-up.npz (seed 0), reported on the other, and back"));
        for (int half = 0; half < 2; ++half) {
            double best = -1, chosen = -1;
            for (const SweepPoint& point : sweep.points)
                if (const double mean = meanOnHalf(problem, point.value, half); mean > best) {
                    best = mean;
                    chosen = point.value;
                }
            QCOMPARE(sweep.chosen.values[std::size_t(half)], chosen);
            const auto other = problem.data.scores->predict(tauOf(problem, chosen));
            for (std::size_t i = 0; i < halves.size(); ++i)
                if (halves[i] != half)
                    QCOMPARE(sweep.chosen.predictions.predicted[i], other[i]);
        }
        QVERIFY(sweep.chosen.values[0] > 0.5); // norms that fall cost this problem accuracy
        QVERIFY(*sweep.chosen.accuracy.classMean > *sweep.before.classMean);
    }

    void ofEqualValuesTheSmallestIsChosen()
    {
        const Problem problem = someProblem();
        // Balls larger than every norm change nothing: all values are the same.
        const Sweep sweep = sweepOf(problem, "maxnorm:5:9:1");
        QCOMPARE(sweep.chosen.values, (std::vector<double>{5, 5}));
        QCOMPARE(*sweep.sensitivity.difference, 0.0);
        QCOMPARE(*sweep.sensitivity.nearBest, 100.0);
    }

    void valuesAreChosenOnValidationDataWhereThereIsSome()
    {
        const Problem problem = someProblem();
        const ScoredSamples validation = samplesOf(problem.head, 600, 17, "val.npz");
        const Sweep sweep = sweepOf(problem, "tau:0:2:0.1", validation);
        QCOMPARE(sweep.chosen.on, std::string("validation features val.npz"));
        QCOMPARE(sweep.chosen.values.size(), std::size_t(1));
        Problem onValidation = problem;
        onValidation.data = validation;
        double best = -1, chosen = -1;
        for (const SweepPoint& point : sweepOf(onValidation, "tau:0:2:0.1").points)
            if (*point.accuracy.classMean > best) {
                best = *point.accuracy.classMean;
                chosen = point.value;
            }
        QCOMPARE(sweep.chosen.values[0], chosen);
        QCOMPARE(sweep.chosen.predictions.predicted,
                 problem.data.scores->predict(tauOf(problem, chosen)));
        QCOMPARE(sweep.samples, std::int64_t(900));
    }

    void projectionIsTheLineAcross()
    {
        const Problem problem = someProblem();
        const Sweep sweep = sweepOf(problem, "tau:0:2:1");
        // Norms that fall pool to one block, which without a bias predicts as tau = 1 does.
        QCOMPARE(sweep.projection->top1, sweep.points[1].accuracy.top1);
        QVERIFY(sweep.chosen.fromProjection->classMean.has_value());
    }

    void cosineHeadHasNoProjection()
    {
        Problem problem = someProblem();
        problem.head.source.kind = HeadKind::Cosine;
        const Sweep sweep = sweepOf(problem, "logit-adjust:0:1:0.5");
        QVERIFY(!sweep.projection && !sweep.chosen.fromProjection);
        QVERIFY(QString::fromStdString(errorOf([&] {
                    sweepOf(problem, "tau:0:1:0.5");
                })).contains("norms have no effect in this head"));
    }

    void sensitivityIsOfTheGrid()
    {
        const Sweep sweep = sweepOf(someProblem(), "tau:0:2:0.1");
        double best = 0, worst = 100, close = 0;
        for (const SweepPoint& point : sweep.points) {
            best = std::max(best, *point.accuracy.classMean);
            worst = std::min(worst, *point.accuracy.classMean);
        }
        for (const SweepPoint& point : sweep.points)
            close += best - *point.accuracy.classMean <= 0.5 ? 1 : 0;
        QCOMPARE(*sweep.sensitivity.best, best);
        QCOMPARE(*sweep.sensitivity.worst, worst);
        QCOMPARE(*sweep.sensitivity.difference, best - worst);
        QCOMPARE(*sweep.sensitivity.nearBest, 100 * close / 21);
        QVERIFY(best - worst > 1);
    }

    void oneSampleIsSweptToo()
    {
        Problem problem = someProblem(1);
        const Sweep sweep = sweepOf(problem, "tau:0:1:0.5");
        QVERIFY(sweep.chosen.values.empty()); // one half has no sample
        QVERIFY(!sweep.chosen.accuracy.top1.has_value());
        QVERIFY(!sweep.chosen.fromProjection.has_value());
        QVERIFY(sweep.projection && sweep.projection->top1.has_value());
        QVERIFY(sweep.warnings.back().find("no value can be chosen") != std::string::npos);
    }

    void progressGoesOnlyForwardAndCancels()
    {
        const Problem problem = someProblem();
        std::int64_t last = 0, all = 0;
        sweepOf(problem, "tau:0:2:0.5", std::nullopt, [&](std::int64_t done, std::int64_t total) {
            [&] { QVERIFY(done >= last && done <= total); }();
            last = done;
            all = total;
            return true;
        });
        QVERIFY(all > 0 && last > all / 2);
        QVERIFY_EXCEPTION_THROWN(sweepOf(problem, "tau:0:2:0.5", std::nullopt,
                                         [](std::int64_t, std::int64_t) { return false; }),
                                 Cancelled);
    }
};

QTEST_APPLESS_MAIN(SweepTest)
#include "tst_sweep.moc"
