// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// Any bytes give a checkpoint whose tensors and heads can be read, or an Error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto checkpoint = openCheckpoint(fuzz::fileOf(data, size));
        fuzz::useTensors(*checkpoint);
        fuzz::useHeads(*checkpoint);
    });
    return 0;
}
