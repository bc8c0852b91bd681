// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "checkpoint/head.h"
#include "checkpoint/patch.h"
#include "checkpoint/stored_accuracy.h"
#include "dataset/numbers.h"

/// What the program does with a file once it is open. Only Error may be thrown by any of it.
namespace monotail::fuzz {

/// How much is read of one input, so that a fuzzer spends its time on other inputs.
struct Bounds
{
    std::int64_t elements = 100'000; ///< of all tensors together
    std::size_t heads = 3;
};

/// Calls `use`, for which an Error is as good as a result.
template <typename Use>
void attempt(Use use)
{
    try {
        use();
    } catch (const Error&) {
    }
}

/// Reads tensors through their strides and offsets.
inline void useTensors(const Checkpoint& checkpoint, const Bounds& bounds = {})
{
    std::int64_t left = bounds.elements;
    for (const Tensor& tensor : checkpoint.tensors) {
        if (tensor.elements() > left)
            continue;
        left -= tensor.elements() + 1;
        attempt([&] { tensorDigest(checkpoint, tensor); });
        attempt([&] { readTensor(checkpoint, tensor); });
    }
}

/// Reads the first head candidates, and plans what an export would write.
inline void useHeads(const Checkpoint& checkpoint, const Bounds& bounds = {})
{
    attempt([&] { storedAccuracy(checkpoint); });
    attempt([&] { chooseHead(checkpoint, {}); });
    attempt([&] {
        const HeadSearch search = findHeads(checkpoint, {});
        const std::size_t count = std::min(search.candidates.size(), bounds.heads);
        for (std::size_t i = 0; i < count; ++i) {
            const HeadCandidate& candidate = search.candidates[i];
            if (candidate.classes > bounds.elements / std::max<std::int64_t>(candidate.features, 1))
                continue;
            attempt([&] {
                const ClassifierHead head = readHead(checkpoint, candidate);
                const std::vector<double> twice(static_cast<std::size_t>(head.classes()), 2);
                const std::vector<double> bias(head.bias.begin(), head.bias.end());
                planHeadPatch(checkpoint, head, twice, bias);
            });
        }
    });
}

/// Reads an array as rows and as whole numbers.
inline void useArray(const NumberArray& array, const Bounds& bounds = {})
{
    attempt([&] {
        const auto rows = asRows(array);
        rows->read(0, std::min(rows->rows(), bounds.elements / rows->width()));
    });
    attempt([&] { readWholeNumbers(array, "sample"); });
}

} // namespace monotail::fuzz
