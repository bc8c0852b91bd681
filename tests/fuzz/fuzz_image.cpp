// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_use.h"
#include "images/decode.h"
#include "images/preprocessing.h"

using namespace monotail;

namespace {

/// Sizes that make every road through resize and crop.
Preprocessing preprocessingFor(std::size_t number)
{
    constexpr std::int64_t sides[] = {0, 7, 40, 1};
    Preprocessing preprocessing;
    preprocessing.resize = sides[number % 4];
    preprocessing.crop = sides[number / 4 % 4];
    preprocessing.filter = number / 16 % 2 ? ResizeFilter::Bicubic : ResizeFilter::Bilinear;
    return preprocessing;
}

} // namespace

/// An image file is either refused with an Error or read and made ready for the network.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t mostBytes = 1'000'000; // of pixels
    fuzz::attempt([&] {
        const std::span<const std::uint8_t> bytes(data, size);
        const Picture picture = decodeImage(std::as_bytes(bytes), "fuzz").picture;
        if (picture.pixels.size() > mostBytes)
            return;
        // The last byte of a file hardly matters to it.
        const Preprocessing preprocessing = preprocessingFor(data[size - 1]);
        prepared(picture, preprocessing, data[size - 1] / 32 % 2 ? 1 : 3);
    });
    return 0;
}
