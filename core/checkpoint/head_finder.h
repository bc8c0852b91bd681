// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checkpoint/head.h"

namespace monotail {

/// Finds tensors by module and last name. The checkpoint must outlive it.
class TensorIndex
{
public:
    explicit TensorIndex(const Checkpoint& checkpoint);
    const Tensor* find(std::string_view parent, std::string_view last) const;
    /// The learned scales of LWS for a head's module, if the file has them.
    const Tensor* scalesFor(std::string_view module, std::int64_t classes) const;
    /// Whether the tensor repeats its storage (stride 0) instead of filling a part of it.
    bool isRepeated(const Tensor& tensor) const;

private:
    const Checkpoint* m_checkpoint;
    std::unordered_map<std::string, std::size_t> m_positions;
    std::unordered_map<std::int64_t, std::size_t> m_lwsScales; ///< the first of each length
};

/// More than any classifier has.
constexpr std::int64_t mostClasses = 1'000'000;

/// Floating, C or 1 x C.
bool isPerClass(const Tensor& tensor, std::int64_t classes);
/// Floating, C x D or C x D x 1 x 1 with C > 1.
bool isMatrix(const Tensor& tensor);

/// The head with this weight, if it can be one under what the query says.
std::optional<HeadCandidate> headFrom(const TensorIndex& index, const Tensor& weight,
                                      const HeadQuery& query);

} // namespace monotail
