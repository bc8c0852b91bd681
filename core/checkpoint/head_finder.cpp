// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_finder.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/tensor_layout.h"

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
    HeadCandidate candidate;
    Rank rank;
    std::size_t position = 0;
};

/// "blocks.0.mlp.fc1" -> "blocks.#.mlp.fc1"; the last name keeps its number.
std::string pattern(std::string_view module)
{
    std::string out;
    for (const std::string_view part : split(parentOf(module), '.'))
        out += part.find_first_not_of("0123456789") == std::string_view::npos
                   ? "#."
                   : std::string(part) + ".";
    return out + std::string(lastNameOf(module));
}

/// Layers that come many times over, once in each block, are hidden ones.
void demoteRepeated(std::vector<Ranked>& ranked)
{
    std::map<std::string, int> seen;
    for (const Ranked& entry : ranked)
        ++seen[pattern(parentOf(entry.candidate.weight))];
    for (Ranked& entry : ranked)
        if (seen[pattern(parentOf(entry.candidate.weight))] > 1)
            entry.rank.name = std::min(entry.rank.name, HeadName::Other);
}

/// A layer whose C outputs are the D inputs of a later layer in the same part of the file is a
/// hidden one: fc1 before fc2 before fc3.
void demoteHidden(const Checkpoint& checkpoint, std::vector<Ranked>& ranked)
{
    // Feature counts of the candidates seen so far, from the end, for each container.
    std::map<std::string, std::map<std::int64_t, bool>> taken;
    for (auto entry = ranked.rbegin(); entry != ranked.rend(); ++entry) {
        const HeadCandidate& candidate = entry->candidate;
        const Tensor& weight = checkpoint.tensors[entry->position];
        auto& features = taken[weight.name.substr(0, weight.container)];
        if (features.count(candidate.classes) && entry->rank.name != HeadName::Exact)
            entry->rank.isLast = false;
        features[candidate.features] = true;
    }
    for (Ranked& entry : ranked)
        if (!entry.rank.isLast)
            entry.rank.name = HeadName::Other;
}

std::string reasonFor(const Ranked& entry)
{
    const HeadCandidate& head = entry.candidate;
    std::string text = message("{} classes x {} features", head.classes, head.features);
    if (head.orientation == Orientation::FeatureByClass)
        text += ", stored with one column per class";
    text += head.bias.empty() ? ", no bias beside it" : ", with a bias of the same length";
    if (!head.scales.empty())
        text += message(", scaled per class by {}", printable(head.scales));
    if (head.kind == HeadKind::Cosine)
        text += "; normalised in the forward pass, so norms have no effect";
    if (entry.rank.name == HeadName::Exact)
        text += "; named as classifiers usually are";
    else if (entry.rank.name == HeadName::Numbered)
        text += "; named like a final layer";
    else if (!entry.rank.isLast)
        text += "; a later layer takes its outputs, so it is a hidden one";
    else if (entry.rank.name == HeadName::Other)
        text += "; named or repeated like an auxiliary or hidden layer";
    else
        text += "; no later layer takes its outputs";
    if (!entry.rank.isOriginal)
        text += "; a copy with averaged weights (EMA)";
    return text;
}

bool mayBeOffered(const Tensor& tensor, const HeadCandidate& head, const Rank& rank)
{
    if (lastNameOf(tensor.name) != "weight" || isTrainingState(tensor.name))
        return false;
    // Shortcuts of residual networks are 1 x 1 convolutions too, but without bias.
    return rank.isLinear || !head.bias.empty() || rank.name == HeadName::Exact;
}

} // namespace

TensorIndex::TensorIndex(const Checkpoint& checkpoint) : m_checkpoint(&checkpoint)
{
    for (std::size_t i = 0; i < checkpoint.tensors.size(); ++i) {
        const Tensor& tensor = checkpoint.tensors[i];
        m_positions[tensor.name] = i;
        const std::string_view last = lastNameOf(tensor.name);
        // MiSLAS saves them in a dictionary of their own, state_dict_lws_model.
        if ((last == "scales" || last == "learned_norm") && !isTrainingState(tensor.name) &&
            tensor.name.find("lws") < tensor.container && !tensor.shape.empty() &&
            isPerClass(tensor, tensor.shape.back()))
            m_lwsScales.emplace(tensor.shape.back(), i);
    }
}

const Tensor* TensorIndex::find(std::string_view parent, std::string_view last) const
{
    const std::string name =
        parent.empty() ? std::string(last) : std::string(parent) + "." + std::string(last);
    const auto found = m_positions.find(name);
    return found == m_positions.end() ? nullptr : &m_checkpoint->tensors[found->second];
}

