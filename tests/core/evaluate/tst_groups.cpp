// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "base/text.h"
#include "evaluate/groups.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

using Sizes = std::array<std::int64_t, 3>;

namespace {

/// The counts of a CSV whose last column they are.
std::vector<std::int64_t> lastColumn(const std::filesystem::path& path)
{
    std::ifstream in(path);
    std::vector<std::int64_t> counts;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line))
        counts.push_back(parseInteger(line.substr(line.rfind(',') + 1)).value());
    return counts;
}

} // namespace

class GroupsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thresholdsFallWhereTheRuleSays_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("groups"); // of 101, 100, 21, 20, 19, 0 images
        QTest::newRow("Kang") << "kang"
                              << "mdddff";
        QTest::newRow("SAMN code") << "samn"
                                   << "mddfff";
        QTest::newRow("Kang's thresholds typed") << "100,20"
                                                 << "mdddff";
        QTest::newRow("blanks and capitals") << "  SAMN "
                                             << "mddfff";
        QTest::newRow("no medium group") << "19,20"
                                         << "mmmmff";
        QTest::newRow("every class is many but empty ones") << "0,0"
                                                            << "mmmmmd";
    }
    void thresholdsFallWhereTheRuleSays()
    {
        QFETCH(QString, rule);
        QFETCH(QString, groups);
        const ShotGroups found =
            groupClasses({101, 100, 21, 20, 19, 0}, parseShotRule(rule.toStdString()));
        QString letters;
        Sizes sizes{};
        for (const Shot shot : found.of) {
            letters += "mdf"[static_cast<int>(shot)];
            ++sizes[static_cast<std::size_t>(shot)];
        }
        QCOMPARE(letters, groups);
        QVERIFY(found.sizes == sizes);
    }

    void rulesDescribeThemselves()
    {
        QCOMPARE(describe(parseShotRule("kang")),
                 std::string("many n > 100, medium 20 <= n <= 100, few n < 20"));
        QCOMPARE(describe(parseShotRule("samn")),
                 std::string("many n > 100, medium 20 < n <= 100, few n <= 20"));
        QCOMPARE(describe(parseShotRule("50, 5")),
                 std::string("many n > 50, medium 5 <= n <= 50, few n < 5"));
        QCOMPARE(describe(parseShotRule("19,20")),
                 std::string("many n > 19, no medium, few n < 20"));
    }

    void presetsAreTold()
    {
        QCOMPARE(parseShotRule("kang").preset, std::string("kang"));
        QCOMPARE(parseShotRule("samn").preset, std::string("samn"));
        QCOMPARE(parseShotRule("100,20").preset, std::string("custom"));
    }

    void anythingElseIsRefusedWithTheChoices()
    {
        for (const char* text : {"", "liu", "100", "100,20,5", "100,x", "1.5,1", "-1,-2", "5,-1"})
            QCOMPARE(errorOf([&] { parseShotRule(text); }),
                     message("groups \"{}\": expected kang, samn or two counts MANY,FEW such as "
                             "100,20 (many n > MANY, few n < FEW)",
                             text));
        QCOMPARE(errorOf([] { parseShotRule("20,100"); }),
                 std::string("groups \"20,100\": a class with 99 images would be both many and "
                             "few; give MANY,FEW with FEW at most MANY + 1"));
    }

    void cifarGroupsAreThePublishedOnes()
    {
        std::vector<std::int64_t> counts; // CIFAR-100-LT, imbalance factor 100
        for (int c = 0; c < 100; ++c)
            counts.push_back(static_cast<std::int64_t>(500 * std::pow(0.01, c / 99.0)));
        QVERIFY((groupClasses(counts, parseShotRule("kang")).sizes == Sizes{35, 35, 30}));
        QVERIFY((groupClasses(counts, parseShotRule("samn")).sizes == Sizes{35, 34, 31}));
    }

    void realDataSetsHaveThePublishedGroups()
    {
        MONOTAIL_NEEDS_SHARED();
        const std::filesystem::path folder = sharedFolder() / "data/lt-counts";
        const auto imagenet = lastColumn(folder / "ImageNet_LT_counts.csv");
        const auto places = lastColumn(folder / "Places_LT_counts.csv");
        const ShotRule kang = parseShotRule("kang");
        QVERIFY((groupClasses(imagenet, kang).sizes == Sizes{385, 479, 136}));
        QVERIFY((groupClasses(places, kang).sizes == Sizes{131, 163, 71}));
        QVERIFY((groupClasses(places, parseShotRule("samn")).sizes == Sizes{131, 157, 77}));
    }
};

QTEST_APPLESS_MAIN(GroupsTest)
#include "tst_groups.moc"
