// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/index_scan.h"

#include "evaluate/index/index_scan_avx512.h"

namespace monotail::detail {

namespace {

void betterByFirst(const IndexTile& tile, const ScanTables& tables, std::size_t group,
                   TileBest& best)
{
    const float* z = tile.z[0] + group * lanes;
    const std::uint8_t* at = tile.at[0] + group * lanes;
    const float* scale = tables.scale.data() + group * groupSize;
    const float* bias = tables.bias.data() + group * groupSize;
    const std::int32_t* classOf = tables.classOf.data() + group * groupSize;
    for (int lane = 0; lane < lanes; ++lane) {
        const float score = scale[at[lane]] * z[lane] + bias[at[lane]];
        const std::int32_t candidate = classOf[at[lane]];
        const bool better = score > best.score[lane] ||
                            (score == best.score[lane] && candidate < best.winner[lane]);
        best.score[lane] = better ? score : best.score[lane];
        best.z[lane] = better ? z[lane] : best.z[lane];
        best.winner[lane] = better ? candidate : best.winner[lane];
    }
}

std::uint32_t openLanes(const float* z, const GroupBound& bound, const TileBest& best)
{
    std::uint32_t mask = 0;
    for (int lane = 0; lane < lanes; ++lane)
        mask |= static_cast<std::uint32_t>(bound.of(z[lane]) >= best.score[lane]) << lane;
    return mask;
}

std::size_t scanPortable(const IndexTile& tile, const ScanTables& tables,
                         std::span<const std::uint32_t> groups, TileBest& best, OpenGroup* open)
{
    for (const std::uint32_t group : groups)
        betterByFirst(tile, tables, group, best);
    std::size_t count = 0;
    for (const std::uint32_t group : groups)
        if (const std::uint32_t mask =
                openLanes(tile.z[1] + group * lanes, tables.bounds[group], best))
            open[count++] = {group, static_cast<std::uint16_t>(mask)};
    return count;
}

} // namespace

ScanTile portableScanTile()
{
    return scanPortable;
}

ScanTile scanTile()
{
    static const ScanTile best = avx512ScanTile() ? avx512ScanTile() : scanPortable;
    return best;
}

} // namespace monotail::detail
