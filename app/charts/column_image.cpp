// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/column_image.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace monotail {

namespace {

/// Rows drawn at once: as many as stay in the processor's cache.
constexpr int rowsAtOnce = 32;

int pixel(double value)
{
    return static_cast<int>(std::floor(std::clamp(value, -1e6, 1e6)));
}

QRgb over(QRgb below, const QColor& colour)
{
    const int strength = colour.alpha();
    const auto blend = [strength](int from, int to) { return from + (to - from) * strength / 255; };
    return qRgb(blend(qRed(below), colour.red()), blend(qGreen(below), colour.green()),
                blend(qBlue(below), colour.blue()));
}

} // namespace

ColumnImage::ColumnImage(const QRectF& part, double ratio, const QColor& base)
    : m_ratio(ratio), m_left(pixel(part.left() * ratio)), m_top(pixel(part.top() * ratio)),
      m_height(std::max(static_cast<int>(std::ceil(part.bottom() * ratio)) - m_top, 0))
{
    const int right = static_cast<int>(std::ceil(part.right() * ratio));
    const auto width = static_cast<std::size_t>(std::max(right - m_left, 0));
    m_base.assign(width, base.rgb());
    for (Strips* strips : {&m_back, &m_front}) {
        strips->top.assign(width, std::numeric_limits<int>::max());
        strips->bottom.assign(width, std::numeric_limits<int>::min());
        strips->colour.assign(width, base.rgb());
    }
}

std::pair<std::size_t, std::size_t> ColumnImage::columns(double left, double right) const
{
    const int width = static_cast<int>(m_base.size());
    const int first = pixel(left * m_ratio);
    const int last = std::max(pixel(right * m_ratio), first + 1);
    return {static_cast<std::size_t>(std::clamp(first - m_left, 0, width)),
            static_cast<std::size_t>(std::clamp(last - m_left, 0, width))};
}

void ColumnImage::setBase(double left, double right, const QColor& colour)
{
    const auto [first, last] = columns(left, right);
    for (std::size_t i = first; i < last; ++i)
        m_base[i] = colour.rgb();
}

void ColumnImage::fill(Depth depth, const QRectF& strip, const QColor& colour)
{
    Strips& strips = depth == Depth::Back ? m_back : m_front;
    const int top = pixel(strip.top() * m_ratio);
    const int bottom = std::max(pixel(strip.bottom() * m_ratio), top + 1);
    const auto [first, last] = columns(strip.left(), strip.right());
    for (std::size_t i = first; i < last; ++i) {
        strips.top[i] = std::min(strips.top[i], top);
        strips.bottom[i] = std::max(strips.bottom[i], bottom);
        strips.colour[i] = colour.rgb();
    }
}

void ColumnImage::tint(double left, double right, const QColor& colour)
{
    const auto [first, last] = columns(left, right);
    for (std::vector<QRgb>* colours : {&m_base, &m_back.colour, &m_front.colour})
        for (std::size_t i = first; i < last; ++i)
            (*colours)[i] = over((*colours)[i], colour);
}

QRgb ColumnImage::colourAt(std::size_t column, int y) const
{
    for (const Strips* strips : {&m_front, &m_back})
        if (y >= strips->top[column] && y < strips->bottom[column])
            return strips->colour[column];
    return m_base[column];
}

std::vector<std::vector<std::size_t>> ColumnImage::changes() const
{
    std::vector<std::vector<std::size_t>> byRow(static_cast<std::size_t>(m_height));
    for (const Strips* strips : {&m_back, &m_front})
        for (std::size_t column = 0; column < m_base.size(); ++column)
            for (const int y : {strips->top[column], strips->bottom[column]})
                if (y > m_top && y < m_top + m_height)
                    byRow[static_cast<std::size_t>(y - m_top)].push_back(column);
    return byRow;
}

void ColumnImage::draw(QPainter& painter) const
{
    const std::size_t width = m_base.size();
    if (width == 0 || m_height == 0)
        return;
    painter.save();
    painter.scale(1 / m_ratio, 1 / m_ratio);
    // A row is the one above it but for the columns where a strip begins or ends.
    const auto changed = changes();
    std::vector<QRgb> row(width);
    for (std::size_t column = 0; column < width; ++column)
        row[column] = colourAt(column, m_top);
    QImage rows(static_cast<int>(width), rowsAtOnce, QImage::Format_RGB32);
    for (int done = 0; done < m_height; done += rowsAtOnce) {
        const int count = std::min(rowsAtOnce, m_height - done);
        for (int i = 0; i < count; ++i) {
            const int y = done + i;
            for (const std::size_t column : changed[static_cast<std::size_t>(y)])
                row[column] = colourAt(column, m_top + y);
            std::copy(row.begin(), row.end(), reinterpret_cast<QRgb*>(rows.scanLine(i)));
        }
        const QImage part(std::as_const(rows).bits(), rows.width(), count, rows.bytesPerLine(),
                          rows.format());
        painter.drawImage(QPoint(m_left, m_top + done), part);
    }
    painter.restore();
}

} // namespace monotail
