// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluate/index/index_tile.h"

namespace monotail::detail {

/// Enters the z of samples [first, end) of a tile, one pointer to C values by position each, into
/// every group of the tile. The tile's other lanes stay as they are.
void enterSamples(const IndexTile& tile, const float* const (&rows)[lanes], int first, int end,
                  std::int64_t classes);

} // namespace monotail::detail
