// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/charts/ten_classes.h"

namespace monotail {

/// Ten classes, blocks of 3, 3, 3 and 1.
struct Blocks
{
    Blocks()
    {
        chart.resize(900, 400);
        chart.setData(data);
        chart.show();
    }
    const PlotFrame& frame() const { return ChartProbe::frame(chart); }
    double blockMiddle(std::size_t block) const
    {
        return frame().x(static_cast<double>(data.blocks[block].begin + data.blocks[block].end) /
                         2);
    }
    double levelY(std::size_t block) const { return frame().y(data.blocks[block].value); }
    /// On a block's level, away from points and printed values.
    QPointF onLevel(std::size_t block) const
    {
        return {frame().x(static_cast<double>(data.blocks[block].begin) + 0.05), levelY(block)};
    }

    NormChartData data = sample::norms(10, 3);
    NormChart chart;
};

} // namespace monotail
