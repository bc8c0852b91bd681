// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "evaluate/head_comparison.h"
#include "evaluate/statistics.h"
#include "made_up.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// Class 0 (many): 10 samples, 9 right before and 3 after. Class 1 (medium): 10, 5 and 6. Class 2
/// (few): 2, 0 and 2. Class 3 (few): none.
struct Example
{
    ShotGroups groups = groupClasses({500, 50, 5, 4}, parseShotRule("kang"));
    std::vector<std::int64_t> labels;
    Predictions before, after;

    Example()
    {
        add(0, 10, 9, 3);
        add(1, 10, 5, 6);
        add(2, 2, 0, 2);
    }

    void add(std::int64_t label, int total, int right, int rightAfter)
    {
        const auto wrong = static_cast<std::int32_t>((label + 1) % 3);
        for (int i = 0; i < total; ++i) {
            labels.push_back(label);
            before.predicted.push_back(i < right ? static_cast<std::int32_t>(label) : wrong);
            after.predicted.push_back(i < rightAfter ? static_cast<std::int32_t>(label) : wrong);
        }
    }

    HeadComparison compared() const
    {
        return compareHeads(comparedHead("first", before, labels, groups),
                            comparedHead("second", after, labels, groups), labels, groups);
    }
};

} // namespace

class HeadComparisonTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void largestDifferenceComesFirstWhateverItsSign()
    {
        const HeadComparison found = Example().compared();
        QCOMPARE(found.order, (std::vector<std::int64_t>{2, 0, 1})); // +100, -60, +10
        QCOMPARE(found.comparison.perClass[2].difference, 100.0);
        QCOMPARE(found.comparison.perClass[0].difference, -60.0);
        QCOMPARE(found.comparison.perClass[1].difference, 10.0);
        QCOMPARE(found.samples, std::int64_t(22));
        QCOMPARE(found.before.name, std::string("first"));
    }

    void pIsExactAndCorrectedOverTheClassesWithSamples()
    {
        const HeadComparison found = Example().compared();
        // Two-sided binomial: 6 of 6 lost, 1 of 1 gained, 2 of 2 gained.
        QCOMPARE(found.comparison.perClass[0].p, 2.0 / 64);
        QCOMPARE(found.comparison.perClass[1].p, 1.0);
        QCOMPARE(found.comparison.perClass[2].p, 0.5);
        QCOMPARE(found.comparison.perClass[0].adjusted, 3 * 2.0 / 64);
        QCOMPARE(found.comparison.perClass[2].adjusted, 0.75);
    }

    void fewSamplesCannotTell()
    {
        const HeadComparison found = Example().compared();
        const auto verdict = [&](std::size_t c) {
            return std::string(
                verdictOf(found.comparison.perClass[c], found.before.accuracy.perClass[c].total));
        };
        QCOMPARE(verdict(2), std::string("cannot be told")); // 0 to 100 %, but of two samples
        QCOMPARE(verdict(0), std::string("cannot be told")); // p = 0.03, but of three tests
        QCOMPARE(verdict(3), std::string("no samples"));
        QCOMPARE(std::string(verdictOf({0, 0, 0, 1, 1}, 5)), std::string("same"));
        QCOMPARE(std::string(verdictOf({9, 0, 90, 0.004, 0.01}, 10)), std::string("better"));
        QCOMPARE(std::string(verdictOf({0, 9, -90, 0.004, 0.01}, 10)), std::string("worse"));
    }

    void equalDifferencesGoByPAndThenByClass()
    {
        Example example;
        example.labels.clear();
        example.before = example.after = {};
        example.groups = groupClasses({9, 9, 9, 9}, parseShotRule("kang"));
        example.add(2, 4, 0, 2);   // +50, p = 0.5
        example.add(1, 20, 0, 10); // +50, p = 0.002
        example.add(0, 4, 2, 0);   // -50, p = 0.5
        QCOMPARE(example.compared().order, (std::vector<std::int64_t>{1, 0, 2}));
    }

    void samplesMustBeTheSame()
    {
        FeatureSet one = featuresOf(RowMatrix::Zero(3, 2), {0, 1, 2});
        FeatureSet other = featuresOf(RowMatrix::Zero(3, 5), {0, 2, 2});
        other.source = "other.npz";
        QCOMPARE(errorOf([&] { checkSameSamples(one, other); }),
                 std::string("sample 1 has label 1 in made-up.npz and label 2 in other.npz: to be "
                             "compared, both must hold the same samples in the same order"));
        other.labels.pop_back();
        QCOMPARE(errorOf([&] { checkSameSamples(one, other); }),
                 std::string("made-up.npz has 3 samples and other.npz has 2: to be compared, both "
                             "must hold the same samples in the same order"));
        other.labels = one.labels;
        checkSameSamples(one, other); // widths may differ
    }

    void classesMustBeTheSame()
    {
        QCOMPARE(errorOf([] { checkSameClasses("a.pth", 10, "b.pth", 200); }),
                 std::string("a.pth has 10 classes and b.pth has 200: only heads of the same "
                             "classes can be compared; choose another checkpoint, or another head "
                             "in it"));
        checkSameClasses("a.pth", 10, "b.pth", 10);
    }
};

QTEST_APPLESS_MAIN(HeadComparisonTest)
#include "tst_head_comparison.moc"
