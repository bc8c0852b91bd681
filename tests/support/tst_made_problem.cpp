// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include "checkpoint/checkpoint.h"
#include "checkpoint/head.h"
#include "evaluate/evaluation.h"
#include "support/made_problem.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

struct Opened
{
    std::shared_ptr<const Checkpoint> checkpoint;
    ClassifierHead head;
    ClassSet classes;
    ClassProfile profile;
};

Opened open(const MadeProblem& problem)
{
    Opened out;
    out.checkpoint = openCheckpoint(problem.checkpoint);
    out.head = readHead(*out.checkpoint, chooseHead(*out.checkpoint, {}));
    out.classes = readClassSet(problem.counts, out.head.weight.rows());
    out.profile = profileHead(out.head, out.classes, {});
    return out;
}

Evaluation evaluate(const Opened& opened, const MadeProblem& problem)
{
    return evaluateHead(*opened.checkpoint, opened.head, opened.classes, openFeatures(problem.data),
                        {}, {rescale(opened.head, opened.classes, opened.profile, {})},
                        *makeEigenScorer(), {});
}

} // namespace

class MadeProblemTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rareClassesSufferAndEqualNormsHelp_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("width");
        QTest::addRow("ten classes") << 10 << 200 << 64;
        QTest::addRow("two hundred") << 200 << 20 << 128;
        QTest::addRow("a thousand") << 1000 << 3 << 64;
        QTest::addRow("as many as iNaturalist 2018") << 8142 << 1 << 64;
    }

    void rareClassesSufferAndEqualNormsHelp()
    {
        QFETCH(int, classes);
        QFETCH(int, samples);
        QFETCH(int, width);
        QTemporaryDir folder;
        MadeOptions options;
        options.samplesPerClass = samples;
        options.width = width;
        const auto problem = writeProblem(folder.path().toStdString(), classes, options);
        const Evaluation result = evaluate(open(problem), problem);
        QVERIFY(*result.before.top1 > 40 && *result.before.top1 < 55);
        QVERIFY(*result.before.groups[2] < *result.before.groups[0] - 15);
        QVERIFY(*result.methods[0].accuracy.groups[2] > *result.before.groups[2] + 5);
    }

    void fallingNormsPoolToFewBlocksAndRisingOnesToMany()
    {
        QTemporaryDir folder;
        MadeOptions options;
        const Opened falling = open(writeProblem(folder.path().toStdString(), 200, options));
        QVERIFY(falling.profile.fit.blocks.size() <= 5);
        options.norms = MadeNorms::Rising;
        const Opened rising = open(writeProblem(folder.path().toStdString(), 200, options));
        QVERIFY(rising.profile.fit.blocks.size() > 10);
    }

    void filesSayWhatTheProblemSays()
    {
        QTemporaryDir folder;
        const auto problem = writeProblem(folder.path().toStdString(), 300);
        const Opened opened = open(problem);
        QCOMPARE(opened.classes.counts, problem.train);
        QCOMPARE(opened.classes.names, problem.names);
        const auto most = std::max_element(problem.train.begin(), problem.train.end());
        QCOMPARE(*most, 1000);
        QVERIFY(most != problem.train.begin()); // indices are in no order of frequency
        QCOMPARE(*std::min_element(problem.train.begin(), problem.train.end()), 5);
        QVERIFY(std::count(problem.train.begin(), problem.train.end(), 5) > 1);
    }

    void sameArgumentsGiveTheSameFiles()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        const auto one = writeProblem(path / "one", 12);
        const auto two = writeProblem(path / "two", 12);
        MadeOptions other;
        other.seed = 2;
        const auto three = writeProblem(path / "three", 12, other);
        QVERIFY(readText(one.checkpoint) == readText(two.checkpoint));
        QVERIFY(readText(one.counts) == readText(two.counts));
        QVERIFY(readText(one.data) == readText(two.data));
        QVERIFY(readText(one.data) != readText(three.data));
    }
};

QTEST_APPLESS_MAIN(MadeProblemTest)
#include "tst_made_problem.moc"
