// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/error.h"
#include "dataset/npy.h"

using namespace monotail;

/// A .npy file is either refused with an Error or read whole, as rows or as whole numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto read = [&](auto use) {
        try {
            use(readNpy(std::as_bytes(std::span(data, size)), nullptr, "fuzz.npy"));
        } catch (const Error&) {
        }
    };
    read([](NumberArray array) { readWholeNumbers(array, "sample"); });
    read([](NumberArray array) {
        const auto rows = asRows(std::move(array));
        rows->read(0, rows->rows());
    });
    return 0;
}
