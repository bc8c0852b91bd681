// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/index_build.h"

#include <algorithm>
#include <limits>

namespace monotail::detail {

namespace {

/// One group of a tile, one row per class so that all samples go side by side.
using GroupValues = float[groupSize][lanes];

struct Largest
{
    float z[3][lanes];
    std::uint8_t at[3][lanes];
};

/// Written for a vector of samples at a time; the places are carried as floats, so that one mask
/// serves both.
[[gnu::target_clones("avx512f", "avx2", "default")]] Largest findLargest(const GroupValues& values,
                                                                         int classes)
{
    alignas(64) float z0[lanes], z1[lanes], z2[lanes], at0[lanes], at1[lanes], at2[lanes];
    for (int lane = 0; lane < lanes; ++lane) {
        z0[lane] = z1[lane] = z2[lane] = -std::numeric_limits<float>::infinity();
        at0[lane] = at1[lane] = at2[lane] = 0;
    }
    for (int i = 0; i < classes; ++i) {
        const auto place = static_cast<float>(i);
        for (int lane = 0; lane < lanes; ++lane) {
            const float z = values[i][lane];
            const bool first = z > z0[lane], second = z > z1[lane], third = z > z2[lane];
            z2[lane] = second ? z1[lane] : (third ? z : z2[lane]);
            at2[lane] = second ? at1[lane] : (third ? place : at2[lane]);
            z1[lane] = first ? z0[lane] : (second ? z : z1[lane]);
            at1[lane] = first ? at0[lane] : (second ? place : at1[lane]);
            z0[lane] = first ? z : z0[lane];
            at0[lane] = first ? place : at0[lane];
        }
    }
    Largest out;
    for (int lane = 0; lane < lanes; ++lane) {
        out.z[0][lane] = z0[lane];
        out.z[1][lane] = z1[lane];
        out.z[2][lane] = z2[lane];
        out.at[0][lane] = static_cast<std::uint8_t>(at0[lane]);
        out.at[1][lane] = static_cast<std::uint8_t>(at1[lane]);
        out.at[2][lane] = static_cast<std::uint8_t>(at2[lane]);
    }
    return out;
}

} // namespace

void enterSamples(const IndexTile& tile, const float* const (&rows)[lanes], int first, int end,
                  std::int64_t classes)
{
    alignas(64) GroupValues values{};
    for (std::int64_t begin = 0, group = 0; begin < classes; begin += groupSize, ++group) {
        const int size = static_cast<int>(std::min<std::int64_t>(groupSize, classes - begin));
        for (int lane = first; lane < end; ++lane)
            for (int i = 0; i < size; ++i)
                values[i][lane] = rows[lane][begin + i];
        const Largest largest = findLargest(values, size);
        for (int k = 0; k < 3; ++k) {
            const int from = std::min(k, size - 1);
            for (int lane = first; lane < end; ++lane) {
                tile.z[k][group * lanes + lane] = largest.z[from][lane];
                tile.at[k][group * lanes + lane] = largest.at[from][lane];
            }
        }
    }
}

} // namespace monotail::detail
