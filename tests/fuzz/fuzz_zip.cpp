// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/zip.h"

#include <algorithm>
#include <cstdlib>

#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// Whatever the directory says lies inside the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        const auto file = fuzz::fileOf(data, size);
        for (const ZipMember& member : readZipDirectory(*file)) {
            if (member.dataOffset > size || member.storedSize > size - member.dataOffset ||
                member.centralCrcOffset + 4 > size || member.localCrcOffset + 4 > size ||
                member.descriptorCrcOffset.value_or(0) + 4 > size)
                std::abort();
            const auto stored = file->at(member.dataOffset, member.storedSize);
            const volatile auto nulls = std::count(stored.begin(), stored.end(), std::byte{0});
            static_cast<void>(nulls);
        }
    });
    return 0;
}
