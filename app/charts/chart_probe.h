// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/axis_labels.h"
#include "charts/curve_chart.h"
#include "charts/group_chart.h"
#include "charts/slot_chart.h"

namespace monotail {

/// What tests look at inside charts: where things were laid out.
struct ChartProbe
{
    static std::vector<Label> labels(const SlotChart& chart);
    static std::vector<Label> labels(const GroupChart& chart);
    static std::vector<Label> labels(const CurveChart& chart);
    static const PlotFrame& frame(const SlotChart& chart);
    /// Empty when no hover card is shown.
    static QRectF card(const SlotChart& chart);
};

} // namespace monotail
