// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

#include "base/progress.h"

namespace monotail {

/// `wanted` threads, or one per processor if that is 0.
int usableThreads(int wanted);

/// Calls work(i) once for every i of [0, count), in no order, on up to `threads` threads of which
/// the caller's is one. Progress is reported from the caller's thread alone. The first exception,
/// Cancelled among them, stops the rest and is thrown here.
void parallelFor(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work,
                 const Progress& progress = {});

} // namespace monotail
