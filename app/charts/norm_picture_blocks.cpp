// SPDX-License-Identifier: GPL-3.0-or-later
// Of NormPicture: points and blocks on the plot.
#include <algorithm>
#include <cmath>
#include <limits>

#include "charts/norm_picture.h"
#include "charts/plot_drawing.h"

namespace monotail {

namespace {

constexpr std::size_t many = 150;

} // namespace

NormPicture::Span NormPicture::spanOf(const ChartBlock& block) const
{
    const auto begin = static_cast<std::size_t>(block.begin);
    const auto end = static_cast<std::size_t>(block.end);
    Span span;
    if (begin >= end) {
        span.y = std::numeric_limits<double>::quiet_NaN();
        return span;
    }
    span.y = frame().y(block.value);
    if (frame().axis.kind() == XAxis::Position) {
        span.left = frame().x(static_cast<double>(begin));
        span.right = frame().x(static_cast<double>(end));
        return span;
    }
    const SlotAxis& axis = frame().axis;
    std::size_t low = begin, high = begin;
    for (std::size_t slot = begin; slot < end; ++slot) {
        low = axis.centre(slot) < axis.centre(low) ? slot : low;
        high = axis.centre(slot) > axis.centre(high) ? slot : high;
    }
    // A little beyond its points, so that a block of one count is seen, but not into the next.
    constexpr double beyond = 5;
    span.left = std::max(frame().centre(low) - beyond, frame().x(axis.left(low)));
    span.right = std::min(frame().centre(high) + beyond, frame().x(axis.right(high)));
    return span;
}

std::pair<std::size_t, std::size_t> NormPicture::blocksIn(double left, double right) const
{
    const auto& blocks = m_data.blocks;
    if (frame().axis.kind() != XAxis::Position)
        return {0, blocks.size()};
    const double first = frame().placeAt(left), last = frame().placeAt(right);
    const auto begin = std::partition_point(blocks.begin(), blocks.end(), [&](const auto& block) {
        return static_cast<double>(block.end) < first;
    });
    const auto end = std::partition_point(begin, blocks.end(), [&](const auto& block) {
        return static_cast<double>(block.begin) <= last;
    });
    return {static_cast<std::size_t>(begin - blocks.begin()),
            static_cast<std::size_t>(end - blocks.begin())};
}

QPointF NormPicture::pointOf(std::size_t slot) const
{
    double value = valueAt(m_data.before, slot);
    if (!std::isfinite(value))
        value = valueAt(m_data.after, slot);
    return {frame().centre(slot),
            std::isfinite(value) ? frame().y(value) : frame().plot.bottom() - 1};
}

std::optional<std::size_t> NormPicture::pointAt(const QPointF& at, double radius) const
{
    return nearestPoint(frame(), m_data.before, at, radius);
}

std::optional<int> NormPicture::labelAt(const QPointF& at) const
{
    for (const auto& [block, label] : m_values)
        if (label.box.translated(label.at).contains(at))
            return block;
    return std::nullopt;
}

std::optional<int> NormPicture::levelAt(const QPointF& at, double reach) const
{
    if (!frame().plot.contains(at))
        return std::nullopt;
    std::optional<int> found;
    double least = reach;
    const auto [begin, end] = blocksIn(at.x() - 3, at.x() + 3);
    for (std::size_t i = begin; i < end; ++i) {
        if (m_data.blocks[i].begin == m_data.blocks[i].end)
            continue;
        const Span span = spanOf(m_data.blocks[i]);
        const double thin = span.right - span.left < 6 ? 3 : 0;
        const double away = std::abs(at.y() - span.y);
        const double inside = at.x() >= span.left && at.x() < span.right ? 0 : 0.5;
        if (at.x() < span.left - thin || at.x() >= span.right + thin || !(away + inside <= least))
            continue;
        least = away + inside;
        found = static_cast<int>(i);
    }
    return found;
}

std::optional<int> NormPicture::bandAt(const QPointF& at) const
{
    if (!frame().plot.contains(at))
        return std::nullopt;
    const auto [begin, end] = blocksIn(at.x(), at.x());
    for (std::size_t i = begin; i < end; ++i) {
        const Span span = spanOf(m_data.blocks[i]);
        if (isWide(m_data.blocks[i]) && at.x() >= span.left && at.x() < span.right)
            return static_cast<int>(i);
    }
    return std::nullopt;
}

QColor NormPicture::banded(const QColor& colour, std::size_t block) const
{
    const double strength = frame().theme.background.lightness() < 128 ? 2 : 1;
    return mixed(colour, frame().theme.after, (block % 2 == 0 ? 0.085 : 0.135) * strength);
}

void NormPicture::fillBackdrop(ColumnImage& image, const QRectF& exposed) const
{
    const auto [first, last] = blocksIn(exposed.left(), exposed.right());
    for (std::size_t i = first; i < last; ++i) {
        if (!isWide(m_data.blocks[i]))
            continue;
        const Span span = spanOf(m_data.blocks[i]);
        image.setBase(span.left, span.right, banded(frame().theme.background, i));
    }
    if (frame().decades == 0)
        return;
    const auto [begin, end] = frame().between(exposed.left() - frame().slotWidth(),
                                              exposed.right() + frame().slotWidth());
    const double bottom = frame().plot.bottom();
    for (std::size_t slot = begin; slot < end; ++slot) {
        const double y = frame().countY(valueAt(m_data.classes.counts, slot));
        const auto place = static_cast<double>(slot);
        const QRectF strip(QPointF(frame().x(place), y), QPointF(frame().x(place + 1), bottom));
        const QColor& plain = frame().theme.counts;
        const int band = m_bandOf[slot];
        if (y < bottom)
            image.fill(ColumnImage::Depth::Back, strip,
                       band < 0 ? plain : banded(plain, static_cast<std::size_t>(band)));
    }
}

void NormPicture::paintBackdrop(QPainter& painter) const
{
    const QRectF& plot = frame().plot;
    if (frame().decades > 0)
        drawCounts(painter, frame(), m_data.classes.counts);
    const auto [begin, end] = blocksIn(plot.left(), plot.right());
    for (std::size_t i = begin; i < end; ++i) {
        if (!isWide(m_data.blocks[i]))
            continue;
        const Span span = spanOf(m_data.blocks[i]);
        QColor colour = frame().theme.after;
        colour.setAlpha(i % 2 == 0 ? 22 : 34);
        painter.fillRect(
            QRectF(span.left, plot.top(), span.right - span.left, plot.height()) & plot, colour);
    }
}

bool NormPicture::isScattered() const
{
    const auto [first, last] = frame().shown();
    const std::vector<std::size_t>& order = frame().axis.order();
    std::size_t steps = 0, tiedSteps = 0;
    for (std::size_t i = first + 1; i < last; ++i) {
        const double a = valueAt(m_data.after, order[i - 1]), b = valueAt(m_data.after, order[i]);
        if (!(std::abs(a - b) > 1e-9 * std::abs(a)))
            continue;
        ++steps;
        tiedSteps += frame().axis.centre(order[i - 1]) == frame().axis.centre(order[i]) ? 1 : 0;
    }
    // Of classes that share a place a line can only be drawn up and down.
    return (last - first > many && 3 * steps > last - first) || 10 * tiedSteps > last - first;
}

void NormPicture::paintAfter(QPainter& painter, const QRectF& exposed) const
{
    const QColor& colour = frame().theme.after;
    if (isScattered())
        drawPoints(painter, frame(), m_data.after,
                   {Shape::Diamond, colour, {}, pointRadius(frame()) * 0.85}, exposed);
    else
        drawSteps(painter, frame(), m_data.after, colour, 2, exposed);
}

void NormPicture::paintPoints(QPainter& painter, const QRectF& exposed) const
{
    PointStyle style{Shape::Circle, frame().theme.before, {}, pointRadius(frame())};
    if (style.radius > 4)
        style.edge = frame().theme.background;
    drawPoints(painter, frame(), m_data.before, style, exposed);
}

void NormPicture::paintLevel(QPainter& painter, const Span& span) const
{
    const QRectF& plot = frame().plot;
    const double left = std::max(std::floor(span.left), plot.left());
    const double right = std::min(std::max(std::floor(span.right), left + 1), plot.right());
    if (!(span.y >= plot.top() && span.y <= plot.bottom()))
        return;
    const double y = std::floor(span.y);
    // Dashes from the block's own edge: they move with it, and cost no dashed stroke.
    constexpr double dash = 5, space = 3;
    const QColor& colour = frame().theme.after;
    double x =
        span.left + std::max(std::floor((left - span.left) / (dash + space)), 0.0) * (dash + space);
    for (; x < right; x += dash + space) {
        const double from = std::max(std::floor(x), left), to = std::min(x + dash, right);
        if (to > from)
            painter.fillRect(QRectF(QPointF(from, y), QPointF(std::floor(to), y + 1)), colour);
    }
}

void NormPicture::paintValue(QPainter& painter, const Label& label) const
{
    QColor behind = frame().theme.background;
    behind.setAlpha(215);
    painter.setPen(Qt::NoPen);
    painter.setBrush(behind);
    painter.drawRect(label.box.translated(label.at).adjusted(-3, 0, 3, 0));
    drawLabel(painter, label, frame());
}

void NormPicture::paintLevels(QPainter& painter, const QRectF& exposed) const
{
    const auto [begin, end] = blocksIn(exposed.left(), exposed.right());
    for (std::size_t i = begin; i < end; ++i)
        if (!m_stepped[i] && m_data.blocks[i].end > m_data.blocks[i].begin)
            paintLevel(painter, spanOf(m_data.blocks[i]));
}

void NormPicture::paintValues(QPainter& painter, const QRectF& exposed) const
{
    for (const auto& [block, label] : m_values)
        if (label.box.translated(label.at).adjusted(-4, -1, 4, 1).intersects(exposed))
            paintValue(painter, label);
}

} // namespace monotail
