// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/torch_container.h"
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// Files from before PyTorch 1.6, whatever their magic number says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto file = fuzz::fileOf(data, size);
        looksLikeLegacy(*file);
        const Checkpoint checkpoint = readTorchLegacy(file);
        fuzz::useTensors(checkpoint);
        fuzz::useHeads(checkpoint);
    });
    return 0;
}
