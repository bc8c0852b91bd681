// SPDX-License-Identifier: GPL-3.0-or-later
// Of SlotPicture: what stands around the plot.
#include <QPaintDevice>
#include <algorithm>
#include <cmath>

#include "charts/slot_picture.h"

namespace monotail {

void SlotPicture::layMargins()
{
    const QFontMetricsF metrics(m_frame.font);
    const double line = std::ceil(metrics.height());
    const QRectF& area = m_frame.area;
    const SideMargins sides = sideMargins(m_frame.font);
    const bool figure = m_frame.medium == Medium::Figure;
    const double legendLeft = std::min(sides.left, area.width() / 8);
    m_legend = layLegend(legend(), m_frame.font, area.width() - legendLeft - 6);
    m_title = figure ? wrapped(m_text.title, bold(m_frame.font), area.width() - 12) : Paragraph{};
    m_caption = figure ? wrapped(m_text.caption, m_frame.font, area.width() - 12) : Paragraph{};
    // A small chart is better off without a legend than without a plot.
    if (!figure && m_legend.height > area.height() / 4)
        m_legend = {};
    const double right = std::max(area.width() - sides.right, sides.left + 20);
    m_frame.plot = QRectF(QPointF(sides.left, 0), QPointF(right, area.height()));
    m_names = planNames(m_frame, m_longestName, std::max(area.height() * 0.28, line));

    double top = m_title.height > 0 ? m_title.height + 10 : 6;
    if (!figure && m_legend.height > 0) {
        m_legendAt = {legendLeft, 4};
        top = m_legend.height + 8;
    }
    top = std::max(top, line / 2 + 1);
    const bool titled = figure || area.height() > 9 * line;
    double bottom = area.height() - m_names.depth - labelGap - (titled ? line + 6 : 3);
    if (figure) {
        bottom -= m_legend.height + 6 + m_caption.height + 8;
        const double legendY = area.height() - m_caption.height - m_legend.height - 10;
        m_legendAt = {legendLeft, legendY};
    }
    if (!titled)
        m_text.xTitle.clear();
    // Whole pixels, so that lines and areas meet.
    m_frame.plot.setTop(std::ceil(top));
    m_frame.plot.setBottom(std::max(std::floor(bottom), m_frame.plot.top() + 10));
}

Label SlotPicture::sideTitle(const QString& title, double x) const
{
    // Beside the plot's middle; in a low picture it may reach up to the top.
    const QFontMetricsF metrics(m_frame.font);
    const double bottom = m_frame.plot.bottom();
    const double length = std::min(metrics.horizontalAdvance(title), bottom - 4);
    const double y = std::clamp(m_frame.plot.center().y(), length / 2 + 2,
                                std::max(bottom - length / 2, length / 2 + 2));
    return uprightLabel(metrics, title, {x, y}, bottom - 4);
}

void SlotPicture::layLabels()
{
    m_labels.clear();
    m_xLabels = {};
    if (isEmpty()) {
        m_legend = {};
        return;
    }
    const QFontMetricsF metrics(m_frame.font);
    const QRectF& plot = m_frame.plot;
    const QRectF& area = m_frame.area;
    if (m_frame.axis.kind() == XAxis::LogFrequency)
        m_xLabels = frequencyLabels(m_frame);
    else if (m_names.named)
        m_xLabels = nameLabels(m_frame, m_names, m_classes.names);
    else
        m_xLabels = rankLabels(m_frame);
    m_labels = m_xLabels.labels;
    for (const std::vector<Label>& more : {valueLabels(m_frame), countLabels(m_frame)})
        m_labels.insert(m_labels.end(), more.begin(), more.end());
    const double half = metrics.height() / 2;
    m_labels.push_back(sideTitle(m_text.yTitle, half + 2));
    if (m_frame.decades > 0) {
        m_labels.push_back(sideTitle(m_text.countTitle, area.right() - half - 2));
        m_labels.back().tone = Label::Tone::Quiet;
    }
    if (!m_text.xTitle.isEmpty()) {
        const double y = plot.bottom() + labelGap + m_names.depth + 2;
        const double room = 2 * std::min(plot.center().x(), area.right() - plot.center().x()) - 4;
        m_labels.push_back(
            labelled(metrics, m_text.xTitle, {plot.center().x(), y}, Place::Below, room));
    }
}

void SlotPicture::paintTicks(QPainter& painter) const
{
    painter.setPen(QPen(m_frame.theme.axis, 1));
    const double y = m_frame.plot.bottom() + 0.5;
    painter.drawLine(QPointF(m_frame.plot.left(), y), QPointF(m_frame.plot.right(), y));
    for (const double x : m_xLabels.ticks) {
        const double at = std::floor(x) + 0.5;
        painter.drawLine(QPointF(at, m_frame.plot.bottom() + 0.5),
                         QPointF(at, m_frame.plot.bottom() + 4));
    }
}

void SlotPicture::paintSurroundings(QPainter& painter) const
{
    if (isEmpty())
        return;
    paintTicks(painter);
    for (const Label& label : m_labels)
        drawLabel(painter, label, m_frame);
    drawLegend(painter, m_legend, m_legendAt, m_frame);
    drawTitleAndCaption(painter, m_title, m_caption, m_frame);
}

void SlotPicture::paintBehind(QPainter& painter, const QRectF& exposed) const
{
    if (m_frame.medium == Medium::Figure) {
        paintBackdrop(painter);
        return;
    }
    ColumnImage image(exposed, painter.device()->devicePixelRatioF(), m_frame.theme.background);
    fillBackdrop(image, exposed);
    tintSelection(image, exposed);
    image.draw(painter);
}

void SlotPicture::tintSelection(ColumnImage& image, const QRectF& exposed) const
{
    QColor colour = m_frame.theme.selection;
    colour.setAlpha(m_selected.size() <= 60 ? 130 : 55);
    const double low = m_frame.placeAt(exposed.left() - 1);
    const double high = m_frame.placeAt(exposed.right() + 1);
    const auto begin = std::lower_bound(
        m_selected.begin(), m_selected.end(), low,
        [this](std::size_t slot, double place) { return m_frame.axis.centre(slot) < place; });
    double last = -1; // classes in one column tint it once
    for (auto it = begin; it != m_selected.end() && m_frame.axis.centre(*it) <= high; ++it) {
        const double x = std::floor(m_frame.centre(*it));
        if (x > last)
            image.tint(x, x + 1, colour);
        last = x;
    }
}

void SlotPicture::paintSelectionRings(QPainter& painter, const QRectF& exposed) const
{
    const auto inView = [this](std::size_t slot) {
        const double place = m_frame.axis.centre(slot);
        return place >= m_frame.first && place <= m_frame.last;
    };
    const auto marked = std::count_if(m_selected.begin(), m_selected.end(), inView);
    if (marked == 0)
        return;
    PointStyle style{Shape::Ring, m_frame.theme.selection, {}, pointRadius(m_frame) + 2.5};
    if (marked > 300) // rings would cover all: the points themselves stand out
        style = {Shape::Circle, m_frame.theme.text, {}, pointRadius(m_frame)};
    PointPen pen(painter, style, m_frame.medium);
    const double radius = style.radius;
    const QRectF reach = exposed.adjusted(-radius - 2, -radius - 2, radius + 2, radius + 2);
    for (const std::size_t slot : m_selected) {
        if (!inView(slot))
            continue;
        const QPointF at = pointOf(slot);
        if (reach.contains(at) && m_frame.isInside(at))
            pen.draw(at);
    }
}

} // namespace monotail
