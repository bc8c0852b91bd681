// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "rescale/class_profile.h"

namespace monotail {

namespace {

std::string classCount(std::size_t classes)
{
    return message("{} {}", classes, classes == 1 ? "class" : "classes");
}

/// The way norms go in this direction, in words: the tail is the rare end, or the low end of
/// another order metric.
std::string wayOf(const ClassProfile& profile)
{
    const FitOptions& options = profile.options;
    return message("{} toward {}", options.direction == Direction::TailHigh ? "rise" : "fall",
                   options.metric.empty() ? "the tail" : "low " + printable(options.metricName));
}

/// Whether every block is one class, or classes that are equal in the order metric.
bool onlyTiesShare(const ClassProfile& profile)
{
    const auto metricAt = [&](std::size_t rank) {
        return profile.metric[static_cast<std::size_t>(profile.fit.order[rank])];
    };
    return std::all_of(profile.fit.blocks.begin(), profile.fit.blocks.end(),
                       [&](const Block& b) { return metricAt(b.begin) == metricAt(b.end - 1); });
}

/// Whether the blocks differ by no more than float32 rounds: a corrected head, read back.
bool equalUpToRounding(const std::vector<Block>& blocks)
{
    const auto [low, high] =
        std::minmax_element(blocks.begin(), blocks.end(),
                            [](const Block& a, const Block& b) { return a.value < b.value; });
    return high->value - low->value < 1e-6 * high->value;
}

} // namespace

std::string describeBlocks(const ClassProfile& profile)
{
    const std::vector<Block>& blocks = profile.fit.blocks;
    std::size_t inFit = 0, largest = 0;
    for (const Block& block : blocks) {
        inFit += block.size();
        largest = std::max(largest, block.size());
    }
    const std::size_t all = profile.norms.size();
    if (inFit < 2)
        return message("{} of {} has a norm above 0: nothing to fit", inFit, classCount(all));
    if (blocks.size() == 1)
        return message("one block holds {} of {}: equal norms, which {}", inFit, classCount(all),
                       profile.hasBias ? "predict as tau = 1 does where the bias is dropped, but "
                                         "not where it is kept"
                                       : "predict as tau = 1 does, since the head has no bias");
    if (equalUpToRounding(blocks))
        return message("the norms are equal up to rounding ({} blocks that differ by less than a "
                       "millionth)",
                       blocks.size());
    if (largest == 1)
        return message("the norms already {}: nothing pools", wayOf(profile));
    std::string sizes =
        message("{} blocks; the largest holds {} of {}", blocks.size(), largest, classCount(all));
    if (onlyTiesShare(profile))
        return message("{}; the norms already {}, only classes equal in {} share one", sizes,
                       wayOf(profile), printable(profile.options.metricName));
    return sizes;
}

std::string_view nameOf(Direction direction)
{
    return direction == Direction::TailHigh ? "tail-high" : "head-high";
}

std::string_view nameOf(Ties ties)
{
    return ties == Ties::Average ? "average" : "class-order";
}

std::string_view nameOf(FitWeights weights)
{
    return weights == FitWeights::Uniform ? "uniform" : "count";
}

} // namespace monotail
