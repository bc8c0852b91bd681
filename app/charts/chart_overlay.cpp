// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_overlay.h"

#include <QAbstractTextDocumentLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "charts/plot_drawing.h"

namespace monotail {

namespace {

constexpr double padding = 7;
constexpr double away = 16; // from the class to its card

} // namespace

ChartOverlay::ChartOverlay(SlotPicture& picture) : m_picture(picture)
{
    const auto add = [&](double z, LayerItem::Paint paint) {
        auto* item = new LayerItem(m_picture.root(), layer::overlay + z, std::move(paint));
        item->hide();
        return item;
    };
    m_stretch = add(0, [this](QPainter& painter, const QRectF&) {
        QColor colour = m_picture.frame().theme.selection;
        painter.setPen(colour);
        colour.setAlpha(60);
        painter.setBrush(colour);
        painter.drawRect(m_stretch->boundingRect().adjusted(0.5, 0.5, -0.5, -0.5));
    });
    m_line = add(1, [this](QPainter& painter, const QRectF&) {
        QColor colour = m_picture.frame().theme.text;
        colour.setAlpha(110);
        painter.fillRect(m_line->boundingRect(), colour);
    });
    m_ring = add(2, [this](QPainter& painter, const QRectF&) { paintRing(painter); });
    m_frame = add(3, [this](QPainter& painter, const QRectF&) {
        painter.setPen(QPen(m_picture.frame().theme.selection, 2));
        painter.drawRect(m_picture.frame().area.adjusted(1, 1, -1, -1));
    });
    m_card = add(4, [this](QPainter& painter, const QRectF&) { paintCard(painter); });
    m_document.setDocumentMargin(0);
}

double ChartOverlay::ringRadius() const
{
    return pointRadius(m_picture.frame()) + 4;
}

void ChartOverlay::setHtml(const QString& html)
{
    const PlotFrame& frame = m_picture.frame();
    if (html == m_html && m_font == frame.font && m_laidFor == frame.area.size())
        return;
    m_html = html;
    m_font = frame.font;
    m_laidFor = frame.area.size();
    m_document.setDefaultFont(frame.font);
    m_document.setHtml(html);
    m_document.setTextWidth(-1);
    const double most = std::max(std::min(frame.area.width() * 0.6, 360.0), 80.0);
    m_document.setTextWidth(std::min(std::ceil(m_document.idealWidth()), most));
}

void ChartOverlay::showCard(std::size_t slot, const QString& html,
                            const std::optional<QPointF>& pointer)
{
    const bool same = m_slot == slot && html == m_html;
    m_pointer = pointer;
    if (same && m_card->isVisible() == !html.isEmpty() &&
        !(pointer && m_cardRect.adjusted(-4, -4, 4, 4).contains(*pointer)))
        return;
    m_slot = slot;
    setHtml(html);
    placeCard();
}

void ChartOverlay::placeCard()
{
    const PlotFrame& frame = m_picture.frame();
    m_point = m_picture.pointOf(*m_slot);
    const double radius = ringRadius() + 2;
    m_line->setBounds(QRectF(std::floor(m_point.x()), frame.plot.top(), 1, frame.plot.height()));
    m_ring->setBounds(QRectF(m_point.x() - radius, m_point.y() - radius, 2 * radius, 2 * radius));
    m_line->show();
    m_ring->setVisible(frame.plot.adjusted(-1, -1, 1, 1).contains(m_point));

    const QRectF area = frame.area.adjusted(3, 3, -3, -3);
    const QSizeF size =
        (m_document.size() + QSizeF(2 * padding, 2 * padding)).boundedTo(area.size());
    const double x = m_point.x(), y = std::clamp(m_point.y(), area.top(), area.bottom());
    const double middle = y - size.height() / 2;
    const std::array<QPointF, 8> places{QPointF(x + away, middle),
                                        QPointF(x - away - size.width(), middle),
                                        QPointF(x - size.width() / 2, y - away - size.height()),
                                        QPointF(x - size.width() / 2, y + away),
                                        area.topLeft(),
                                        area.topRight() - QPointF(size.width(), 0),
                                        area.bottomLeft() - QPointF(0, size.height()),
                                        area.bottomRight() - QPointF(size.width(), size.height())};
    // Moved into the picture, then the first that is under neither the class nor the pointer.
    for (const QPointF& place : places) {
        m_cardRect =
            QRectF(QPointF(std::clamp(place.x(), area.left(), area.right() - size.width()),
                           std::clamp(place.y(), area.top(), area.bottom() - size.height())),
                   size);
        const QRectF reach = m_cardRect.adjusted(-4, -4, 4, 4);
        if (!reach.contains(m_point) && !(m_pointer && reach.contains(*m_pointer)))
            break;
    }
    m_card->setBounds(m_cardRect);
    m_card->setVisible(!m_html.isEmpty());
    m_card->update();
}

void ChartOverlay::hideCard()
{
    m_slot.reset();
    m_line->hide();
    m_ring->hide();
    m_card->hide();
    m_cardRect = {};
}

void ChartOverlay::showStretch(double from, double to)
{
    const QRectF& plot = m_picture.frame().plot;
    const double left = std::clamp(std::min(from, to), plot.left(), plot.right());
    const double right = std::clamp(std::max(from, to), plot.left(), plot.right());
    m_stretch->setBounds(QRectF(QPointF(std::floor(left), plot.top()),
                                QPointF(std::ceil(std::max(right, left + 1)), plot.bottom())));
    m_stretch->show();
}

void ChartOverlay::hideStretch()
{
    m_stretch->hide();
}

void ChartOverlay::setFocused(bool focused)
{
    m_frame->setVisible(focused);
}

void ChartOverlay::layOut()
{
    m_frame->setBounds(m_picture.frame().area);
    if (!m_slot || *m_slot >= m_picture.frame().axis.size()) {
        hideCard();
        return;
    }
    const double x = m_picture.frame().centre(*m_slot);
    if (x < m_picture.frame().plot.left() || x > m_picture.frame().plot.right()) {
        hideCard();
        return;
    }
    setHtml(m_html);
    placeCard();
}

void ChartOverlay::paintRing(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    drawShape(painter, {Shape::Ring, m_picture.frame().theme.text, {}, ringRadius()}, m_point);
}

void ChartOverlay::paintCard(QPainter& painter) const
{
    const ChartTheme& theme = m_picture.frame().theme;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.axis, 1));
    painter.setBrush(theme.background);
    painter.drawRoundedRect(m_cardRect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    painter.setClipRect(m_cardRect.adjusted(padding, padding, -padding + 1, -padding + 1));
    painter.translate(m_cardRect.topLeft() + QPointF(padding, padding));
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, theme.text);
    context.palette.setColor(QPalette::Link, theme.before);
    m_document.documentLayout()->draw(&painter, context);
}

} // namespace monotail
