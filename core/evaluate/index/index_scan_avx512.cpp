// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/index/index_scan_avx512.h"

#include "base/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace monotail::detail {

#if defined(__x86_64__)

namespace {

// A group's 32 scales lie in two registers: a permutation looks 16 of them up at once.
static_assert(groupSize == 32 && lanes == 16);

/// For the forms with a mask: GCC 12 warns that those without one read uninitialised registers.
constexpr __mmask16 all = 0xffff;

[[gnu::target("avx512f")]] std::size_t scanAvx512(const IndexTile& tile, const ScanTables& tables,
                                                  std::span<const std::uint32_t> groups,
                                                  TileBest& best, OpenGroup* open)
{
    __m512 score = _mm512_load_ps(best.score);
    __m512 bestZ = _mm512_load_ps(best.z);
    __m512i winner = _mm512_load_si512(best.winner);
    for (const std::uint32_t group : groups) {
        const float* scale = tables.scale.data() + group * groupSize;
        const float* bias = tables.bias.data() + group * groupSize;
        const std::int32_t* classOf = tables.classOf.data() + group * groupSize;
        const __m512 z = _mm512_loadu_ps(tile.z[0] + group * lanes);
        const __m512i at = _mm512_maskz_cvtepu8_epi32(
            all, _mm_loadu_si128(reinterpret_cast<const __m128i*>(tile.at[0] + group * lanes)));
        const __m512 s =
            _mm512_permutex2var_ps(_mm512_loadu_ps(scale), at, _mm512_loadu_ps(scale + lanes));
        const __m512 b =
            _mm512_permutex2var_ps(_mm512_loadu_ps(bias), at, _mm512_loadu_ps(bias + lanes));
        const __m512i candidate = _mm512_permutex2var_epi32(_mm512_loadu_si512(classOf), at,
                                                            _mm512_loadu_si512(classOf + lanes));
        const __m512 found = _mm512_add_ps(_mm512_mul_ps(s, z), b);
        const __mmask16 equal = _mm512_cmp_ps_mask(found, score, _CMP_EQ_OQ);
        const __mmask16 better =
            static_cast<__mmask16>(_mm512_cmp_ps_mask(found, score, _CMP_GT_OQ) |
                                   _mm512_mask_cmplt_epi32_mask(equal, candidate, winner));
        score = _mm512_mask_mov_ps(score, better, found);
        bestZ = _mm512_mask_mov_ps(bestZ, better, z);
        winner = _mm512_mask_mov_epi32(winner, better, candidate);
    }
    _mm512_store_ps(best.score, score);
    _mm512_store_ps(best.z, bestZ);
    _mm512_store_si512(best.winner, winner);
    std::size_t count = 0;
    for (const std::uint32_t group : groups) {
        const GroupBound& bound = tables.bounds[group];
        const __m512 z = _mm512_loadu_ps(tile.z[1] + group * lanes);
        const __m512 high = _mm512_mul_ps(_mm512_set1_ps(bound.most), z);
        const __m512 low = _mm512_mul_ps(_mm512_set1_ps(bound.least), z);
        const __m512 most =
            _mm512_add_ps(_mm512_maskz_max_ps(all, high, low), _mm512_set1_ps(bound.bias));
        const __mmask16 mask = _mm512_cmp_ps_mask(most, score, _CMP_GE_OQ);
        open[count] = {group, mask};
        count += mask != 0 ? 1 : 0;
    }
    return count;
}

} // namespace

ScanTile avx512ScanTile()
{
    return processor() == Processor::Avx512 ? scanAvx512 : nullptr;
}

#else

ScanTile avx512ScanTile()
{
    return nullptr;
}

#endif

} // namespace monotail::detail
