// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/score_range.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>

#include "base/processor.h"

namespace monotail {

namespace {

constexpr float mostFloat = std::numeric_limits<float>::max();
constexpr Eigen::Index rowsAtOnce = 256;

/// Raises `largest` (`classes` values) to the row's |z|. Returns whether all of it is finite.
struct EnterRow
{
    [[gnu::always_inline]] static bool run(const float* z, Eigen::Index classes,
                                           float* __restrict largest)
    {
        std::int32_t infinite = 0;
        for (Eigen::Index c = 0; c < classes; ++c) {
            const float size = std::abs(z[c]);
            infinite |= size <= mostFloat ? 0 : 1;
            largest[c] = size > largest[c] ? size : largest[c];
        }
        return infinite == 0;
    }
};

} // namespace

bool ScoreRange::add(const RowMatrix& z, const Workers& workers)
{
    std::atomic<bool> finite = true;
    std::mutex mutex;
    workers.run((z.rows() + rowsAtOnce - 1) / rowsAtOnce, [&](std::int64_t chunk) {
        std::vector<float> largest(m_largest.size(), 0.0F);
        bool good = true;
        const Eigen::Index end = std::min(z.rows(), (chunk + 1) * rowsAtOnce);
        for (Eigen::Index row = chunk * rowsAtOnce; row < end; ++row)
            good = runOnProcessor<EnterRow>(z.row(row).data(), z.cols(), largest.data()) && good;
        const std::lock_guard lock(mutex);
        finite = finite && good;
        std::transform(largest.begin(), largest.end(), m_largest.begin(), m_largest.begin(),
                       [](float a, float b) { return std::max(a, b); });
    });
    return finite;
}

bool ScoreRange::holds(const std::vector<float>& scale, const std::vector<float>& bias) const
{
    for (std::size_t c = 0; c < m_largest.size(); ++c) {
        const double reach =
            std::abs(static_cast<double>(scale[c])) * static_cast<double>(m_largest[c]) +
            std::abs(static_cast<double>(bias[c]));
        if (!(reach < 0.999 * static_cast<double>(mostFloat)))
            return false;
    }
    return true;
}

} // namespace monotail
