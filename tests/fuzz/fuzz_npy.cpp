// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npy.h"
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// A .npy file is either refused with an Error or read, as rows or as whole numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] { fuzz::useArray(readNpy(fuzz::fileOf(data, size))); });
    return 0;
}
