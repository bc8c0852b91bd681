// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "retrain/recipe.h"

namespace monotail {

/// The order in which an epoch meets its samples: as many as there are.
class Sampler
{
public:
    /// `views` of each sample, see TrainingData.
    Sampler(const std::vector<std::int64_t>& labels, std::int64_t classes, Sampling sampling,
            std::int64_t views = 1);

    /// N numbers view * N + sample.
    std::vector<std::int64_t> epoch(Random& random) const;

private:
    std::int64_t drawn(Random& random) const;

    std::int64_t m_samples;
    std::int64_t m_views;
    std::vector<std::vector<std::int64_t>> m_members; ///< of the classes that have any
    std::vector<double> m_upTo; ///< cumulated share of these classes; empty: instance sampling
};

} // namespace monotail
