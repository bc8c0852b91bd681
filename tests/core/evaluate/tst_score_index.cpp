// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <numeric>

#include "base/error.h"
#include "evaluate/index/index_scan_avx512.h"
#include "evaluate/score_index.h"
#include "index_trials.h"

using namespace monotail;
using namespace monotail::test;

namespace {

/// Written for clarity alone: every score, the first of the largest.
std::vector<std::int32_t> fullPass(const RowMatrix& z, const Trial& trial)
{
    std::vector<std::int32_t> winners;
    for (Eigen::Index i = 0; i < z.rows(); ++i) {
        std::int32_t best = 0;
        float largest = trial.scale[0] * z(i, 0) + trial.bias[0];
        for (Eigen::Index c = 1; c < z.cols(); ++c) {
            const auto at = static_cast<std::size_t>(c);
            const float score = trial.scale[at] * z(i, c) + trial.bias[at];
            if (score > largest) {
                largest = score;
                best = static_cast<std::int32_t>(c);
            }
        }
        winners.push_back(best);
    }
    return winners;
}

std::vector<std::int32_t> shuffledClasses(std::int64_t classes, Random& random)
{
    std::vector<std::int32_t> order(static_cast<std::size_t>(classes));
    std::iota(order.begin(), order.end(), 0);
    random.shuffle(order);
    return order;
}

ScoreIndex indexOf(const RowMatrix& z, Random& random, KeepScores keep, std::int64_t step = 100)
{
    ScoreIndex index(z.rows(), shuffledClasses(z.cols(), random),
                     {keep, std::filesystem::temp_directory_path(), std::make_shared<Workers>(3)});
    for (Eigen::Index begin = 0; begin < z.rows(); begin += step)
        index.add(begin, z.middleRows(begin, std::min<Eigen::Index>(step, z.rows() - begin)));
    return index;
}

const char* named(MadeScores kind)
{
    static const char* const names[madeScoreKinds] = {"noise", "negative", "steps",  "equal",
                                                      "zero",  "tiny",     "peaked", "last"};
    return names[static_cast<int>(kind)];
}

} // namespace

class ScoreIndexTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// 14 shapes, 8 kinds of score, 96 rescalings: 10,752 pairs.
    void winnersAreThoseOfTheFullPass_data()
    {
        QTest::addColumn<qlonglong>("samples");
        QTest::addColumn<qlonglong>("classes");
        for (const auto& [samples, classes] : {std::pair{1, 1},
                                               {3, 2},
                                               {16, 10},
                                               {17, 31},
                                               {40, 32},
                                               {33, 33},
                                               {100, 64},
                                               {50, 65},
                                               {250, 100},
                                               {31, 200},
                                               {64, 257},
                                               {47, 1000},
                                               {2500, 40},
                                               {20, 2049}})
            QTest::addRow("%d samples of %d classes", samples, classes)
                << qlonglong(samples) << qlonglong(classes);
    }
    void winnersAreThoseOfTheFullPass()
    {
        QFETCH(qlonglong, samples);
        QFETCH(qlonglong, classes);
        Random random(static_cast<std::uint64_t>(samples * 10000 + classes));
        for (int kind = 0; kind < madeScoreKinds; ++kind) {
            const RowMatrix z = madeScores(static_cast<MadeScores>(kind), samples, classes, random);
            const ScoreIndex index = indexOf(z, random, KeepScores::InMemory);
            ScaledWinners last;
            for (int round = 0; round < 96; ++round) {
                const Trial trial = makeTrial(round, static_cast<std::size_t>(classes), random);
                // Every other time the search begins with what the last one found.
                const ScaledWinners* before = round % 2 == 1 ? &last : nullptr;
                last = index.search(trial.scale, trial.bias, before);
                QVERIFY2(
                    last.winner == fullPass(z, trial),
                    qPrintable(QString("%1 scores, %2, round %3")
                                   .arg(named(static_cast<MadeScores>(kind)), trial.name.c_str())
                                   .arg(round)));
                QVERIFY(last.undecided.empty());
                for (std::size_t i = 0; i < last.z.size(); ++i)
                    QCOMPARE(last.z[i], z(static_cast<Eigen::Index>(i), last.winner[i]));
            }
        }
    }

    void slowChangesOfFewClassesAreFollowed()
    {
        Random random(5);
        const RowMatrix z = madeScores(MadeScores::Steps, 3000, 300, random);
        const ScoreIndex index = indexOf(z, random, KeepScores::InMemory);
        Trial trial = makeTrial(1, 300, random);
        ScaledWinners last = index.search(trial.scale, trial.bias);
        for (int step = 0; step < 200; ++step) {
            const std::size_t c = random.below(300);
            trial.scale[c] = std::round(between(random, 0, 8)) / 4;
            trial.bias[random.below(300)] = std::round(between(random, -4, 4)) / 4;
            last = index.search(trial.scale, trial.bias, &last);
            QVERIFY2(last.winner == fullPass(z, trial), qPrintable(QString::number(step)));
        }
    }

    void whatCannotBeDecidedWithoutScoresIsNamed()
    {
        Random random(6);
        const RowMatrix z = madeScores(MadeScores::Noise, 500, 400, random);
        const ScoreIndex index = indexOf(z, random, KeepScores::No);
        QVERIFY(!index.keepsScores());
        std::size_t decided = 0;
        for (int round = 0; round < 24; ++round) {
            const Trial trial = makeTrial(round, 400, random);
            const ScaledWinners found = index.search(trial.scale, trial.bias);
            const std::vector<std::int32_t> expected = fullPass(z, trial);
            QVERIFY(std::is_sorted(found.undecided.begin(), found.undecided.end()));
            for (std::size_t i = 0; i < expected.size(); ++i) {
                const bool open = std::binary_search(found.undecided.begin(), found.undecided.end(),
                                                     static_cast<std::int64_t>(i));
                QVERIFY2(open || found.winner[i] == expected[i], trial.name.c_str());
                decided += open ? 0 : 1;
            }
        }
        QVERIFY(decided > 24 * 500 / 4);
    }

    void scoresAreGivenBackAsTheyCame_data()
    {
        QTest::addColumn<int>("keep");
        QTest::addRow("from memory") << int(KeepScores::InMemory);
        QTest::addRow("from a scratch file") << int(KeepScores::InScratchFile);
    }
    void scoresAreGivenBackAsTheyCame()
    {
        QFETCH(int, keep);
        Random random(7);
        const RowMatrix z = madeScores(MadeScores::Noise, 333, 77, random);
        const ScoreIndex index = indexOf(z, random, static_cast<KeepScores>(keep), 50);
        QCOMPARE(index.scores(0, 333), z);
        QCOMPARE(index.scores(100, 117), z.middleRows(100, 17));
        const Trial trial = makeTrial(1, 77, random);
        QVERIFY(index.search(trial.scale, trial.bias).winner == fullPass(z, trial));
    }

    void theIndexTakesLessThanFifteenPercentOfTheScores_data()
    {
        QTest::addColumn<qlonglong>("classes");
        for (const int classes : {200, 365, 1000, 8142})
            QTest::addRow("%d classes", classes) << qlonglong(classes);
    }
    void theIndexTakesLessThanFifteenPercentOfTheScores()
    {
        QFETCH(qlonglong, classes);
        Random random(8);
        const ScoreIndex index(1600, shuffledClasses(classes, random), {});
        QVERIFY(double(index.indexBytes()) < 0.15 * double(index.scoreBytes()));
        QVERIFY(double(index.indexBytes()) > 0.117 * double(index.scoreBytes()));
    }

    /// Both write the same bits, whichever the processor takes.
    void theProcessorsKindDoesNotMatter()
    {
        if (!detail::avx512ScanTile())
            QSKIP("skipped: this processor has no AVX-512");
        Random random(9);
        std::vector<std::byte> memory(1 << 16);
        const detail::IndexLayout layout(16, 300);
        const detail::IndexTile tile = layout.tile(memory.data(), 0);
        const auto groups = static_cast<std::size_t>(layout.groups());
        for (int round = 0; round < 500; ++round) {
            const bool steps = round % 2 == 0;
            for (std::size_t slot = 0; slot < groups * detail::lanes; ++slot)
                for (int k = 0; k < 3; ++k) {
                    const float z = between(random, -3, 3) - static_cast<float>(k);
                    tile.z[k][slot] = steps ? std::round(z) : z;
                    tile.at[k][slot] = static_cast<std::uint8_t>(random.below(32));
                }
            const Trial trial = makeTrial(round, groups * detail::groupSize, random);
            detail::ScanTables tables{trial.scale, trial.bias, shuffledClasses(320, random), {}};
            std::vector<std::uint32_t> all;
            for (std::uint32_t group = 0; group < groups; ++group) {
                tables.bounds.push_back({between(random, 0.5, 2), 0.5F, between(random, -1, 1)});
                all.push_back(group);
            }
            detail::TileBest one{}, other{};
            for (int lane = 0; lane < detail::lanes; ++lane)
                one.score[lane] = other.score[lane] = between(random, -9, 1);
            detail::OpenGroup openOne[10], openOther[10];
            const auto count = detail::portableScanTile()(tile, tables, all, one, openOne);
            QCOMPARE(detail::avx512ScanTile()(tile, tables, all, other, openOther), count);
            QVERIFY(std::memcmp(&one, &other, sizeof(one)) == 0);
            for (std::size_t i = 0; i < count; ++i)
                QVERIFY(openOne[i].group == openOther[i].group &&
                        openOne[i].mask == openOther[i].mask);
        }
    }

    void aSearchStopsWhenAskedTo()
    {
        Random random(10);
        const RowMatrix z = madeScores(MadeScores::Noise, 5000, 40, random);
        const ScoreIndex index = indexOf(z, random, KeepScores::InMemory);
        const Trial trial = makeTrial(1, 40, random);
        QVERIFY_EXCEPTION_THROWN(index.search(trial.scale, trial.bias, nullptr,
                                              [](std::int64_t, std::int64_t) { return false; }),
                                 Cancelled);
    }

    void aScratchFolderThatIsNoneIsNamed()
    {
        try {
            ScoreIndex index(1000, {0, 1, 2}, {KeepScores::InScratchFile, "/dev/null/none"});
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).startsWith("/dev/null/none: no room for a scratch file"),
                     error.what());
        }
    }
};

QTEST_APPLESS_MAIN(ScoreIndexTest)
#include "tst_score_index.moc"
