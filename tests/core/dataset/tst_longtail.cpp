// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/longtail.h"

#include <QtTest>
#include <numeric>

#include "core/dataset/scratch.h"
#include "dataset/class_set.h"
#include "support/shared_material.h"

using namespace monotail;
using namespace monotail::test;

namespace {

using Counts = std::vector<std::int64_t>;

/// `each` images of every class, classes in turn.
ImageList balanced(std::int64_t classes, std::int64_t each)
{
    ImageList list;
    list.source = "all.txt";
    list.root = "/data";
    for (std::int64_t i = 0; i < classes * each; ++i)
        list.samples.push_back({"img " + std::to_string(i) + ".png", i % classes});
    return list;
}

Counts sorted(Counts counts)
{
    std::sort(counts.rbegin(), counts.rend());
    return counts;
}

} // namespace

class LongtailTest : public QObject
{
    Q_OBJECT
    Scratch m_scratch;

private Q_SLOTS:
    void theExponentialCutIsCifars()
    {
        const Longtail cut = cutLongtail(balanced(100, 500), {});
        QCOMPARE(cut.counts, readClassSet("exp:500:100:100", {}).counts);
        QCOMPARE(std::accumulate(cut.counts.begin(), cut.counts.end(), std::int64_t{0}),
                 std::int64_t{10847}); // the published size of CIFAR-100-LT at factor 100
        QVERIFY(cut.warnings.empty());
    }

    void withoutASeedTheFirstImagesOfEachClassAreKeptInOrder()
    {
        const Longtail cut = cutLongtail(balanced(2, 4), {TailProfile::Exponential, 2, 0, {}});
        QCOMPARE(cut.counts, (Counts{4, 2}));
        QCOMPARE(cut.kept, (std::vector<std::size_t>{0, 1, 2, 3, 4, 6}));
    }

    void theParetoTailEndsAtTheFactor()
    {
        // 1280 (1 + k/2 (256^(1/6) - 1))^-6: 256^(1/6) = 2.5198, so 1.7599^-6 = 0.033657 -> 43.
        const Longtail cut = cutLongtail(balanced(3, 1280), {TailProfile::Pareto, 256, 0, {}});
        QCOMPARE(cut.counts, (Counts{1280, 43, 5}));
    }

    void aSeedDrawsRanksAndImagesAndIsRepeatable()
    {
        const ImageList all = balanced(5, 100);
        const LongtailOptions first{TailProfile::Exponential, 50, 0, 1};
        const LongtailOptions second{TailProfile::Exponential, 50, 0, 2};
        const Longtail one = cutLongtail(all, first);
        QCOMPARE(cutLongtail(all, first).kept, one.kept);
        const Longtail other = cutLongtail(all, second);
        QVERIFY(other.kept != one.kept);
        QCOMPARE(sorted(other.counts), sorted(one.counts));
        for (const std::size_t i : one.kept)
            QVERIFY(i < all.samples.size());
    }

    void classesThatAreShortAreCounted()
    {
        ImageList all = balanced(2, 10);
        all.samples.resize(11); // 6 of class 0, 5 of class 1
        const Longtail cut = cutLongtail(all, {TailProfile::Exponential, 1, 6, {}});
        QCOMPARE(cut.counts, (Counts{6, 5}));
        QVERIFY(says(cut.warnings.front(), {"1 of 2 classes have fewer images"}));
    }

    void whatCannotBeCutIsSaid()
    {
        QVERIFY(says(errorOf([] { cutLongtail(balanced(1, 10), {}); }), {"1 of its classes"}));
        QVERIFY(says(errorOf([] {
                         cutLongtail(balanced(2, 10), {TailProfile::Exponential, 0.5, 0, {}});
                     }),
                     {"the imbalance factor", "1 or more"}));
        QVERIFY(says(errorOf([] { parseTailProfile("zipf"); }), {"zipf", "exp or pareto"}));
    }

    void theListWorksFromItsOwnFolder()
    {
        ImageList all = balanced(2, 1);
        QCOMPARE(labelListOf(all, {0, 1}, "/data/lists"),
                 std::string("../img 0.png 0\n../img 1.png 1\n"));
    }

    void pathsThatLookLikeCommentsAreKept()
    {
        ImageList all = balanced(2, 1);
        all.samples[0].id = "#hash/a.png";
        all.samples[1].id = " blank.png";
        QCOMPARE(labelListOf(all, {0, 1}, "/data"),
                 std::string("./#hash/a.png 0\n./ blank.png 1\n"));
    }

    void aListInALinkedFolderIsRelativeToWhereItReallyIs()
    {
        m_scratch.file("images/a.png", "x");
        m_scratch.folder("deep/er/real");
        std::filesystem::create_directory_symlink(m_scratch.root() / "deep/er/real",
                                                  m_scratch.root() / "link");
        ImageList all;
        all.root = m_scratch.root() / "images";
        all.samples = {{"a.png", 0}};
        const std::string line = labelListOf(all, {0}, m_scratch.root() / "link");
        QCOMPARE(line, std::string("../../../images/a.png 0\n"));
    }

    void aListOfAListOpensAgain()
    {
        for (const char* name : {"a.png", "b.png", "c.png"})
            m_scratch.file(std::string("images/") + name, "x");
        ImageQuery query;
        query.source = m_scratch.file("images/all.txt", "a.png 0\nb.png 0\nc.png 1\n");
        const ImageList all = readImageList(query);
        const Longtail cut = cutLongtail(all, {TailProfile::Exponential, 2, 0, {}});
        query.source =
            m_scratch.file("lists/lt.txt", labelListOf(all, cut.kept, m_scratch.root() / "lists"));
        const ImageList again = readImageList(query);
        QCOMPARE(again.size(), std::int64_t{3});
        QVERIFY(std::filesystem::equivalent(again.path(2), all.path(2)));
    }
};

QTEST_APPLESS_MAIN(LongtailTest)
#include "tst_longtail.moc"
