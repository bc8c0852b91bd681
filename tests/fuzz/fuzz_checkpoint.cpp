// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/head.h"
#include "checkpoint/stored_accuracy.h"
#include "fuzz_input.h"

using namespace monotail;

/// Any bytes give a checkpoint whose tensors and head can be read, or an Error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const auto checkpoint = openCheckpoint(fuzz::fileOf(data, size));
        storedAccuracy(*checkpoint);
        for (const Tensor& tensor : checkpoint->tensors)
            if (tensor.elements() < 1000)
                tensorDigest(*checkpoint, tensor);
        const HeadCandidate head = chooseHead(*checkpoint, {});
        if (head.classes * head.features < 100'000)
            headDigest(readHead(*checkpoint, head));
    } catch (const Error&) {
    }
    return 0;
}
