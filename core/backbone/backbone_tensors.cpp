// SPDX-License-Identifier: GPL-3.0-or-later
#include "backbone/backbone_tensors.h"

#include <algorithm>

#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

bool isWithin(std::string_view name, std::string_view module)
{
    return name == module || (name.size() > module.size() && name[module.size()] == '.' &&
                              name.substr(0, module.size()) == module);
}

/// What lies below the head's module is the head's too, unless the backbone does.
bool isHeads(const HeadCandidate& head, std::string_view name, std::string_view prefix)
{
    std::string_view module = parentOf(head.weight);
    if (isWithin(prefix, module))
        module = {};
    return name == head.weight || name == head.bias || name == head.scales ||
           name == head.magnitude || name == head.factor ||
           (!module.empty() && isWithin(name, module));
}

} // namespace

const Tensor* BackboneTensors::find(std::string_view name) const
{
    const auto found = byName.find(name);
    return found == byName.end() ? nullptr : found->second;
}

bool BackboneTensors::has(std::string_view module) const
{
    // Names that differ from the module's behind it, such as "conv1-x", sort before "conv1.".
    const auto below = byName.lower_bound(std::string(module) + ".");
    return find(module) || (below != byName.end() && isWithin(below->first, module));
}

BackboneTensors tensorsBelow(const Checkpoint& checkpoint, const HeadCandidate& head,
                             const std::string& prefix, Naming naming, const Tensor& sample)
{
    BackboneTensors out{checkpoint.path.string(), prefix, {}, {}};
    for (const Tensor& tensor : checkpoint.tensors) {
        if (tensor.container != sample.container ||
            tensor.name.compare(0, sample.container, sample.name, 0, sample.container) != 0 ||
            isHeads(head, tensor.name, prefix))
            continue;
        const bool isBelow = tensor.name.compare(0, prefix.size(), prefix) == 0;
        const std::string name = tensor.name.substr(isBelow ? prefix.size() : tensor.container);
        if (isTrainingState(name) || isAveraged(name))
            continue;
        if (isBelow)
            out.byName.emplace(usualName(naming, name), &tensor);
        else
            out.beside.push_back(&tensor);
    }
    return out;
}

std::string shapeText(const Tensor& tensor)
{
    std::vector<std::string> sizes;
    for (const std::int64_t size : tensor.shape)
        sizes.push_back(toText(size));
    return sizes.empty() ? "one number" : joined(sizes, " x ");
}

void refuse(const std::string& file, const std::string& sentence)
{
    throw Error(message("{}: {}; resources/dump_features.py writes the features of any model with "
                        "your own PyTorch",
                        printable(file, 400), sentence));
}

} // namespace monotail
