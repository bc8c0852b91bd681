// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace monotail {

/// Where, on the way out from the present value, a sum of shares changes, and by how much.
struct Threshold
{
    double distance; ///< from the present value
    double change;
};

struct Step
{
    double distance = 0;
    double gain = 0; ///< 0: staying is best
};

/// The thresholds on one side of the present value.
class ThresholdSide
{
public:
    void clear();
    void add(const Threshold& threshold);

    /// The middle of the best interval, the nearest of equally good ones; the last one ends at
    /// `end`. No change is smaller than `least`. What was added is used up.
    Step best(double least, double end);

private:
    std::vector<Threshold> m_gains, m_losses;
};

/// Sums of shares are off by less, and a change of one sample is more.
inline constexpr double smallestGain = 1e-9;

} // namespace monotail
