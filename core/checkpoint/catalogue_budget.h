// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "checkpoint/checkpoint.h"

namespace monotail {

/// How much one catalogue may take: far above what real checkpoints hold. It bounds time and memory
/// for files that are built to hurt. All but takesList() throw Error when there is too much.
class CatalogueBudget
{
public:
    explicit CatalogueBudget(const Checkpoint& checkpoint) : m_checkpoint(checkpoint) {}

    void spendSteps(std::size_t steps);
    /// For names and texts that the catalogue keeps.
    void spendBytes(std::size_t bytes);
    /// For a tensor whose layout is checked: what it keeps, and what reading it would take.
    void spendTensor(const Tensor& tensor);
    /// Whether a list of so many numbers is still kept; counts it if so.
    bool takesList(std::size_t numbers);

private:
    [[noreturn]] void fail() const;

    const Checkpoint& m_checkpoint;
    std::size_t m_steps = 0;
    std::size_t m_bytes = 0;
    std::size_t m_tensors = 0;
    std::size_t m_lists = 0;
    std::size_t m_numbers = 0;
    std::uint64_t m_tensorBytes = 0;
};

} // namespace monotail
