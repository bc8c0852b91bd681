// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "evaluate/index/lanes.h"

/// How a ScoreIndex lies in memory. Classes stand at positions, neighbours in the order given;
/// `groupSize` positions are a group. `lanes` samples are a tile, so that one instruction treats
/// the same group of all of them.
namespace monotail::detail {

inline constexpr int groupSize = 32;
inline constexpr std::size_t pageAlignment = 64;

/// Of every group the three largest z of each sample, and where in the group they stand. A group
/// of fewer classes repeats its last one. z1 >= z2 >= z3 >= every other z of the group.
struct IndexTile
{
    float* z[3];         ///< groups x lanes
    std::uint8_t* at[3]; ///< groups x lanes, in [0, groupSize)
};

/// Where the tiles are.
class IndexLayout
{
public:
    IndexLayout() = default;
    IndexLayout(std::int64_t samples, std::int64_t classes)
        : m_groups((classes + groupSize - 1) / groupSize), m_tiles((samples + lanes - 1) / lanes),
          m_stride((slots() * 3 * (sizeof(float) + 1) + pageAlignment - 1) / pageAlignment *
                   pageAlignment)
    {}

    std::int64_t groups() const { return m_groups; }
    std::int64_t tiles() const { return m_tiles; }
    std::size_t bytes() const { return static_cast<std::size_t>(m_tiles) * m_stride; }

    IndexTile tile(std::byte* base, std::int64_t index) const
    {
        std::byte* at = base + static_cast<std::size_t>(index) * m_stride;
        auto* z = reinterpret_cast<float*>(at);
        auto* place = reinterpret_cast<std::uint8_t*>(z + 3 * slots());
        return {{z, z + slots(), z + 2 * slots()}, {place, place + slots(), place + 2 * slots()}};
    }

private:
    std::size_t slots() const { return static_cast<std::size_t>(m_groups) * lanes; }

    std::int64_t m_groups = 0;
    std::int64_t m_tiles = 0;
    std::size_t m_stride = 0;
};

/// One rescaling by position, and what bounds each group: s * z + b of any class of the group with
/// z <= x is at most max(most * x, least * x) + bias, in float32 as in the reals, because rounding
/// keeps order. A group with a negative scale has an infinite bias: nothing is ruled out.
struct GroupBound
{
    float most = 0, least = 0, bias = 0;

    float of(float z) const
    {
        const float high = most * z;
        const float low = least * z;
        return (high > low ? high : low) + bias;
    }
};

struct ScanTables
{
    std::vector<float> scale, bias;    ///< groups * groupSize, 0 beyond the last class
    std::vector<std::int32_t> classOf; ///< groups * groupSize
    std::vector<GroupBound> bounds;    ///< groups
};

} // namespace monotail::detail
