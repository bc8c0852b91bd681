// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/sampler.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace monotail;

namespace {

/// 9,000 samples of class 0, 1,000 of class 2, none of class 1.
std::vector<std::int64_t> labels()
{
    std::vector<std::int64_t> out(9000, 0);
    out.resize(10000, 2);
    return out;
}

double shareOfTheRarer(Sampling sampling)
{
    Random random(1);
    const auto order = Sampler(labels(), 3, sampling).epoch(random);
    const auto rare =
        std::count_if(order.begin(), order.end(), [](std::int64_t i) { return i >= 9000; });
    return static_cast<double>(rare) / static_cast<double>(order.size());
}

} // namespace

class SamplerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void instanceSamplingMeetsEachImageOnce()
    {
        Random random(1);
        const Sampler sampler(labels(), 3, Sampling::Instance);
        std::vector<std::int64_t> order = sampler.epoch(random);
        std::vector<std::int64_t> all(10000);
        std::iota(all.begin(), all.end(), std::int64_t{0});
        QVERIFY(order != all);
        QVERIFY(order != sampler.epoch(random));
        std::sort(order.begin(), order.end());
        QCOMPARE(order, all);
    }

    void classesAreDrawnAsOftenAsTheySay()
    {
        // Four standard deviations of 10,000 draws are 0.02 at one half.
        QCOMPARE(shareOfTheRarer(Sampling::Instance), 0.1);
        QVERIFY(std::abs(shareOfTheRarer(Sampling::ClassBalanced) - 0.5) < 0.02);
        const double expected = std::sqrt(1000) / (std::sqrt(1000) + std::sqrt(9000));
        QVERIFY(std::abs(shareOfTheRarer(Sampling::SquareRoot) - expected) < 0.02);
    }

    void everyImageOfAClassIsDrawnAlike()
    {
        Random random(2);
        const Sampler sampler({0, 0, 0, 0, 1}, 2, Sampling::ClassBalanced);
        std::vector<int> drawn(5);
        for (int epoch = 0; epoch < 4000; ++epoch)
            for (const std::int64_t i : sampler.epoch(random))
                ++drawn[static_cast<std::size_t>(i)];
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(std::abs(drawn[i] - 2500) < 200);
        QVERIFY(std::abs(drawn[4] - 10000) < 300);
    }

    void viewsAreDrawnAlike()
    {
        Random random(3);
        const auto order = Sampler(labels(), 3, Sampling::Instance, 3).epoch(random);
        std::vector<int> views(3);
        std::vector<std::int64_t> samples;
        for (const std::int64_t i : order) {
            ++views[static_cast<std::size_t>(i / 10000)];
            samples.push_back(i % 10000);
        }
        for (const int view : views)
            QVERIFY(std::abs(view - 3333) < 200);
        std::sort(samples.begin(), samples.end());
        QVERIFY(std::adjacent_find(samples.begin(), samples.end()) == samples.end());
    }
};

QTEST_APPLESS_MAIN(SamplerTest)
#include "tst_sampler.moc"
