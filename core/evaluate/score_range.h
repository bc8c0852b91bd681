// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "base/matrix.h"
#include "base/workers.h"

namespace monotail {

/// How far the scores of each class reach.
class ScoreRange
{
public:
    explicit ScoreRange(std::int64_t classes) : m_largest(static_cast<std::size_t>(classes), 0.0F)
    {}

    /// Whether all of z (rows x C) is finite; the range is unknown if not.
    bool add(const RowMatrix& z, const Workers& workers);

    /// Whether fl(fl(s * z) + b) stays inside float32, with a thousandth to spare, for every z
    /// added.
    bool holds(const std::vector<float>& scale, const std::vector<float>& bias) const;

private:
    std::vector<float> m_largest; ///< C, largest |z|
};

} // namespace monotail
