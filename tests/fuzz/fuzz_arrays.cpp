// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/cifar.h"
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// Python pickles of arrays, lists and texts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto file = fuzz::fileOf(data, size);
        looksLikePickle(*file);
        const PickledValues values(file);
        isCifarBatch(values);
        for (std::size_t i = 0; i < std::min<std::size_t>(values.keys().size(), 100); ++i) {
            values.kind(i);
            values.text(i);
            values.texts(i);
            fuzz::attempt([&] { fuzz::useArray(values.array(i)); });
        }
    });
    return 0;
}
