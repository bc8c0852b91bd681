// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/safetensors.h"

#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto file = fuzz::fileOf(data, size);
        looksLikeSafetensors(*file);
        fuzz::useTensors(readSafetensors(file));
    });
    return 0;
}
