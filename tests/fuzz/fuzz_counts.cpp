// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dataset/counts.h"

using namespace monotail;

/// Any text is either refused with an Error or gives counts that are numbers of images.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    // The first byte chooses what is known: nothing, or the number of classes, and the file's name.
    CountsQuery query;
    if (data[0] & 1)
        query.classes = data[0] >> 2;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        const TextSource source{data[0] & 2 ? "fuzz.csv" : "fuzz.txt", text, nullptr};
        const ClassCounts read = readCountsText(source, query);
        for (const std::int64_t count : read.counts)
            if (count < absentCount || count > maxCount)
                std::abort();
    } catch (const Error&) {
    }
    return 0;
}
