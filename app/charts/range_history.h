// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>
#include <optional>
#include <vector>

#include "charts/slot_chart.h"

namespace monotail {

/// The stretches of x that were shown before, as a browser has its pages.
class RangeHistory
{
public:
    /// Steps of one kind that follow each other quickly are one entry.
    enum class Step { Single, Wheel, WheelPan, Keys };

    /// `left` is about to be replaced; `time` in milliseconds.
    void record(const SlotRange& left, Step step, quint64 time);
    bool canGoBack() const { return !m_back.empty(); }
    bool canGoForward() const { return !m_forward.empty(); }
    /// What to show instead of `current`.
    std::optional<SlotRange> goBack(const SlotRange& current);
    std::optional<SlotRange> goForward(const SlotRange& current);
    void clear();

private:
    std::vector<SlotRange> m_back, m_forward;
    Step m_last = Step::Single;
    quint64 m_lastTime = 0;
};

} // namespace monotail
