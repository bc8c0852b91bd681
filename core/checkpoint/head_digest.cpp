// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "base/sha256.h"
#include "base/text.h"
#include "checkpoint/head.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

bool isHeads(const HeadCandidate& candidate, const std::string& name)
{
    const auto isExperts = [&](const HeadPart& part) {
        return name == part.weight || name == part.bias;
    };
    const std::string norms = std::string(parentOf(candidate.weight)) + ".fix_norms_";
    return name == candidate.weight || name == candidate.bias || name == candidate.scales ||
           name == candidate.magnitude || name == candidate.factor ||
           std::any_of(candidate.experts.begin(), candidate.experts.end(), isExperts) ||
           (candidate.kind == HeadKind::Samn && name.compare(0, norms.size(), norms) == 0);
}

/// The tensors below `prefix` that make up the backbone, by name without the prefix.
std::map<std::string, const Tensor*> backboneBelow(const Checkpoint& checkpoint,
                                                   const HeadCandidate& candidate,
                                                   const std::string& prefix)
{
    std::map<std::string, const Tensor*> tensors;
    for (const Tensor& tensor : checkpoint.tensors) {
        if (tensor.name.compare(0, prefix.size(), prefix) != 0 || isHeads(candidate, tensor.name) ||
            endsWith(tensor.name, "num_batches_tracked"))
            continue;
        std::string name = tensor.name.substr(prefix.size());
        if (isTrainingState(name) || (!isAveraged(prefix) && isAveraged(name)))
            continue;
        if (name.compare(0, 7, "module.") == 0)
            name.erase(0, 7);
        tensors.emplace(std::move(name), &tensor);
    }
    return tensors;
}

} // namespace

std::string headDigest(const ClassifierHead& head)
{
    Sha256 digest;
    digest.add(head.weight.data(), static_cast<std::size_t>(head.weight.size()) * sizeof(float));
    if (head.hasBias())
        digest.add(head.bias.data(), static_cast<std::size_t>(head.bias.size()) * sizeof(float));
    return digest.hex();
}

std::string backboneDigest(const Checkpoint& checkpoint, const HeadCandidate& candidate)
{
    const Tensor* weight = checkpoint.find(candidate.weight);
    std::string prefix = weight ? weight->name.substr(0, weight->container) : std::string();
    auto tensors = backboneBelow(checkpoint, candidate, prefix);
    // Some files keep the classifier in a dictionary of its own: the backbone lies beside it.
    while (tensors.empty() && !prefix.empty()) {
        prefix = enclosing(prefix);
        tensors = backboneBelow(checkpoint, candidate, prefix);
    }
    Sha256 digest;
    for (const auto& [name, tensor] : tensors) {
        std::vector<std::string> shape;
        for (const std::int64_t size : tensor->shape)
            shape.push_back(std::to_string(size));
        const std::string_view nul("\0", 1);
        for (const std::string_view part :
             {std::string_view(name), nul, nameOf(tensor->dtype), nul})
            digest.add(part);
        digest.add(joined(shape, ","));
        digest.add(nul);
        const std::vector<std::byte> bytes = readTensorBytes(checkpoint, *tensor);
        digest.add(bytes.data(), bytes.size());
    }
    return digest.hex();
}

} // namespace monotail
