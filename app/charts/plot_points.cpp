// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPaintDevice>
#include <algorithm>
#include <cmath>

#include "charts/plot_drawing.h"

namespace monotail {

namespace {

QPolygonF diamond(const QPointF& centre, double radius)
{
    return QPolygonF({centre + QPointF(0, -radius), centre + QPointF(radius, 0),
                      centre + QPointF(0, radius), centre + QPointF(-radius, 0)});
}

} // namespace

void drawShape(QPainter& painter, const PointStyle& style, const QPointF& centre)
{
    const bool ring = style.shape == Shape::Ring;
    painter.setBrush(ring ? QBrush() : QBrush(style.fill));
    if (ring)
        painter.setPen(QPen(style.fill, std::max(1.5, style.radius / 4)));
    else
        painter.setPen(style.edge.isValid() ? QPen(style.edge, 1) : QPen(Qt::NoPen));
    if (style.shape == Shape::Diamond)
        painter.drawPolygon(diamond(centre, style.radius * 1.2));
    else
        painter.drawEllipse(centre, style.radius, style.radius);
}

QImage stamp(const PointStyle& style, double ratio)
{
    // Odd, so that there is a middle pixel.
    const int half = static_cast<int>(std::ceil((style.radius * 1.2 + 1.5) * ratio));
    const int side = 2 * half + 1;
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(half + 0.5, half + 0.5);
    painter.scale(ratio, ratio);
    drawShape(painter, style, {});
    return image;
}

PointPen::PointPen(QPainter& painter, const PointStyle& style, Medium medium)
    : m_painter(painter), m_style(style), m_medium(medium)
{
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    if (medium == Medium::Figure)
        return;
    // Unscaled images at whole pixels are copied, which is many times faster than transformed ones.
    m_ratio = painter.device()->devicePixelRatioF();
    m_stamp = stamp(style, m_ratio);
    m_painter.scale(1 / m_ratio, 1 / m_ratio);
}

PointPen::~PointPen()
{
    m_painter.restore();
}

void PointPen::draw(const QPointF& centre)
{
    if (m_medium == Medium::Figure) {
        drawShape(m_painter, m_style, centre);
        return;
    }
    const int half = m_stamp.width() / 2;
    m_painter.drawImage(QPoint(static_cast<int>(std::floor(centre.x() * m_ratio)) - half,
                               static_cast<int>(std::floor(centre.y() * m_ratio)) - half),
                        m_stamp);
}

double pointRadius(const PlotFrame& frame)
{
    const auto [first, last] = frame.shown();
    const std::size_t shown = last - first;
    const double radius = shown <= 40 ? 5 : shown <= 150 ? 3.5 : shown <= 1500 ? 2.5 : 1.6;
    return frame.medium == Medium::Figure ? radius * 0.65 : radius; // its plot is small
}

void drawPoints(QPainter& painter, const PlotFrame& frame, const std::vector<double>& values,
                const PointStyle& style, const QRectF& exposed)
{
    PointPen pen(painter, style, frame.medium);
    const double reach = style.radius + 2;
    const auto [begin, end] = frame.between(std::max(exposed.left() - reach, frame.plot.left()),
                                            std::min(exposed.right() + reach, frame.plot.right()));
    const double top = exposed.top() - reach, bottom = exposed.bottom() + reach;
    QPoint last(-1, -1);
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t slot = frame.axis.order()[i];
        const double value = valueAt(values, slot);
        if (!std::isfinite(value))
            continue;
        const QPointF centre(frame.centre(slot), frame.y(value));
        const QPoint pixel(static_cast<int>(centre.x()), static_cast<int>(centre.y()));
        // Two points in one pixel look like one, unless they are see-through or shapes.
        if (centre.y() < top || centre.y() > bottom || !frame.isInside(centre) ||
            (pixel == last && frame.medium == Medium::Screen))
            continue;
        last = pixel;
        pen.draw(centre);
    }
}

std::optional<std::size_t> nearestPoint(const PlotFrame& frame, const std::vector<double>& values,
                                        const QPointF& at, double radius)
{
    const auto [begin, end] = frame.between(std::max(at.x() - radius, frame.plot.left()),
                                            std::min(at.x() + radius, frame.plot.right()));
    std::optional<std::size_t> found;
    double least = radius * radius;
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t slot = frame.axis.order()[i];
        const double dx = frame.centre(slot) - at.x();
        const double dy = frame.y(valueAt(values, slot)) - at.y();
        const double distance = dx * dx + dy * dy; // NaN is never nearer
        if (distance <= least) {
            least = distance;
            found = slot;
        }
    }
    return found;
}

} // namespace monotail
