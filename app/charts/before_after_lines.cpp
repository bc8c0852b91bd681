// SPDX-License-Identifier: GPL-3.0-or-later
// Of BeforeAfterPicture: what is drawn upright over each class.
#include <algorithm>
#include <cmath>

#include "charts/before_after_picture.h"

namespace monotail {

namespace {

/// The highest and lowest pixel of what stands in one pixel column.
struct Column
{
    int x = -1;
    double top = 0, bottom = 0;
    bool any = false;

    void add(double from, double to)
    {
        top = any ? std::min({top, from, to}) : std::min(from, to);
        bottom = any ? std::max({bottom, from, to}) : std::max(from, to);
        any = true;
    }
};

/// Calls draw(column) for the lines from(slot) to to(slot) of the slots in view, those in one
/// pixel column together. Lines not finite are left out.
template <typename Line, typename Draw>
void perColumn(const PlotFrame& frame, const QRectF& exposed, const Line& line, const Draw& draw)
{
    const auto [begin, end] = frame.between(std::max(exposed.left() - 2, frame.plot.left()),
                                            std::min(exposed.right() + 2, frame.plot.right()));
    Column column;
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t slot = frame.axis.order()[i];
        const auto [from, to] = line(slot);
        if (!std::isfinite(from) || !std::isfinite(to))
            continue;
        const int x = static_cast<int>(std::floor(frame.centre(slot)));
        if (x != column.x && column.any) {
            draw(column);
            column = {};
        }
        column.x = x;
        column.add(std::clamp(from, frame.plot.top(), frame.plot.bottom()),
                   std::clamp(to, frame.plot.top(), frame.plot.bottom()));
    }
    if (column.any)
        draw(column);
}

} // namespace

void BeforeAfterPicture::paintJoins(QPainter& painter, const QRectF& exposed) const
{
    const bool crowded = isCrowded();
    const double width = crowded ? 1 : 3;
    for (const bool up : {true, false}) {
        QColor colour = up ? frame().theme.rise : frame().theme.fall;
        colour.setAlpha(crowded ? 110 : 255);
        const auto line = [&](std::size_t slot) {
            const bool other = (valueAt(m_change, slot) >= 0) != up;
            return std::pair(other ? NAN : frame().y(valueAt(m_data.before, slot)),
                             frame().y(valueAt(m_data.after, slot)));
        };
        perColumn(frame(), exposed, line, [&](const Column& column) {
            const double left = column.x - std::floor(width / 2);
            painter.fillRect(QRectF(left, column.top, width, column.bottom - column.top), colour);
        });
    }
}

void BeforeAfterPicture::paintBars(QPainter& painter, const QRectF& exposed) const
{
    const double slot = frame().axis.kind() == XAxis::Position ? frame().slotWidth() : 4;
    const double width = std::clamp(std::floor(slot * 0.7), 1.0, 40.0);
    const double zero = frame().y(0);
    const QRectF wider = exposed.adjusted(-width, 0, width, 0);
    for (const bool up : {true, false}) {
        const QColor colour = up ? frame().theme.rise : frame().theme.fall;
        const auto line = [&](std::size_t s) {
            const double change = valueAt(m_change, s);
            return std::pair(zero, (change >= 0) == up ? frame().y(change) : NAN);
        };
        perColumn(frame(), wider, line, [&](const Column& column) {
            // No change is a hair on the line, so that it differs from n/a.
            const double height = std::max(column.bottom - column.top, 1.0);
            const QRectF bar(column.x - std::floor(width / 2), column.top, width, height);
            painter.fillRect(bar & frame().plot, colour);
        });
    }
    paintZero(painter);
}

void BeforeAfterPicture::paintZero(QPainter& painter) const
{
    const double y = std::floor(frame().y(0));
    painter.fillRect(QRectF(frame().plot.left(), y, frame().plot.width(), 1), frame().theme.axis);
}

void BeforeAfterPicture::paintWhiskers(QPainter& painter, const QRectF& exposed) const
{
    if (m_data.low.empty() || isCrowded() || frame().slotWidth() < 9)
        return;
    const double cap = std::min(frame().slotWidth() / 4, 5.0);
    const auto line = [&](std::size_t slot) {
        return std::pair(frame().y(valueAt(m_data.low, slot)),
                         frame().y(valueAt(m_data.high, slot)));
    };
    const QColor& colour = frame().theme.quietText;
    perColumn(frame(), exposed.adjusted(-cap, 0, cap, 0), line, [&](const Column& column) {
        const double top = std::floor(column.top), bottom = std::floor(column.bottom);
        painter.fillRect(QRectF(column.x, top, 1, bottom - top), colour);
        for (const double y : {top, bottom})
            painter.fillRect(QRectF(column.x - cap, y, 2 * cap + 1, 1), colour);
    });
}

} // namespace monotail
