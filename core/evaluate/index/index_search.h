// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluate/score_index.h"

namespace monotail::detail {

/// What a ScoreIndex lends to a search.
struct SearchInput
{
    std::int64_t samples;
    const std::vector<std::int32_t>& order; ///< position -> class
    const IndexLayout& layout;
    std::byte* index;
    const float* scores; ///< N x C by position; null if not kept
    const Workers& workers;
};

/// As ScoreIndex::search().
ScaledWinners searchIndex(const SearchInput& input, std::vector<float> scale,
                          std::vector<float> bias, const ScaledWinners* before,
                          const Progress& progress);

} // namespace monotail::detail
