// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backbone/layer_names.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/head_search.h"

namespace monotail {

/// The tensors of the module or state_dict that a backbone is, without those of the head.
struct BackboneTensors
{
    std::string file;
    std::string prefix;                                       ///< "state_dict.module."
    std::map<std::string, const Tensor*, std::less<>> byName; ///< usual names, without the prefix
    std::vector<const Tensor*> beside; ///< in the same dictionary, but not below the prefix

    const Tensor* find(std::string_view name) const;
    /// Whether anything is called so, or so and a dot more.
    bool has(std::string_view module) const;
};

/// Those whose names begin with the prefix, and which lie in the same dictionary as `sample`.
BackboneTensors tensorsBelow(const Checkpoint& checkpoint, const HeadCandidate& head,
                             const std::string& prefix, Naming naming, const Tensor& sample);

/// "64 x 3 x 7 x 7".
std::string shapeText(const Tensor& tensor);

/// Throws Error: the file, this sentence, and the way out.
[[noreturn]] void refuse(const std::string& file, const std::string& sentence);

} // namespace monotail
