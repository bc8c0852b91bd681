// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_frame.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <limits>

#include "report/axis.h"

namespace monotail {

double PlotFrame::x(double place) const
{
    return plot.left() + (place - first) / (last - first) * plot.width();
}

double PlotFrame::placeAt(double x) const
{
    return first + (x - plot.left()) / std::max(plot.width(), 1.0) * (last - first);
}

double PlotFrame::y(double value) const
{
    return plot.bottom() - (value - values.low) / (values.high - values.low) * plot.height();
}

double PlotFrame::valueAt(double y) const
{
    return values.low +
           (plot.bottom() - y) / std::max(plot.height(), 1.0) * (values.high - values.low);
}

double PlotFrame::countY(double count) const
{
    if (!(count > 1) || decades == 0)
        return plot.bottom();
    const double share = std::min(std::log10(count) / decades, 1.0);
    return plot.bottom() - share * plot.height();
}

std::pair<std::size_t, std::size_t> PlotFrame::between(double left, double right) const
{
    return axis.within(placeAt(left), placeAt(right));
}

std::pair<std::size_t, std::size_t> PlotFrame::shown() const
{
    return axis.within(first, last);
}

double PlotFrame::slotWidth() const
{
    const double wide = axis.slotOf(last) - axis.slotOf(first);
    return wide > 0 ? plot.width() / wide : plot.width();
}

bool PlotFrame::isInside(const QPointF& point) const
{
    return plot.contains(point);
}

ValueRange rangeOf(const std::vector<const std::vector<double>*>& lists)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    ValueRange range{infinity, -infinity};
    for (const std::vector<double>* list : lists) {
        for (const double value : *list) {
            if (!std::isfinite(value))
                continue;
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    }
    return range.low <= range.high ? range : ValueRange{};
}

ValueRange levelled(ValueRange range)
{
    const double size = std::max(std::abs(range.low), std::abs(range.high));
    if (range.high - range.low > 1e-4 * size)
        return range;
    const double slack = size > 0 ? 0.1 * size : 1;
    return {range.low - slack, range.high + slack};
}

void fitValues(PlotFrame& frame, ValueRange range, double space)
{
    const double height = std::max(frame.plot.height(), 1.0);
    space = std::min(space, height / 6);
    const double margin = (range.high - range.low) * space / (height - 2 * space);
    frame.values = {range.low - margin, range.high + margin};
    const double line = QFontMetricsF(frame.font).height();
    const int wanted = std::clamp(static_cast<int>(height / (2.6 * line)), 2, 9);
    // roundTicks covers the range from outside; at least two of them should be within it.
    for (int more = 0; more < 8; ++more) {
        frame.valueTicks.clear();
        for (const double tick : roundTicks(range.low, range.high, wanted + more))
            if (tick >= frame.values.low && tick <= frame.values.high)
                frame.valueTicks.push_back(tick);
        if (frame.valueTicks.size() >= 2)
            break;
    }
}

int decadesFor(const std::vector<double>& counts)
{
    double most = 2;
    for (const double count : counts)
        if (std::isfinite(count))
            most = std::max(most, count);
    return static_cast<int>(std::ceil(std::log10(most) - 1e-9));
}

} // namespace monotail
