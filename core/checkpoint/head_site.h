// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checkpoint/head_search.h"

namespace monotail {

/// More than any classifier has.
constexpr std::int64_t mostClasses = 1'000'000;

/// Floating, C or 1 x C or C x 1.
bool isPerClass(const Tensor& tensor, std::int64_t classes);
/// Floating, C x D or C x D x 1 x 1 with C > 1.
bool isMatrix(const Tensor& tensor);

/// Finds tensors by module and last name. The checkpoint must outlive it.
class TensorIndex
{
public:
    explicit TensorIndex(const Checkpoint& checkpoint);
    const Checkpoint& checkpoint() const { return *m_checkpoint; }
    /// "a.b" and "weight" for "a.b.weight"; `last` may itself be dotted.
    const Tensor* find(std::string_view module, std::string_view last) const;
    /// The learned scales of LWS for a head's module, if the file has them.
    const Tensor* scalesFor(std::string_view module, std::int64_t classes) const;
    /// Whether the tensor repeats its storage (stride 0) instead of filling a part of it.
    bool isRepeated(const Tensor& tensor) const;
    /// How many numbers the layer before this tensor puts out, as far as the order of the file
    /// tells: the first size of the last tensor of another shape before it in its state_dict. 0 if
    /// there is none.
    std::int64_t widthBefore(const Tensor& tensor) const;

private:
    const Checkpoint* m_checkpoint;
    std::unordered_map<std::string, std::size_t> m_positions;
    std::unordered_map<std::int64_t, std::size_t> m_lwsScales; ///< the first of each length
};

/// A tensor that may be a layer's weight, and the layer's place.
struct WeightSite
{
    const Tensor* weight = nullptr;
    const Tensor* magnitude = nullptr; ///< weight norm
    std::string_view module;           ///< "fc" for "fc.weight" and "fc.parametrizations..."
};

/// The place of a tensor that is called as weights are, or of any matrix that the user names.
enum class Naming { Usual, ByUser };
WeightSite siteOf(const TensorIndex& index, const Tensor& tensor, Naming naming);

/// What may follow a layer's name in that of its weight: ".weight", ".weight_v", ...
const std::vector<std::string_view>& weightSuffixes();

} // namespace monotail
