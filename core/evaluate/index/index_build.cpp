// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/index_build.h"

#include <algorithm>
#include <limits>

#include "base/processor.h"
#include "evaluate/index/lanes.h"

namespace monotail::detail {

namespace {

/// One group of a tile, one row per class so that all samples go side by side.
using GroupValues = float[groupSize][lanes];

struct Largest
{
    float z[3][lanes];
    std::uint8_t at[3][lanes];
};

void store(const Lanes& places, std::uint8_t (&out)[lanes])
{
    for (int lane = 0; lane < lanes; ++lane)
        out[lane] = static_cast<std::uint8_t>(places[lane]);
}

/// The places are carried as floats, so that one mask serves both.
struct FindLargest
{
    [[gnu::always_inline]] static void run(const GroupValues& values, int classes, Largest& out)
    {
        const Lanes none = Lanes{} - std::numeric_limits<float>::infinity();
        Lanes z0 = none, z1 = none, z2 = none, at0{}, at1{}, at2{};
        for (int i = 0; i < classes; ++i) {
            Lanes z;
            std::memcpy(&z, values[i], sizeof(z));
            const Lanes place = Lanes{} + static_cast<float>(i);
            const auto first = z > z0, second = z > z1, third = z > z2;
            z2 = second ? z1 : (third ? z : z2);
            at2 = second ? at1 : (third ? place : at2);
            z1 = first ? z0 : (second ? z : z1);
            at1 = first ? at0 : (second ? place : at1);
            z0 = first ? z : z0;
            at0 = first ? place : at0;
        }
        std::memcpy(out.z[0], &z0, sizeof(z0));
        std::memcpy(out.z[1], &z1, sizeof(z1));
        std::memcpy(out.z[2], &z2, sizeof(z2));
        store(at0, out.at[0]);
        store(at1, out.at[1]);
        store(at2, out.at[2]);
    }
};

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
        runOnProcessor<FindLargest>(values, size, largest);
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
