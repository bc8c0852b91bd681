// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/charts/chart_events.h"
#include "app/charts/sample_data.h"
#include "charts/chart_probe.h"

namespace monotail {

using Classes = std::vector<std::int64_t>;

/// Ten classes: slot 0 is class 9, slot 9 is class 0.
struct Ten
{
    explicit Ten(std::size_t count = 10)
    {
        chart.resize(900, 400);
        chart.setData(sample::norms(count));
        chart.show();
    }
    const PlotFrame& frame() const { return ChartProbe::frame(chart); }
    /// The middle of a slot, near the top where no points are.
    QPointF over(double slot) const { return {frame().x(slot + 0.5), frame().plot.top() + 3}; }
    double width() const { return chart.shownRange().end - chart.shownRange().begin; }

    NormChart chart;
};

/// The order of SlotChart::zoomActions().
enum ZoomAction { ZoomIn, ZoomOut, All, Back, Forward };

inline bool isEnabled(const SlotChart& chart, ZoomAction action)
{
    return chart.zoomActions().at(action)->isEnabled();
}

} // namespace monotail
