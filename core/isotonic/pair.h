// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Two float64 in one vector register (SSE2, NEON), as GCC and clang offer it.
namespace monotail::detail {

using Pair = double __attribute__((vector_size(16)));
/// Of a comparison: all bits of a lane are set, or none.
using Mask = std::int64_t __attribute__((vector_size(16)));

} // namespace monotail::detail