const Tensor* TensorIndex::scalesFor(std::string_view module, std::int64_t classes) const
{
    for (const std::string_view beside : {parentOf(module), module})
        for (const std::string_view last : {"scales", "learned_norm"})
            if (const Tensor* scales = find(beside, last); scales && isPerClass(*scales, classes))
                return scales;
    const auto found = m_lwsScales.find(classes);
    return found == m_lwsScales.end() ? nullptr : &m_checkpoint->tensors[found->second];
}

bool TensorIndex::isRepeated(const Tensor& tensor) const
{
    const auto storage = m_checkpoint->storages.find(tensor.storage);
    return storage != m_checkpoint->storages.end() &&
           static_cast<std::uint64_t>(tensor.elements()) >
               storage->second.bytes / sizeOf(tensor.dtype);
}

bool isPerClass(const Tensor& tensor, std::int64_t classes)
{
    const bool isRow = tensor.shape.size() == 2 && tensor.shape[0] == 1;
    return isFloating(tensor.dtype) && (tensor.shape.size() == 1 || isRow) &&
           tensor.shape.back() == classes;
}

bool isMatrix(const Tensor& tensor)
{
    const std::vector<std::int64_t>& shape = tensor.shape;
    const bool isConvolution = shape.size() == 4 && shape[2] == 1 && shape[3] == 1;
    return isFloating(tensor.dtype) && (shape.size() == 2 || isConvolution) && shape[0] > 1 &&
           shape[1] > 0;
}

std::optional<HeadCandidate> headFrom(const TensorIndex& index, const Tensor& weight,
                                      const HeadQuery& query)
{
    if (!isMatrix(weight) || index.isRepeated(weight))
        return {};
    const std::string_view module = parentOf(weight.name);
    const Tensor* bias = index.find(module, "bias");
    const std::int64_t rows = weight.shape[0];
    const std::int64_t columns = weight.shape[1];
    // One column per class: said by the user, by the class count, or by the bias's length.
    const bool byCount = query.classes && rows != *query.classes && columns == *query.classes;
    const bool byBias = !query.classes && bias && rows != columns && isPerClass(*bias, columns);
    HeadCandidate head;
    head.weight = weight.name;
    head.orientation = query.transposed || byCount || byBias ? Orientation::FeatureByClass
                                                             : Orientation::ClassByFeature;
    const bool isTransposed = head.orientation == Orientation::FeatureByClass;
    head.classes = isTransposed ? columns : rows;
    head.features = isTransposed ? rows : columns;
    if (head.classes < 2 || head.classes > mostClasses ||
        (query.classes && head.classes != *query.classes))
        return {};
    if (bias && !isPerClass(*bias, head.classes))
        return {};
    head.bias = bias ? bias->name : std::string();
    const Tensor* scales = index.scalesFor(module, head.classes);
    // LDAM's NormedLinear and its like keep D x C and no bias; plain linear layers never do.
    const HeadKind guessed = scales                                  ? HeadKind::Lws
                             : byCount && !bias && !query.transposed ? HeadKind::Cosine
                                                                     : HeadKind::Linear;
    head.kind = query.kind.value_or(guessed);
    if (head.kind == HeadKind::Lws && !scales)
        return {};
    head.scales = head.kind == HeadKind::Lws ? scales->name : std::string();
    return head;
}

HeadSearch findHeads(const Checkpoint& checkpoint, const HeadQuery& query)
{
    const TensorIndex index(checkpoint);
    std::vector<Ranked> ranked;
    for (std::size_t i = 0; i < checkpoint.tensors.size(); ++i) {
        const Tensor& tensor = checkpoint.tensors[i];
        auto head = headFrom(index, tensor, query);
        if (!head)
            continue;
        const Rank rank{!isAveraged(tensor.name), headNameOf(parentOf(tensor.name)), true,
                        !head->bias.empty(), tensor.shape.size() == 2};
        if (mayBeOffered(tensor, *head, rank))
            ranked.push_back({std::move(*head), rank, i});
    }
    demoteRepeated(ranked);
    demoteHidden(checkpoint, ranked);
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.position > b.position;
    });
    HeadSearch search;
    for (Ranked& entry : ranked) {
        entry.candidate.reason = reasonFor(entry);
        search.tied += entry.rank == ranked.front().rank ? 1 : 0;
        search.candidates.push_back(std::move(entry.candidate));
    }
    return search;
}

} // namespace monotail
