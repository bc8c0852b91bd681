// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/zip.h"

#include <cstdlib>

#include "base/error.h"
#include "fuzz_input.h"

using namespace monotail;

/// Whatever the directory says lies inside the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const auto file = fuzz::fileOf(data, size);
        for (const ZipMember& member : readZipDirectory(*file)) {
            if (member.dataOffset > size || member.storedSize > size - member.dataOffset ||
                member.centralCrcOffset + 4 > size || member.localCrcOffset + 4 > size ||
                member.descriptorCrcOffset.value_or(0) + 4 > size)
                std::abort();
        }
    } catch (const Error&) {
    }
    return 0;
}
