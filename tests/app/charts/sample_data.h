// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "charts/before_after_chart.h"
#include "charts/group_chart.h"
#include "charts/norm_chart.h"

/// Heads as they are met: counts by an exponential law, norms that fall from head to tail.
namespace monotail::sample {

/// In [-1, 1], the same everywhere.
inline double noise(std::size_t i)
{
    const auto mixed = static_cast<std::uint32_t>(i * 2654435761U + 12345U);
    return static_cast<double>((mixed ^ (mixed >> 15)) % 20011) / 10005.0 - 1;
}

inline Slots classes(std::size_t count, double most = 1000, double imbalance = 200)
{
    static const char* const demo[] = {"Shirt", "Coat",       "Sneaker",     "Pullover", "Dress",
                                       "Bag",   "Ankle boot", "T-shirt/top", "Trouser",  "Sandal"};
    Slots result;
    result.title = QStringLiteral("classes by frequency rank, most frequent first");
    const double last = count > 1 ? static_cast<double>(count) - 1 : 1;
    for (std::size_t i = 0; i < count; ++i) {
        // Slots and classes differ, as they do in life.
        result.classOf.push_back(static_cast<std::int64_t>(count - 1 - i));
        result.names.push_back(count == 10
                                   ? QString::fromLatin1(demo[i])
                                   : QStringLiteral("species number %1").arg(count - 1 - i));
        result.counts.push_back(
            std::floor(most * std::pow(imbalance, -static_cast<double>(i) / last)));
    }
    return result;
}

/// Blocks of falling size with the mean of their norms, and the norms after they are fitted.
inline NormChartData norms(std::size_t count, std::size_t block = 0)
{
    NormChartData data;
    data.classes = classes(count);
    data.yTitle = QStringLiteral("weight norm");
    data.beforeLabel = QStringLiteral("norm before");
    data.afterLabel = QStringLiteral("norm after samn");
    data.title = QStringLiteral("fc.weight, samn: norms of a head");
    data.caption = QStringLiteral("direction tail-high, ties average, counts.csv");
    for (std::size_t i = 0; i < count; ++i) {
        const double share =
            count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0;
        data.before.push_back(1.5 - 0.5 * share + 0.06 * noise(i));
    }
    const std::size_t size = block > 0 ? block : std::max<std::size_t>(count / 4, 1);
    for (std::size_t begin = 0; begin < count; begin += size) {
        const std::size_t end = std::min(begin + size, count);
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i)
            sum += data.before[i];
        const double value = sum / static_cast<double>(end - begin);
        data.blocks.push_back(
            {static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end), value});
        data.after.insert(data.after.end(), end - begin, value);
    }
    return data;
}

inline BeforeAfterData accuracies(std::size_t count)
{
    BeforeAfterData data;
    data.classes = classes(count);
    data.yTitle = QStringLiteral("accuracy, %");
    data.beforeLabel = QStringLiteral("before");
    data.afterLabel = QStringLiteral("after samn");
    data.title = QStringLiteral("fc.weight, samn: accuracy by class");
    data.caption = QStringLiteral("10,000 samples of the test split");
    data.most = 100;
    for (std::size_t i = 0; i < count; ++i) {
        const double share =
            count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0;
        const double before = std::min(100.0, std::max(0.0, 92 - 70 * share + 9 * noise(i)));
        const double after = std::min(100.0, std::max(0.0, 84 - 40 * share + 12 * noise(i + 7)));
        data.before.push_back(before);
        data.after.push_back(after);
        data.low.push_back(std::max(0.0, after - 4));
        data.high.push_back(std::min(100.0, after + 4));
    }
    return data;
}

inline GroupChartData groups()
{
    using Verdict = GroupBar::Verdict;
    using Colour = GroupBar::Colour;
    const auto text = [](const char* latin) { return QString::fromLatin1(latin); };
    GroupChartData data;
    data.beforeLabel = text("before");
    data.afterLabel = text("after samn");
    data.title = text("fc.weight, samn: accuracy by group");
    data.caption = text("10,000 samples of the test split; 95 % intervals by bootstrap; groups of "
                        "kang: many above 100 images, few below 20; counts.csv");
    data.bars = {
        {text("all (top-1)"), text("10,000 samples"), 68.3, 78.4, 9.3, 10.9,
         text("+10.1 [9.3, 10.9]"), Verdict::Better, Colour::Plain},
        {text("class mean"), text("10 classes"), 68.3, 78.4, 9.3, 10.9, text("+10.1 [9.3, 10.9]"),
         Verdict::Better, Colour::Plain},
        {text("many"), text("n > 100, 4 classes"), 93.2, 92.9, -0.9, 0.3, text("-0.3 [-0.9, 0.3]"),
         Verdict::Same, Colour::Many},
        {text("medium"), text("20 <= n <= 100, 3 classes"), 71.0, 65.1, -6.2, -5.0,
         text("-5.9 [-6.2, -5.0]"), Verdict::Worse, Colour::Medium},
        {text("few"),
         text("n < 20, 3 classes"),
         {},
         100.0,
         {},
         {},
         {},
         Verdict::Unknown,
         Colour::Few},
    };
    return data;
}

} // namespace monotail::sample
