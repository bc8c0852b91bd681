// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace monotail {

namespace {

constexpr std::size_t means = 5; // top-1, class-mean, many, medium, few
using Means = std::array<double, means>;

/// What the means divide by: samples for top-1, classes with samples for the rest.
Means divisorsOf(const std::vector<PairedCounts>& classes, const ShotGroups& groups)
{
    Means divisors{};
    for (std::size_t c = 0; c < classes.size(); ++c) {
        if (classes[c].total == 0)
            continue;
        divisors[0] += static_cast<double>(classes[c].total);
        divisors[1] += 1;
        divisors[2 + static_cast<std::size_t>(groups.of[c])] += 1;
    }
    return divisors;
}

/// Samples that are resampled among themselves.
struct Stratum
{
    PairedCounts counts;
    double share = 0; ///< what one sample counts in the means over classes
    Shot group = Shot::Many;

    double net() const { return static_cast<double>(counts.gained - counts.lost); }
};

/// The changed classes, each for itself; one without a change resamples to none. A lone sample
/// tells nothing of how its class varies: classes of one sample are drawn within their group.
std::vector<Stratum> strataOf(const std::vector<PairedCounts>& classes, const ShotGroups& groups)
{
    std::vector<Stratum> strata;
    std::array<Stratum, allShots.size()> lone;
    for (std::size_t c = 0; c < classes.size(); ++c) {
        const PairedCounts& one = classes[c];
        Stratum& with = lone[static_cast<std::size_t>(groups.of[c])];
        if (one.total == 1)
            with = {{with.counts.total + 1, with.counts.gained + one.gained,
                     with.counts.lost + one.lost},
                    1,
                    groups.of[c]};
        else if (one.gained + one.lost > 0)
            strata.push_back({one, 1 / static_cast<double>(one.total), groups.of[c]});
    }
    for (const Stratum& stratum : lone)
        if (stratum.counts.gained + stratum.counts.lost > 0)
            strata.push_back(stratum);
    return strata;
}

void add(Means& sums, const Stratum& stratum, double net)
{
    sums[0] += net;
    sums[1] += net * stratum.share;
    sums[2 + static_cast<std::size_t>(stratum.group)] += net * stratum.share;
}

/// The part of the 64-bit numbers that a share of the samples stands for.
std::uint64_t threshold(std::int64_t part, std::int64_t whole)
{
    const double share = static_cast<double>(part) / static_cast<double>(whole);
    return share >= 1 ? ~std::uint64_t(0) : static_cast<std::uint64_t>(share * 0x1.0p64);
}

/// `total` draws with replacement from the stratum's paired outcomes: gained less lost. A resample
/// of n varies (n - 1) / n as much as n samples do, which matters where they are few: the distance
/// from what was measured is stretched by the root of the inverse.
double drawNet(const Stratum& stratum, Random& random)
{
    const PairedCounts& one = stratum.counts;
    const std::uint64_t gained = threshold(one.gained, one.total);
    const std::uint64_t changed = threshold(one.gained + one.lost, one.total);
    std::int64_t net = 0;
    for (std::int64_t i = 0; i < one.total; ++i) {
        const std::uint64_t drawn = random.next();
        // 1 below `gained`, -1 from there to `changed`, without a branch to mispredict.
        net += 2 * static_cast<int>(drawn < gained) - static_cast<int>(drawn < changed);
    }
    const auto size = static_cast<double>(one.total);
    const double stretch = size > 1 ? std::sqrt(size / (size - 1)) : 1;
    return stratum.net() + stretch * (static_cast<double>(net) - stratum.net());
}

/// Linear between order statistics, as numpy's default is.
double quantile(const std::vector<double>& sorted, double share)
{
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

std::optional<Change> changeOf(double sum, std::vector<double> draws, double divisor)
{
    if (divisor == 0)
        return std::nullopt;
    std::sort(draws.begin(), draws.end());
    const double points = 100 / divisor;
    // Stretched, a few samples can leave what is possible.
    const auto end = [&](double share) {
        return std::clamp(points * quantile(draws, share), -100.0, 100.0);
    };
    return Change{points * sum, end(0.025), end(0.975)};
}

} // namespace

MeanChanges bootstrapChanges(const std::vector<PairedCounts>& classes, const ShotGroups& groups,
                             std::uint64_t seed, int replicates)
{
    const std::vector<Stratum> strata = strataOf(classes, groups);
    Means measured{};
    for (const Stratum& stratum : strata)
        add(measured, stratum, stratum.net());
    Random random(seed);
    std::array<std::vector<double>, means> draws;
    for (int replicate = 0; replicate < std::max(1, replicates); ++replicate) {
        Means sums{};
        for (const Stratum& stratum : strata)
            add(sums, stratum, drawNet(stratum, random));
        for (std::size_t m = 0; m < means; ++m)
            draws[m].push_back(sums[m]);
    }
    const Means divisors = divisorsOf(classes, groups);
    const auto change = [&](std::size_t m) { return changeOf(measured[m], draws[m], divisors[m]); };
    return {change(0), change(1), {change(2), change(3), change(4)}};
}

} // namespace monotail
