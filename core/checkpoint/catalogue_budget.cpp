// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/catalogue_budget.h"

#include "base/text.h"
#include "checkpoint/tensor_layout.h"

namespace monotail {

namespace {

constexpr std::size_t mostSteps = 20'000'000;
constexpr std::size_t mostBytes = 100'000'000;
constexpr std::size_t mostTensors = 500'000;
constexpr std::size_t mostLists = 10'000;
constexpr std::size_t mostNumbers = 2'000'000;

/// Tensors may share bytes (tied weights, views, expanded ones), so that reading all of them takes
/// more than the file; by this much at most.
constexpr std::uint64_t mostExtraBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t mostTimesRead = 16;

} // namespace

void CatalogueBudget::fail() const
{
    throw Error(message("{}: the checkpoint holds too many values, or the same ones too many "
                        "times over; save the state_dict alone",
                        m_checkpoint.path.string()));
}

void CatalogueBudget::spendSteps(std::size_t steps)
{
    m_steps += steps;
    if (m_steps > mostSteps)
        fail();
}

void CatalogueBudget::spendBytes(std::size_t bytes)
{
    m_bytes += bytes;
    if (m_bytes > mostBytes)
        fail();
}

void CatalogueBudget::spendTensor(const Tensor& tensor)
{
    if (++m_tensors > mostTensors)
        fail();
    spendBytes(tensor.name.size() + tensor.storage.size() +
               (tensor.shape.size() + tensor.stride.size()) * sizeof(std::int64_t));
    const auto count = static_cast<std::uint64_t>(tensor.elements());
    const std::uint64_t size = sizeOf(tensor.dtype);
    const std::uint64_t stored = m_checkpoint.storages.at(tensor.storage).bytes;
    if (count > stored / size && count > mostRepeated)
        return; // never read
    // No overflow: count fits the storage, or mostRepeated.
    m_tensorBytes += count * size;
    if (m_tensorBytes > mostExtraBytes + mostTimesRead * m_checkpoint.file->bytes().size())
        throw Error(message("{}: its tensors share or repeat stored numbers so often that reading "
                            "them takes more than {} bytes, and the file has {}; save clones of "
                            "the tensors",
                            m_checkpoint.path.string(), m_tensorBytes,
                            m_checkpoint.file->bytes().size()));
}

bool CatalogueBudget::takesList(std::size_t numbers)
{
    if (m_lists == mostLists || numbers > mostNumbers - m_numbers)
        return false;
    ++m_lists;
    m_numbers += numbers;
    return true;
}

} // namespace monotail
