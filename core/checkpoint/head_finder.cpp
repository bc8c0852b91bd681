// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "base/text.h"
#include "checkpoint/head_exclusions.h"
#include "checkpoint/head_experts.h"
#include "checkpoint/head_kind.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

/// What decides between candidates, in this order; larger is better.
struct Rank
{
    bool isOriginal = true; ///< not an averaged copy
    HeadName name = HeadName::Plain;
    bool isLast = true; ///< no later candidate takes what this one gives
    bool hasBias = false;
    bool isLinear = true; ///< 2-D, not a 1 x 1 convolution

    auto operator<=>(const Rank&) const = default;
};

struct Ranked
{
    LocatedHead at;
    Rank rank;
};

/// "blocks.0.mlp.fc1" -> "blocks.#.mlp.fc1"; the last name keeps its number.
std::string pattern(std::string_view module)
{
    std::string out;
    for (const std::string_view part : split(parentOf(module), '.'))
        out += isNumber(part) || part.empty() ? "#." : std::string(part) + ".";
    return out + std::string(lastNameOf(module));
}

/// Layers that come many times over, once in each block, are hidden ones.
void demoteRepeated(std::vector<Ranked>& ranked)
{
    std::map<std::string, int> seen;
    for (const Ranked& entry : ranked)
        ++seen[pattern(entry.at.module)];
    for (Ranked& entry : ranked)
        if (seen[pattern(entry.at.module)] > 1)
            entry.rank.name = std::min(entry.rank.name, HeadName::Other);
}

/// A layer whose C outputs are the D inputs of a later layer in the same part of the file is a
/// hidden one: fc1 before fc2 before fc3.
void demoteHidden(const Checkpoint& checkpoint, std::vector<Ranked>& ranked)
{
    // Feature counts of the candidates seen so far, from the end, for each container.
    std::map<std::string, std::map<std::int64_t, bool>> taken;
    for (auto entry = ranked.rbegin(); entry != ranked.rend(); ++entry) {
        const HeadCandidate& head = entry->at.head;
        const Tensor& weight = checkpoint.tensors[entry->at.layer];
        auto& features = taken[weight.name.substr(0, weight.container)];
        if (features.count(head.classes) && entry->rank.name != HeadName::Exact)
            entry->rank.isLast = false;
        features[head.features] = true;
    }
    for (Ranked& entry : ranked)
        if (!entry.rank.isLast)
            entry.rank.name = HeadName::Other;
}

std::string kindWords(const HeadCandidate& head)
{
    switch (head.kind) {
    case HeadKind::Lws:
        return message(", scaled per class by {}", printable(head.scales));
    case HeadKind::Cosine:
        return "; normalised in the forward pass, so norms have no effect";
    case HeadKind::WeightNorm:
        return message("; weight norm, with one magnitude per class in {}",
                       printable(head.magnitude));
    case HeadKind::Samn:
        return "; a trained SAMN head: its norms and part of its bias come from fix_norms_w and "
               "fix_norms_b beside it";
    case HeadKind::SampleDependent:
        return "; its logits depend on more than its rows, computed from each sample (DisAlign, "
               "OLTR)";
    default:
        return {};
    }
}

std::string nameWords(const Ranked& entry)
{
    if (entry.rank.name == HeadName::Exact)
        return "; named as classifiers usually are";
    if (entry.rank.name == HeadName::Numbered)
        return "; named like a final layer";
    if (!entry.rank.isLast)
        return "; a later layer takes its outputs, so it is a hidden one";
    if (entry.rank.name == HeadName::Other)
        return "; named or repeated like an auxiliary or hidden layer";
    return "; no later layer takes its outputs";
}

std::string reasonFor(const Ranked& entry)
{
    const HeadCandidate& head = entry.at.head;
    const auto experts = static_cast<std::int64_t>(std::max<std::size_t>(1, head.experts.size()));
    std::string text = message("{} classes x {} features", head.classes, head.features / experts);
    if (!head.experts.empty())
        text += message(" in each of {} experts", experts);
    if (head.orientation == Orientation::FeatureByClass)
        text += ", stored with one column per class";
    text += head.bias.empty() ? ", no bias beside it" : ", with a bias of the same length";
    text += kindWords(head) + nameWords(entry) + head.reason;
    if (!entry.rank.isOriginal)
        text += head.weight.find("teacher") == std::string::npos
                    ? "; a copy with averaged weights (EMA)"
                    : "; of the teacher";
    return text;
}

std::vector<LocatedHead> headsIn(const TensorIndex& index, const HeadQuery& query)
{
    std::vector<LocatedHead> heads;
    const std::vector<Tensor>& tensors = index.checkpoint().tensors;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const WeightSite site = siteOf(index, tensors[i], Naming::Usual);
        auto head = headFrom(index, site, query);
        if (!head || isTrainingState(tensors[i].name))
            continue;
        // Shortcuts of residual networks are 1 x 1 convolutions too, but without bias.
        const bool isShortcut = tensors[i].shape.size() != 2 && head->bias.empty() &&
                                headNameOf(site.module) != HeadName::Exact;
        if (!isShortcut)
            heads.push_back({std::move(*head), std::string(site.module), i, i});
    }
    return withExpertsJoined(heads);
}

std::vector<Ranked> ranked(const Checkpoint& checkpoint, std::vector<LocatedHead> heads)
{
    std::vector<Ranked> out;
    for (LocatedHead& head : heads) {
        const Tensor& weight = checkpoint.tensors[head.layer];
        const HeadName name =
            headNameOf(head.head.experts.empty() ? head.module : parentOf(head.head.weight));
        const Rank rank{!isAveraged(weight.name), name, true, !head.head.bias.empty(),
                        weight.shape.size() == 2};
        out.push_back({std::move(head), rank});
    }
    demoteRepeated(out);
    demoteHidden(checkpoint, out);
    return out;
}

/// Those that fit the query, the background rows taken out, best first.
std::vector<Ranked> fitting(const TensorIndex& index, std::vector<Ranked> entries,
                            const HeadQuery& query, HeadExclusions& exclusions)
{
    std::vector<Ranked> out;
    for (Ranked& entry : entries) {
        if (exclusions.covers(entry.at))
            continue;
        const WeightSite site =
            siteOf(index, index.checkpoint().tensors[entry.at.layer], Naming::Usual);
        auto head = withBackground(index, site, std::move(entry.at.head), query);
        if (!head)
            continue;
        entry.at.head = std::move(*head);
        entry.at.head.reason = reasonFor(entry);
        out.push_back(std::move(entry));
    }
    std::sort(out.begin(), out.end(), [](const Ranked& a, const Ranked& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.at.position > b.at.position;
    });
    return out;
}

} // namespace

HeadSearch findHeads(const Checkpoint& checkpoint, const HeadQuery& query)
{
    const TensorIndex index(checkpoint);
    HeadExclusions exclusions(index);
    const std::vector<Ranked> entries =
        fitting(index, ranked(checkpoint, headsIn(index, query)), query, exclusions);
    HeadSearch search;
    search.notes = exclusions.notes();
    for (const Ranked& entry : entries) {
        // A known class count vouches for any name.
        if (!query.classes && entry.rank.name == HeadName::Other) {
            search.passedOver.push_back(entry.at.head);
            continue;
        }
        search.tied += entry.rank == entries.front().rank ? 1 : 0;
        search.candidates.push_back(entry.at.head);
    }
    return search;
}

} // namespace monotail
