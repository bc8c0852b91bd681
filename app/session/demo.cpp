// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/demo.h"

#include "platform/paths.h"

namespace monotail {

Inputs demoInputs(const std::string& part)
{
    const std::filesystem::path folder = resourceFolder() / "demo";
    return {(folder / (part + ".pth.tar")).string(),
            (folder / "counts.csv").string(),
            (folder / "features-test.safetensors").string(),
            {},
            {}};
}

} // namespace monotail
