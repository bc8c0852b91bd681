// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "checkpoint/head_kind.h"
#include "checkpoint/head_names.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

constexpr std::size_t mostListed = 5;

std::string described(const Tensor& tensor)
{
    return message("{} ({})", printable(tensor.name), shapeText(tensor.shape));
}

std::string listed(const std::vector<const Tensor*>& tensors, std::size_t count)
{
    std::vector<std::string> parts;
    for (const Tensor* tensor : tensors)
        if (parts.size() < mostListed)
            parts.push_back(described(*tensor));
    const std::size_t rest = count - parts.size();
    return joined(parts, ", ") + (rest > 0 ? message(" and {} more", rest) : std::string());
}

std::string listed(const std::vector<const Tensor*>& tensors)
{
    return listed(tensors, tensors.size());
}

/// The first of the `count` best candidates, as many as are listed: to find one takes a search.
std::vector<const Tensor*> tensorsOf(const Checkpoint& checkpoint,
                                     const std::vector<HeadCandidate>& candidates,
                                     std::size_t count)
{
    std::vector<const Tensor*> tensors;
    for (std::size_t i = 0; i < std::min(count, mostListed); ++i)
        tensors.push_back(checkpoint.find(candidates[i].weight));
    return tensors;
}

std::vector<const Tensor*> matricesOf(const Checkpoint& checkpoint)
{
    std::vector<const Tensor*> matrices;
    for (const Tensor& tensor : checkpoint.tensors)
        if (isMatrix(tensor) && !isTrainingState(tensor.name))
            matrices.push_back(&tensor);
    return matrices;
}

bool matches(const Tensor& tensor, const std::string& name, std::string_view suffix)
{
    const std::string whole = name + std::string(suffix);
    return tensor.name == whole || endsWith(tensor.name, "." + whole);
}

/// The tensor that `name` means: its whole name, or a suffix that only one tensor has. Optimizer
/// copies count only where nothing else has the suffix.
const Tensor& named(const Checkpoint& checkpoint, const std::string& name)
{
    const std::string path = checkpoint.path.string();
    std::vector<const Tensor*> found;
    for (const Tensor& tensor : checkpoint.tensors) {
        if (tensor.name == name || tensor.name == name + ".weight")
            return tensor;
        bool isMatch = matches(tensor, name, "");
        for (const std::string_view suffix : weightSuffixes())
            isMatch = isMatch || matches(tensor, name, suffix);
        if (isMatch)
            found.push_back(&tensor);
    }
    const auto keepIf = [&](auto isWanted) {
        std::vector<const Tensor*> kept;
        std::copy_if(found.begin(), found.end(), std::back_inserter(kept), isWanted);
        if (!kept.empty())
            found = kept;
    };
    keepIf([](const Tensor* tensor) { return !isTrainingState(tensor->name); });
    keepIf([](const Tensor* tensor) { return isMatrix(*tensor); });
    if (found.empty())
        throw Error(message("{}: no tensor is called '{}'; the matrices in the file are: {}", path,
                            printable(name), listed(matricesOf(checkpoint))));
    if (found.size() > 1)
        throw Error(message("{}: {} tensors end in '{}': {}; give more of the name", path,
                            found.size(), printable(name), listed(found)));
    return *found.front();
}

/// "backbone.linears" for "backbone.linears.0.weight".
std::string_view listOf(const HeadCandidate& experts)
{
    std::string_view module = parentOf(experts.weight);
    while (!module.empty() && !isNumber(lastNameOf(module)))
        module = parentOf(module);
    return parentOf(module);
}

/// Experts are named by their list.
std::optional<HeadCandidate> expertsNamed(const Checkpoint& checkpoint, const HeadQuery& query)
{
    const HeadSearch search = findHeads(checkpoint, query);
    for (const auto* heads : {&search.candidates, &search.passedOver})
        for (const HeadCandidate& head : *heads) {
            const std::string_view list = head.experts.empty() ? std::string_view() : listOf(head);
            if (!list.empty() && (list == query.name || endsWith(list, "." + query.name)))
                return head;
        }
    return {};
}

