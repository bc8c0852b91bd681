// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/range_history.h"

namespace monotail {

namespace {

constexpr quint64 together = 700; // milliseconds
constexpr std::size_t most = 200;

} // namespace

void RangeHistory::record(const SlotRange& left, Step step, quint64 time)
{
    const bool joins = step != Step::Single && step == m_last && !m_back.empty() &&
                       m_forward.empty() && time - m_lastTime <= together;
    m_last = step;
    m_lastTime = time;
    if (joins)
        return;
    m_forward.clear();
    m_back.push_back(left);
    if (m_back.size() > most)
        m_back.erase(m_back.begin());
}

std::optional<SlotRange> RangeHistory::goBack(const SlotRange& current)
{
    if (m_back.empty())
        return std::nullopt;
    const SlotRange range = m_back.back();
    m_back.pop_back();
    m_forward.push_back(current);
    m_last = Step::Single;
    return range;
}

std::optional<SlotRange> RangeHistory::goForward(const SlotRange& current)
{
    if (m_forward.empty())
        return std::nullopt;
    const SlotRange range = m_forward.back();
    m_forward.pop_back();
    m_back.push_back(current);
    m_last = Step::Single;
    return range;
}

void RangeHistory::clear()
{
    *this = {};
}

} // namespace monotail
