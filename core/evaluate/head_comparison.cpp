// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/head_comparison.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/text.h"

namespace monotail {

namespace {

std::vector<std::int64_t> largestFirst(const Comparison& comparison, const AccuracyReport& report)
{
    std::vector<std::int64_t> order;
    for (std::size_t c = 0; c < comparison.perClass.size(); ++c)
        if (report.perClass[c].total > 0)
            order.push_back(static_cast<std::int64_t>(c));
    const auto key = [&](std::int64_t c) {
        const ClassChange& change = comparison.perClass[static_cast<std::size_t>(c)];
        return std::tuple(-std::fabs(change.difference), change.p, c);
    };
    std::sort(order.begin(), order.end(),
              [&](std::int64_t a, std::int64_t b) { return key(a) < key(b); });
    return order;
}

} // namespace

ComparedHead comparedHead(std::string name, Predictions predictions,
                          const std::vector<std::int64_t>& labels, const ShotGroups& groups)
{
    AccuracyReport accuracy = measureAccuracy(predictions, labels, groups);
    return {std::move(name), std::move(predictions), std::move(accuracy)};
}

HeadComparison compareHeads(ComparedHead before, ComparedHead after,
                            const std::vector<std::int64_t>& labels, const ShotGroups& groups,
                            std::uint64_t seed, int replicates)
{
    HeadComparison out;
    out.comparison = comparePredictions(before.predictions, after.predictions, labels, groups,
                                        before.accuracy, seed, replicates);
    out.order = largestFirst(out.comparison, before.accuracy);
    out.before = std::move(before);
    out.after = std::move(after);
    out.groups = groups;
    out.samples = static_cast<std::int64_t>(labels.size());
    return out;
}

void checkSameSamples(const FeatureSet& first, const FeatureSet& second)
{
    if (first.labels.size() != second.labels.size())
        throw Error(message("{} has {} samples and {} has {}: to be compared, both must hold the "
                            "same samples in the same order",
                            printable(first.source, 400), first.labels.size(),
                            printable(second.source, 400), second.labels.size()));
    const auto [at, other] =
        std::mismatch(first.labels.begin(), first.labels.end(), second.labels.begin());
    if (at != first.labels.end())
        throw Error(message("sample {} has label {} in {} and label {} in {}: to be compared, both "
                            "must hold the same samples in the same order",
                            at - first.labels.begin(), *at, printable(first.source, 400), *other,
                            printable(second.source, 400)));
}

void checkSameClasses(const std::string& first, std::int64_t firstClasses,
                      const std::string& second, std::int64_t secondClasses)
{
    if (firstClasses != secondClasses)
        throw Error(message("{} has {} classes and {} has {}: only heads of the same classes can "
                            "be compared; choose another checkpoint, or another head in it",
                            printable(first, 400), firstClasses, printable(second, 400),
                            secondClasses));
}

} // namespace monotail
