// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpoint/catalogue.h"
#include "fuzz_input.h"
#include "fuzz_use.h"

using namespace monotail;

/// A pickle without the archive around it, so that mutations reach the machine; its storages hold
/// the input's own bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::attempt([&] {
        Checkpoint checkpoint;
        checkpoint.path = "fuzz";
        checkpoint.file = fuzz::fileOf(data, size);
        const PickleGraph graph = readPickle(checkpoint.file->bytes(), "fuzz", {100'000});
        for (const auto& [key, storage] : mentionedStorages(graph))
            checkpoint.storages[key] = {key, storage.dtype, 0, size};
        catalogue(graph, checkpoint);
        fuzz::useTensors(checkpoint);
    });
    return 0;
}
