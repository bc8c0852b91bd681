// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors.h"

#include "fuzz_input.h"

using namespace monotail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const auto file = fuzz::fileOf(data, size);
        looksLikeSafetensors(*file);
        const Checkpoint checkpoint = readSafetensors(file);
        for (const Tensor& tensor : checkpoint.tensors)
            tensorDigest(checkpoint, tensor);
    } catch (const Error&) {
    }
    return 0;
}
