// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/copies.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace monotail {

namespace {

/// "optimizer", "optimizer_states", "optim": what training scripts call it.
bool isOptimizerState(const std::string& name)
{
    const std::string first = lowered(split(name, '.').front());
    return first.rfind("optim", 0) == 0;
}

/// A path component with the word "ema": "state_dict_ema", "model_ema", "ema".
bool isEmaCopy(const std::string& name)
{
    for (const std::string_view component : split(name, '.'))
        for (const std::string_view word : split(component, '_'))
            if (lowered(word) == "ema")
                return true;
    return false;
}

/// "fc.weight" of "state_dict.module.fc.weight": what the copies of a tensor have in common.
std::string lastTwo(const std::string& name)
{
    const auto parts = split(name, '.');
    const std::string last(parts.back());
    return parts.size() < 2 ? last : std::string(parts[parts.size() - 2]) + "." + last;
}

bool isTwin(const Checkpoint& checkpoint, const Tensor& tensor, const TensorPatch& patch)
{
    const Tensor* patched = checkpoint.find(patch.tensor);
    return patched && patched->name != tensor.name && patched->shape == tensor.shape &&
           lastTwo(patched->name) == lastTwo(tensor.name) &&
           isEmaCopy(patched->name) != isEmaCopy(tensor.name);
}

} // namespace

Warnings untouchedCopies(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches)
{
    Warnings warnings;
    std::int64_t optimizer = 0;
    for (const Tensor& tensor : checkpoint.tensors) {
        const auto isTwinOf = [&](const TensorPatch& patch) {
            return isTwin(checkpoint, tensor, patch);
        };
        if (isOptimizerState(tensor.name))
            ++optimizer;
        else if (std::any_of(patches.begin(), patches.end(), isTwinOf))
            warnings.push_back(message("{} stays as it was: {}", printable(tensor.name),
                                       isEmaCopy(tensor.name)
                                           ? "it is an EMA copy of the patched head"
                                           : "the patched head is an EMA copy of it"));
    }
    if (optimizer > 0)
        warnings.push_back(message("the optimizer state ({} {}) stays as it was: it belongs to the "
                                   "head before the patch",
                                   toGroupedText(optimizer),
                                   optimizer == 1 ? "tensor" : "tensors"));
    return warnings;
}

} // namespace monotail
