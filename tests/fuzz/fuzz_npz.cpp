// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy.h"
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// The arrays of an archive, stored and deflated.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto file = fuzz::fileOf(data, size);
        looksLikeNpz(*file);
        for (const std::string& key : npzKeys(*file))
            fuzz::attempt([&] { fuzz::useArray(readNpzArray(file, key)); });
    });
    return 0;
}
