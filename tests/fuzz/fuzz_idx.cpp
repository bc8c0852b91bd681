// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/idx.h"
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// MNIST's format, plain and packed with gzip.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto file = fuzz::fileOf(data, size);
        looksLikeIdx(*file);
        fuzz::useArray(readIdx(file));
    });
    return 0;
}
