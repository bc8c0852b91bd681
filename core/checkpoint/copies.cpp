// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/copies.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "checkpoint/head_names.h"

namespace monotail {

namespace {

/// "optimizer", "optimizer_states", "optim": what training scripts call it, at any depth.
bool isOptimizerState(const std::string& name)
{
    const auto parts = split(name, '.');
    return std::any_of(parts.begin(), parts.end(),
                       [](std::string_view part) { return part.substr(0, 5) == "optim"; });
}

/// "fc" and "weight" of "state_dict.module.fc.weight": what the copies of a tensor have in common.
bool agreesInLastTwo(const std::string& a, const std::string& b)
{
    return lastNameOf(a) == lastNameOf(b) && lastNameOf(parentOf(a)) == lastNameOf(parentOf(b));
}

bool isTwin(const Tensor& tensor, const Tensor& patched)
{
    return patched.shape == tensor.shape && agreesInLastTwo(patched.name, tensor.name) &&
           isAveraged(patched.name) != isAveraged(tensor.name);
}

} // namespace

Warnings untouchedCopies(const Checkpoint& checkpoint, const std::vector<TensorPatch>& patches)
{
    std::vector<const Tensor*> patched;
    patched.reserve(patches.size());
    for (const TensorPatch& patch : patches)
        patched.push_back(checkpoint.find(patch.tensor));
    Warnings warnings;
    std::int64_t optimizer = 0;
    for (const Tensor& tensor : checkpoint.tensors) {
        const auto isTwinOf = [&](const Tensor* other) { return isTwin(tensor, *other); };
        if (isOptimizerState(tensor.name))
            ++optimizer;
        else if (std::any_of(patched.begin(), patched.end(), isTwinOf))
            warnings.push_back(message("{} stays as it was: {}", printable(tensor.name),
                                       isAveraged(tensor.name)
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
