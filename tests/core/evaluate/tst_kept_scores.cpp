// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "base/error.h"
#include "evaluate/kept_scores.h"
#include "made_up.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// Counts how often the features are read.
class CountingScorer : public Scorer
{
public:
    std::string device() const override { return "counting"; }
    void score(const FeatureSet& features, const RowMatrix& weight, const ScoreTile& tile,
               const Progress& progress) const override
    {
        ++passes;
        makeEigenScorer()->score(features, weight, tile, progress);
    }
    mutable int passes = 0;
};

struct Problem
{
    std::shared_ptr<FeatureSet> features;
    std::shared_ptr<ClassifierHead> head;
    std::shared_ptr<CountingScorer> scorer = std::make_shared<CountingScorer>();
};

Problem someProblem(std::int64_t samples, std::int64_t classes)
{
    Random random(11);
    Problem problem;
    problem.features = std::make_shared<FeatureSet>(
        featuresOf(noise(samples, 5, random), someLabels(samples, classes, random)));
    std::vector<float> bias;
    for (std::int64_t c = 0; c < classes; ++c)
        bias.push_back(static_cast<float>(random.uniform()));
    problem.head = std::make_shared<ClassifierHead>(headOf(noise(classes, 5, random), bias));
    return problem;
}

std::vector<Rescaling> someRescalings(std::size_t classes)
{
    Random random(5);
    std::vector<Rescaling> out;
    for (const double spread : {0.0, 0.5, 3.0}) {
        std::vector<double> scale, bias;
        for (std::size_t c = 0; c < classes; ++c) {
            scale.push_back(1 + spread * (random.uniform() - 0.5)); // 3: some are negative
            bias.push_back(spread * random.uniform());
        }
        out.push_back(rescalingOf(scale, bias));
    }
    out.push_back(rescalingOf(std::vector<double>(classes, 0), std::vector<double>(classes, 1)));
    return out;
}

const qlonglong plenty = 1 << 20;
/// Of 2000 x 37: too little for z, enough for its index.
const qlonglong indexOnly = 100000;

} // namespace

class KeptScoresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void predictionsAreThoseOfTheFullPass_data()
    {
        QTest::addColumn<qlonglong>("memoryBytes");
        QTest::addColumn<qlonglong>("scratchBytes");
        QTest::addColumn<bool>("kept");
        QTest::addRow("in memory") << plenty << plenty << true;
        QTest::addRow("in a scratch file") << indexOnly << plenty << true;
        QTest::addRow("the index alone") << indexOnly << qlonglong(0) << false;
        QTest::addRow("nothing") << qlonglong(0) << plenty << false;
    }
    void predictionsAreThoseOfTheFullPass()
    {
        QFETCH(qlonglong, memoryBytes);
        QFETCH(qlonglong, scratchBytes);
        QFETCH(bool, kept);
        const Problem problem = someProblem(2000, 37);
        const QTemporaryDir folder;
        KeepOptions options;
        options.memoryBytes = memoryBytes;
        options.scratchBytes = scratchBytes;
        options.scratchFolder = folder.path().toStdString();
        const KeptScores scores(problem.features, problem.head, problem.scorer, {}, options);
        QCOMPARE(scores.keepsScores(), kept);
        const auto rescalings = someRescalings(37);
        ScoreOptions plain;
        plain.temperature = false;
        const ScoreResult all =
            predictAll(*problem.features, *problem.head, rescalings, *makeEigenScorer(), plain);
        for (std::size_t i = 0; i < rescalings.size(); ++i)
            QCOMPARE(scores.predict(rescalings[i]), all.methods[i].predicted);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void featuresAreReadOnce()
    {
        const Problem problem = someProblem(300, 7);
        const KeptScores kept(problem.features, problem.head, problem.scorer);
        QCOMPARE(problem.scorer->passes, 1);
        for (const Rescaling& rescaling : someRescalings(7))
            kept.predict(rescaling);
        kept.score(*problem.features, problem.head->weight, [](std::int64_t, const RowMatrix&) {},
                   {});
        QCOMPARE(problem.scorer->passes, 1);
    }

    void anotherWeightIsScoredAnew()
    {
        const Problem problem = someProblem(50, 4);
        const KeptScores kept(problem.features, problem.head, problem.scorer);
        RowMatrix doubled = 2 * problem.head->weight;
        const RowMatrix expected = problem.features->features->read(0, 50) * doubled.transpose();
        kept.score(*problem.features, doubled,
                   [&](std::int64_t, const RowMatrix& z) { QVERIFY(z.isApprox(expected, 1e-5F)); },
                   {});
        QCOMPARE(problem.scorer->passes, 2);
    }

    void scoresThatLeaveFloatAreRefused()
    {
        const Problem problem = someProblem(50, 4);
        const KeptScores kept(problem.features, problem.head, problem.scorer);
        try {
            kept.predict(rescalingOf({1e38, 1e38, 1e38, 3e38}, {0, 0, 0, 3e38}));
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("leave the range of float32"));
        }
    }

    void workStopsWhenAskedTo()
    {
        const Problem problem = someProblem(5000, 4);
        const auto stop = [](std::int64_t done, std::int64_t) { return done < 2; };
        QVERIFY_EXCEPTION_THROWN(KeptScores(problem.features, problem.head, problem.scorer,
                                            [](std::int64_t, std::int64_t) { return false; }),
                                 Cancelled);
        const KeptScores kept(problem.features, problem.head, problem.scorer);
        QVERIFY_EXCEPTION_THROWN(kept.predict(someRescalings(4).front(), stop), Cancelled);
    }
};

QTEST_APPLESS_MAIN(KeptScoresTest)
#include "tst_kept_scores.moc"
