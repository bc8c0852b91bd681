// SPDX-License-Identifier: GPL-3.0-or-later
// Of BeforeAfterPicture: what is drawn upright over each class.
#include <algorithm>
#include <cmath>

#include "charts/before_after_picture.h"

namespace monotail {

template <typename Emit>
void BeforeAfterPicture::eachStrip(const QRectF& exposed, const Emit& emit) const
{
    const bool crowded = isCrowded(), bars = isDifference();
    const bool placed = frame().axis.kind() == XAxis::Position;
    double width = crowded ? 1 : 3;
    if (bars)
        width = std::clamp(std::floor((placed ? frame().slotWidth() : 4) * 0.7), 1.0, 40.0);
    const QRectF& plot = frame().plot;
    const auto [begin, end] = frame().between(std::max(exposed.left() - width, plot.left()),
                                              std::min(exposed.right() + width, plot.right()));
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t slot = frame().axis.order()[i];
        const double change = m_change[slot];
        if (!std::isfinite(change))
            continue;
        const double from = frame().y(bars ? 0 : valueAt(m_data.before, slot));
        const double to = frame().y(bars ? change : valueAt(m_data.after, slot));
        const double left = std::floor(frame().centre(slot)) - std::floor(width / 2);
        const double top = std::clamp(std::min(from, to), plot.top(), plot.bottom());
        const double bottom = std::clamp(std::max(from, to), plot.top(), plot.bottom());
        emit(QRectF(left, top, width, bottom - top) & plot, change >= 0);
    }
}

QColor BeforeAfterPicture::stripColour(bool rises) const
{
    const ChartTheme& theme = frame().theme;
    const QColor& colour = rises ? theme.rise : theme.fall;
    if (isDifference())
        return m_runs.empty() ? colour : mixed(theme.background, colour, 0.25);
    return isCrowded() ? mixed(theme.background, colour, 0.43) : colour;
}

void BeforeAfterPicture::fillBackdrop(ColumnImage& image, const QRectF& exposed) const
{
    if (!stripsBehind())
        return;
    const QColor rise = stripColour(true), fall = stripColour(false);
    using Depth = ColumnImage::Depth;
    eachStrip(exposed, [&](const QRectF& strip, bool rises) {
        // No change is a hair on the line, so that it differs from n/a.
        image.fill(rises ? Depth::Back : Depth::Front, strip, rises ? rise : fall);
    });
}

void BeforeAfterPicture::paintBackdrop(QPainter& painter) const
{
    if (!stripsBehind())
        return;
    eachStrip(frame().plot, [&](const QRectF& strip, bool rises) {
        painter.fillRect(strip, stripColour(rises));
    });
}

void BeforeAfterPicture::paintBars(QPainter& painter, const QRectF& exposed) const
{
    if (m_runs.empty()) {
        eachStrip(exposed, [&](const QRectF& strip, bool rises) {
            painter.fillRect(strip, stripColour(rises));
        });
        return;
    }
    const QRectF& plot = frame().plot;
    const double zero = frame().y(0);
    for (const MeanRun& run : m_runs) {
        if (!std::isfinite(run.change))
            continue;
        const double wide = std::clamp((run.right - run.left) * 0.7, 2.0, 12.0);
        const double left = std::floor(run.x - wide / 2), right = std::floor(run.x + wide / 2);
        const double y = frame().y(run.change);
        const QRectF bar(QPointF(left, std::floor(std::min(y, zero))),
                         QPointF(right, std::max(std::ceil(std::max(y, zero)), zero + 1)));
        painter.fillRect(bar & plot, run.change >= 0 ? frame().theme.rise : frame().theme.fall);
    }
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
    const QRectF& plot = frame().plot;
    const QColor& colour = frame().theme.quietText;
    const auto [begin, end] = frame().between(std::max(exposed.left() - cap, plot.left()),
                                              std::min(exposed.right() + cap, plot.right()));
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t slot = frame().axis.order()[i];
        const double low = frame().y(valueAt(m_data.low, slot));
        const double high = frame().y(valueAt(m_data.high, slot));
        if (!std::isfinite(low) || !std::isfinite(high))
            continue;
        const double x = std::floor(frame().centre(slot));
        const double top = std::floor(std::clamp(high, plot.top(), plot.bottom()));
        const double bottom = std::floor(std::clamp(low, plot.top(), plot.bottom()));
        painter.fillRect(QRectF(x, top, 1, bottom - top), colour);
        for (const double y : {top, bottom})
            painter.fillRect(QRectF(x - cap, y, 2 * cap + 1, 1), colour);
    }
}

} // namespace monotail
