// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/headroom_thresholds.h"

#include <algorithm>
#include <cstddef>

namespace monotail {

void ThresholdSide::clear()
{
    m_gains.clear();
    m_losses.clear();
}

void ThresholdSide::add(const Threshold& threshold)
{
    (threshold.change > 0 ? m_gains : m_losses).push_back(threshold);
}

Step ThresholdSide::best(double least, double end)
{
    const auto nearer = [](const Threshold& a, const Threshold& b) {
        return a.distance < b.distance;
    };
    double most = 0;
    for (const Threshold& gain : m_gains)
        most += gain.change;
    // Beyond so many losses nothing can pay; most classes are rare, so few are left to sort.
    const auto enough = static_cast<std::size_t>(most / least) + 2;
    if (m_losses.size() > enough) {
        std::nth_element(m_losses.begin(), m_losses.begin() + static_cast<std::ptrdiff_t>(enough),
                         m_losses.end(), nearer);
        m_losses.resize(enough + 1);
    }
    m_gains.insert(m_gains.end(), m_losses.begin(), m_losses.end());
    std::sort(m_gains.begin(), m_gains.end(), nearer);
    Step found;
    double sum = 0;
    for (std::size_t k = 0; k < m_gains.size(); ++k) {
        sum += m_gains[k].change;
        const double next = k + 1 < m_gains.size() ? m_gains[k + 1].distance : end;
        if (sum > found.gain + smallestGain && next > m_gains[k].distance)
            found = {(m_gains[k].distance + next) / 2, sum};
    }
    return found;
}

} // namespace monotail
