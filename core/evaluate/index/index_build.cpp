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
    std::int32_t at[3][lanes];
};

[[gnu::target_clones("avx512f", "avx2", "default")]] void findLargest(const GroupValues& values,
                                                                      int classes, Largest& out)
{
    std::fill_n(&out.z[0][0], 3 * lanes, -std::numeric_limits<float>::infinity());
    std::fill_n(&out.at[0][0], 3 * lanes, 0);
    for (std::int32_t i = 0; i < classes; ++i)
        for (int lane = 0; lane < lanes; ++lane) {
            const float z = values[i][lane];
            const float z0 = out.z[0][lane], z1 = out.z[1][lane], z2 = out.z[2][lane];
            const std::int32_t at0 = out.at[0][lane], at1 = out.at[1][lane], at2 = out.at[2][lane];
            out.z[0][lane] = z > z0 ? z : z0;
            out.at[0][lane] = z > z0 ? i : at0;
            out.z[1][lane] = z > z0 ? z0 : (z > z1 ? z : z1);
            out.at[1][lane] = z > z0 ? at0 : (z > z1 ? i : at1);
            out.z[2][lane] = z > z1 ? z1 : (z > z2 ? z : z2);
            out.at[2][lane] = z > z1 ? at1 : (z > z2 ? i : at2);
        }
}

} // namespace

void enterSamples(const IndexTile& tile, const float* const (&rows)[lanes], int first, int end,
                  std::int64_t classes)
{
    alignas(64) GroupValues values{};
    Largest largest;
    for (std::int64_t begin = 0, group = 0; begin < classes; begin += groupSize, ++group) {
        const int size = static_cast<int>(std::min<std::int64_t>(groupSize, classes - begin));
        for (int lane = first; lane < end; ++lane)
            for (int i = 0; i < size; ++i)
                values[i][lane] = rows[lane][begin + i];
        findLargest(values, size, largest);
        for (int k = 0; k < 3; ++k) {
            const int from = std::min(k, size - 1);
            for (int lane = first; lane < end; ++lane) {
                tile.z[k][group * lanes + lane] = largest.z[from][lane];
                tile.at[k][group * lanes + lane] =
                    static_cast<std::uint8_t>(largest.at[from][lane]);
            }
        }
    }
}

} // namespace monotail::detail
