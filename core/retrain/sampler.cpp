// SPDX-License-Identifier: GPL-3.0-or-later
#include "retrain/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace monotail {

namespace {

double shareOf(std::size_t members, Sampling sampling)
{
    return sampling == Sampling::SquareRoot ? std::sqrt(static_cast<double>(members)) : 1;
}

} // namespace

Sampler::Sampler(const std::vector<std::int64_t>& labels, std::int64_t classes, Sampling sampling,
                 std::int64_t views)
    : m_samples(static_cast<std::int64_t>(labels.size())), m_views(views)
{
    if (sampling == Sampling::Instance)
        return;
    m_members.resize(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < labels.size(); ++i)
        m_members[static_cast<std::size_t>(labels[i])].push_back(static_cast<std::int64_t>(i));
    std::erase_if(m_members, [](const auto& members) { return members.empty(); });
    double sum = 0;
    for (const auto& members : m_members)
        m_upTo.push_back(sum += shareOf(members.size(), sampling));
    for (double& upTo : m_upTo)
        upTo /= sum;
}

std::int64_t Sampler::drawn(Random& random) const
{
    const auto found = std::upper_bound(m_upTo.begin(), m_upTo.end() - 1, random.uniform());
    const auto& members = m_members[static_cast<std::size_t>(found - m_upTo.begin())];
    return members[random.below(members.size())];
}

std::vector<std::int64_t> Sampler::epoch(Random& random) const
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(m_samples));
    if (m_upTo.empty()) {
        std::iota(order.begin(), order.end(), std::int64_t{0});
        random.shuffle(order);
    } else {
        for (std::int64_t& sample : order)
            sample = drawn(random);
    }
    if (m_views > 1)
        for (std::int64_t& sample : order)
            sample += m_samples *
                      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(m_views)));
    return order;
}

} // namespace monotail
