// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "evaluate/index/index_tile.h"

namespace monotail::detail {

/// The best class known of each sample of a tile.
struct TileBest
{
    alignas(64) float score[lanes];
    alignas(64) float z[lanes];
    alignas(64) std::int32_t winner[lanes]; ///< class; the lowest of equal scores
};

/// A group in which, for the samples of `mask`, a class behind the first may still win.
struct OpenGroup
{
    std::uint32_t group;
    std::uint16_t mask;
};

/// Betters `best` by the first class of each of `groups` in every sample, and writes the groups
/// that are still open to `open` (room for all of `groups`). Returns how many are.
using ScanTile = std::size_t (*)(const IndexTile& tile, const ScanTables& tables,
                                 std::span<const std::uint32_t> groups, TileBest& best,
                                 OpenGroup* open);

/// The fastest that this processor runs; all give the same bits.
ScanTile scanTile();
ScanTile portableScanTile();

} // namespace monotail::detail
