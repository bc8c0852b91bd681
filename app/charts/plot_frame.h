// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QRectF>
#include <utility>
#include <vector>

#include "charts/chart_theme.h"
#include "charts/slot_axis.h"

namespace monotail {

enum class Medium { Screen, Figure };

struct ValueRange
{
    double low = 0;
    double high = 0;

    bool operator==(const ValueRange&) const = default;
};

/// Where everything is: the one place that turns slots, values and counts into pixels.
struct PlotFrame
{
    QRectF area; ///< the whole picture
    QRectF plot; ///< between the axes
    SlotAxis axis;
    double first = 0, last = 1;     ///< places shown
    ValueRange values{0, 1};        ///< at the plot's bottom and top
    std::vector<double> valueTicks; ///< within `values`
    int decades = 0;                ///< counts along the right: from 1 to 10^decades; 0 = none
    ChartTheme theme;
    QFont font;
    Medium medium = Medium::Screen;

    double x(double place) const;
    double placeAt(double x) const;
    double centre(std::size_t slot) const { return x(axis.centre(slot)); }
    double y(double value) const;
    double valueAt(double y) const;
    /// Counts below one are at the bottom: they have no place on a logarithmic axis.
    double countY(double count) const;
    /// Indices into axis.order() with a centre between two x, a little beyond the plot included.
    std::pair<std::size_t, std::size_t> between(double left, double right) const;
    std::pair<std::size_t, std::size_t> shown() const;
    /// Pixels a slot is wide, on average.
    double slotWidth() const;
    bool isInside(const QPointF& point) const;
};

/// The range of the finite numbers of some lists; {0, 0} without any.
ValueRange rangeOf(const std::vector<const std::vector<double>*>& lists);
/// Numbers that differ by rounding alone get a range wide enough to look level.
ValueRange levelled(ValueRange range);
/// Sets values and ticks: `range` with `space` pixels left free above and below.
void fitValues(PlotFrame& frame, ValueRange range, double space);
/// Full decades from 1 that hold the largest count.
int decadesFor(const std::vector<double>& counts);

} // namespace monotail