[[noreturn]] void failNamed(const Checkpoint& checkpoint, const Tensor& weight,
                            const HeadQuery& query)
{
    const std::string path = checkpoint.path.string();
    if (std::max(weight.shape[0], weight.shape[1]) > mostClasses)
        throw Error(message("{}: {} has more than {} rows, which are more classes than are read; "
                            "choose another with --head NAME",
                            path, described(weight), toGroupedText(mostClasses)));
    if (query.kind == HeadKind::Lws)
        throw Error(message("{}: there are no learned scales (a tensor 'scales' or 'learned_norm' "
                            "with one number per class) beside {}",
                            path, described(weight)));
    throw Error(message("{}: the bias beside {} does not have one number per class", path,
                        described(weight)));
}

void checkNamed(const Checkpoint& checkpoint, const TensorIndex& index, const Tensor& weight)
{
    const std::string path = checkpoint.path.string();
    if (!isMatrix(weight))
        throw Error(message("{}: {} cannot be a classifier's weight, which is a floating C x D "
                            "matrix; it is of type {}",
                            path, described(weight), nameOf(weight.dtype)));
    if (index.isRepeated(weight))
        throw Error(
            message("{}: {} repeats fewer stored numbers, which no trained classifier does; "
                    "choose another with --head NAME",
                    path, described(weight)));
}

HeadCandidate chooseNamed(const Checkpoint& checkpoint, const HeadQuery& query)
{
    if (auto experts = expertsNamed(checkpoint, query))
        return *experts;
    const Tensor& weight = named(checkpoint, query.name);
    const TensorIndex index(checkpoint);
    checkNamed(checkpoint, index, weight);
    const WeightSite site = siteOf(index, weight, Naming::ByUser);
    auto head = headFrom(index, site, query);
    if (!head)
        failNamed(checkpoint, weight, query);
    auto fitting = withBackground(index, site, *head, query);
    if (!fitting)
        throw Error(message("{}: {} does not fit {} classes", checkpoint.path.string(),
                            described(weight), query.classes.value_or(head->classes)));
    fitting->reason = message("named by the user; {} classes x {} features{}", fitting->classes,
                              fitting->features, fitting->reason);
    return *fitting;
}

/// What the search left out, as the end of a sentence.
std::string leftOut(const HeadSearch& search)
{
    return search.notes.empty() ? std::string() : " (" + joined(search.notes, "; ") + ")";
}

[[noreturn]] void failNone(const Checkpoint& checkpoint, const HeadQuery& query,
                           const HeadSearch& search)
{
    const std::string path = checkpoint.path.string();
    const std::vector<const Tensor*> matrices = matricesOf(checkpoint);
    if (checkpoint.tensors.empty())
        throw Error(message("{}: the file holds no tensors", path));
    if (matrices.empty())
        throw Error(message("{}: no classifier head found: none of the {} tensors is a floating "
                            "matrix (C x D)",
                            path, checkpoint.tensors.size()));
    if (query.classes)
        throw Error(message("{}: no head with {} classes found; the matrices in the file are: {}",
                            path, *query.classes, listed(matrices) + leftOut(search)));
    if (query.kind == HeadKind::Lws)
        throw Error(message("{}: no head with learned scales (a tensor 'scales' or "
                            "'learned_norm' with one number per class) found",
                            path));
    throw Error(message("{}: no classifier head found; the matrices in the file are: {}; choose "
                        "one with --head NAME",
                        path, listed(matrices) + leftOut(search)));
}

} // namespace

HeadCandidate chooseHead(const Checkpoint& checkpoint, const HeadQuery& query)
{
    if (!query.name.empty())
        return chooseNamed(checkpoint, query);
    const HeadSearch search = findHeads(checkpoint, query);
    if (search.candidates.empty())
        failNone(checkpoint, query, search);
    if (search.tied > 1)
        throw Error(
            message("{}: {} tensors are equally likely to be the classifier's weight: {}; "
                    "choose one with --head NAME",
                    checkpoint.path.string(), search.tied,
                    listed(tensorsOf(checkpoint, search.candidates, search.tied), search.tied)));
    return search.candidates.front();
}

} // namespace monotail
