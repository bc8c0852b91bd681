// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head_site.h"

#include "base/text.h"
#include "checkpoint/head_names.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

constexpr std::string_view parametrized = ".parametrizations.weight.original1";

/// The layer's name, if `name` is that of a weight stored under `suffix`.
std::string_view moduleBefore(std::string_view name, std::string_view suffix)
{
    return endsWith(name, suffix) ? name.substr(0, name.size() - suffix.size())
                                  : std::string_view();
}

/// Weight norm over rows keeps one magnitude per row: C, C x 1 or C x 1 x 1 x 1.
const Tensor* perRow(const Tensor* magnitude, const Tensor& direction)
{
    const bool fits = magnitude && isFloating(magnitude->dtype) && !magnitude->shape.empty() &&
                      !direction.shape.empty() && magnitude->shape[0] == direction.shape[0] &&
                      magnitude->elements() == direction.shape[0];
    return fits ? magnitude : nullptr;
}

} // namespace

bool isPerClass(const Tensor& tensor, std::int64_t classes)
{
    const bool isFlat =
        tensor.shape.size() == 1 ||
        (tensor.shape.size() == 2 && (tensor.shape[0] == 1 || tensor.shape[1] == 1));
    return isFloating(tensor.dtype) && isFlat && tensor.elements() == classes;
}

bool isMatrix(const Tensor& tensor)
{
    const std::vector<std::int64_t>& shape = tensor.shape;
    const bool isConvolution = shape.size() == 4 && shape[2] == 1 && shape[3] == 1;
    return isFloating(tensor.dtype) && (shape.size() == 2 || isConvolution) && shape[0] > 1 &&
           shape[1] > 0;
}

TensorIndex::TensorIndex(const Checkpoint& checkpoint) : m_checkpoint(&checkpoint)
{
    for (std::size_t i = 0; i < checkpoint.tensors.size(); ++i) {
        const Tensor& tensor = checkpoint.tensors[i];
        m_positions[tensor.name] = i;
        const std::string_view last = lastNameOf(tensor.name);
        // MiSLAS saves them in a dictionary of their own, state_dict_lws_model.
        if ((last == "scales" || last == "learned_norm") && !isTrainingState(tensor.name) &&
            tensor.name.find("lws") < tensor.container && !tensor.shape.empty() &&
            isPerClass(tensor, tensor.elements()))
            m_lwsScales.emplace(tensor.elements(), i);
    }
}

const Tensor* TensorIndex::find(std::string_view module, std::string_view last) const
{
    const std::string name =
        module.empty() ? std::string(last) : std::string(module) + "." + std::string(last);
    const auto found = m_positions.find(name);
    return found == m_positions.end() ? nullptr : &m_checkpoint->tensors[found->second];
}

const Tensor* TensorIndex::scalesFor(std::string_view module, std::int64_t classes) const
{
    // One level above the head, classifier.scales for classifier.fc.weight, or beside it.
    for (const std::string_view place : {parentOf(module), module})
        for (const std::string_view name : {"scales", "learned_norm"})
            if (const Tensor* scales = find(place, name); scales && isPerClass(*scales, classes))
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

std::int64_t TensorIndex::widthBefore(const Tensor& tensor) const
{
    const auto found = m_positions.find(tensor.name);
    if (found == m_positions.end())
        return 0;
    const std::string_view container = std::string_view(tensor.name).substr(0, tensor.container);
    for (std::size_t i = found->second; i-- > 0;) {
        const Tensor& before = m_checkpoint->tensors[i];
        if (std::string_view(before.name).substr(0, before.container) != container)
            return 0;
        if (before.elements() > 1 && before.shape != tensor.shape) // not the expert before it
            return before.shape[0];
    }
    return 0;
}

const std::vector<std::string_view>& weightSuffixes()
{
    static const std::vector<std::string_view> suffixes{".weight", ".weight_v", parametrized,
                                                        ".zs_weight"};
    return suffixes;
}

WeightSite siteOf(const TensorIndex& index, const Tensor& tensor, Naming naming)
{
    const std::string_view last = lastNameOf(tensor.name);
    if (last == "weight_v") {
        const std::string_view module = parentOf(tensor.name);
        if (const Tensor* g = perRow(index.find(module, "weight_g"), tensor))
            return {&tensor, g, module};
    }
    if (const std::string_view module = moduleBefore(tensor.name, parametrized); !module.empty())
        if (const Tensor* g =
                perRow(index.find(module, "parametrizations.weight.original0"), tensor))
            return {&tensor, g, module};
    if (last == "weight" || last == "zs_weight" || naming == Naming::ByUser)
        return {&tensor, nullptr, parentOf(tensor.name)};
    return {};
}

} // namespace monotail
