// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluate/index/index_scan.h"

namespace monotail::detail {

/// Null where the processor has no AVX-512.
ScanTile avx512ScanTile();

} // namespace monotail::detail
