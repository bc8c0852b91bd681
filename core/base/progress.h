// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

#include "base/error.h"

namespace monotail {

/// Called now and then during long work with units done and in all. Returning false cancels: the
/// work then throws Cancelled. An empty function means that nobody watches.
using Progress = std::function<bool(std::int64_t done, std::int64_t total)>;

inline void report(const Progress& progress, std::int64_t done, std::int64_t total)
{
    if (progress && !progress(done, total))
        throw Cancelled();
}

} // namespace monotail
