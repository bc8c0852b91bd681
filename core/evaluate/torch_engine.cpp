// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/torch_engine.h"

#include <cstdlib>

#include "platform/plugin.h"

namespace monotail {

void prepareTorchEngine()
{
    ::setenv("OPENBLAS_THREAD_TIMEOUT", "20", 0); // 2^20 ticks
}

std::shared_ptr<const TorchEngine> loadTorchEngine()
{
    using Factory = TorchEngine* (*)();
    const auto make =
        reinterpret_cast<Factory>(loadPlugin("libmonotail_torch.so", "monotailMakeTorchEngine"));
    return std::shared_ptr<const TorchEngine>(make());
}

} // namespace monotail
