// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/longtail.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <system_error>

#include "base/random.h"
#include "base/text.h"
#include "dataset/counts.h"

namespace monotail {

namespace {

constexpr double paretoPower = 6;

std::int64_t keptAt(const LongtailOptions& options, std::int64_t largest, std::size_t rank,
                    std::size_t classes)
{
    if (options.profile == TailProfile::Exponential)
        return exponentialCount(largest, options.imbalance, static_cast<std::int64_t>(rank),
                                static_cast<std::int64_t>(classes));
    // The last class's count is a whole number up to rounding of the powers: 4.999999 is 5.
    constexpr double dust = 1e-9;
    const double share = static_cast<double>(rank) / static_cast<double>(classes - 1);
    const double spread = std::pow(options.imbalance, 1 / paretoPower) - 1;
    const double kept = static_cast<double>(largest) * std::pow(1 + share * spread, -paretoPower);
    return static_cast<std::int64_t>(kept * (1 + dust));
}

using Members = std::vector<std::vector<std::size_t>>;

Members byClass(const ImageList& images)
{
    Members members;
    for (std::size_t i = 0; i < images.samples.size(); ++i) {
        const auto label = static_cast<std::size_t>(images.samples[i].label);
        if (members.size() <= label)
            members.resize(label + 1);
        members[label].push_back(i);
    }
    return members;
}

void check(const ImageList& images, const LongtailOptions& options, std::size_t classes)
{
    if (!(options.imbalance >= 1) || !std::isfinite(options.imbalance))
        throw Error(
            message("{}: the imbalance factor (largest class / smallest class) is 1 or more",
                    options.imbalance));
    if (options.largest < 0)
        throw Error(message("{}: the largest class keeps 1 image or more", options.largest));
    if (classes < 2)
        throw Error(message("{}: {} of its classes have images; a long tail takes two or more",
                            printable(images.source), classes));
}

} // namespace

TailProfile parseTailProfile(std::string_view name)
{
    if (name == "exp")
        return TailProfile::Exponential;
    if (name == "pareto")
        return TailProfile::Pareto;
    throw Error(message("{}: exp or pareto is expected", printable(name)));
}

Longtail cutLongtail(const ImageList& images, const LongtailOptions& options)
{
    Members members = byClass(images);
    std::vector<std::size_t> order; // classes with images, most frequent first
    for (std::size_t c = 0; c < members.size(); ++c)
        if (!members[c].empty())
            order.push_back(c);
    check(images, options, order.size());
    if (options.seed) {
        Random random(*options.seed);
        random.shuffle(order);
        for (auto& samples : members)
            random.shuffle(samples);
    }
    std::int64_t largest = options.largest;
    for (const auto& samples : members)
        largest = options.largest > 0
                      ? largest
                      : std::max(largest, static_cast<std::int64_t>(samples.size()));
    Longtail out;
    out.counts.resize(members.size());
    std::int64_t shorter = 0;
    std::int64_t none = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const std::int64_t wanted = keptAt(options, largest, rank, order.size());
        const auto& samples = members[order[rank]];
        const auto kept = std::min(wanted, static_cast<std::int64_t>(samples.size()));
        shorter += kept < wanted;
        none += kept == 0;
        out.counts[order[rank]] = kept;
        out.kept.insert(out.kept.end(), samples.begin(), samples.begin() + kept);
    }
    std::sort(out.kept.begin(), out.kept.end());
    if (shorter > 0)
        out.warnings.push_back(
            message("{}: {} of {} classes have fewer images than the profile asks "
                    "for and keep all they have; --max makes the largest smaller",
                    printable(images.source), shorter, order.size()));
    if (none > 0)
        out.warnings.push_back(message("{}: {} of {} classes keep no image at all",
                                       printable(images.source), none, order.size()));
    return out;
}

std::string labelListOf(const ImageList& images, const std::vector<std::size_t>& samples,
                        const std::filesystem::path& folder)
{
    std::error_code unknown;
    // Links are followed: "link/.." is not the folder that the link is in.
    const auto base = std::filesystem::weakly_canonical(folder.empty() ? "." : folder, unknown);
    const auto root = std::filesystem::weakly_canonical(images.root, unknown);
    std::string out;
    for (const std::size_t i : samples) {
        const auto path = (root / images.samples[i].id).lexically_normal();
        std::string line = path.lexically_proximate(base).string();
        if (line.find_first_of("\r\n") != std::string::npos)
            throw Error(message("{}: a path with a line break has no place in a label list",
                                printable(line, 400)));
        if (line.front() == '#' || line.front() == ' ' || line.front() == '\t')
            line.insert(0, "./"); // a comment, or a blank that reading takes off
        out += message("{} {}\n", line, images.samples[i].label);
    }
    return out;
}

} // namespace monotail
