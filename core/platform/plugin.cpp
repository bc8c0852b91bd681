// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/plugin.h"

#include <dlfcn.h>

#include "base/error.h"
#include "base/text.h"
#include "platform/paths.h"

namespace monotail {

void* loadPlugin(const std::string& name, const std::string& symbol)
{
    const std::filesystem::path folder = executableFolder();
    std::string reasons;
    for (const auto& path : {folder / "../lib" / name, folder / "../" MONOTAIL_LIBDIR / name,
                             std::filesystem::path(name)}) {
        if (path.has_parent_path() && !std::filesystem::exists(path))
            continue;
        void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        void* address = library ? ::dlsym(library, symbol.c_str()) : nullptr;
        if (address)
            return address;
        reasons += message("{}{}", reasons.empty() ? "" : "; ", ::dlerror());
    }
    throw Error(message("the program's part that uses LibTorch cannot be loaded: {}", reasons));
}

} // namespace monotail
