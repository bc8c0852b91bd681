// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/slot_chart.h"

#include <QEvent>

#include "charts/chart_probe.h"
#include "charts/figure_font.h"
#include "charts/slot_chart_parts.h"

namespace monotail {

SlotChart::Parts::Parts(SlotChart& owner, std::unique_ptr<SlotPicture> chartPicture)
    : chart(owner), picture(std::move(chartPicture)), overlay(*picture),
      view(new PassiveView(picture->scene(), &owner))
{}

void SlotChart::Parts::applyStyle()
{
    picture->setStyle(themeOf(chart.palette()), chart.font(), Medium::Screen);
    layOut();
}

void SlotChart::Parts::layOut()
{
    picture->setSize(chart.size());
    picture->layOut();
    overlay.layOut();
}

SlotChart::SlotChart(std::unique_ptr<SlotPicture> picture, QWidget* parent)
    : QWidget(parent), m_parts(std::make_unique<Parts>(*this, std::move(picture)))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(260, 140);
    setContextMenuPolicy(Qt::PreventContextMenu); // the right button pans
    setAccessibleDescription(
        tr("Arrow keys move from class to class, with Shift they add to the selection; "
           "plus and minus zoom, Home shows all classes."));
    m_parts->createActions();
    m_parts->applyStyle();
}

SlotChart::~SlotChart()
{
    delete m_parts->view; // before the scene that it shows
}

std::vector<Label> ChartProbe::labels(const SlotChart& chart)
{
    return chart.m_parts->laidOut().allLabels();
}

const PlotFrame& ChartProbe::frame(const SlotChart& chart)
{
    return chart.m_parts->laidOut().frame();
}

QRectF ChartProbe::card(const SlotChart& chart)
{
    return chart.m_parts->overlay.cardRect();
}

SlotPicture& SlotChart::picture() const
{
    return *m_parts->picture;
}

void SlotChart::showClasses(const Slots& classes, XAxis axis)
{
    Parts& parts = *m_parts;
    const bool others = classes.classOf != parts.picture->classes().classOf;
    parts.picture->setClasses(classes, axis);
    if (others) {
        parts.cancelGesture();
        parts.history.clear();
        parts.picked.reset();
        parts.hover(std::nullopt, std::nullopt);
    }
    const SlotAxis& places = parts.picture->frame().axis;
    parts.range = others ? places.all() : places.limited(parts.range);
    parts.picture->setRange(parts.range);
    parts.picture->setSelection(parts.selection);
    parts.layOut();
    if (parts.hovered && parts.hoverText)
        parts.overlay.showCard(*parts.hovered, parts.hoverText(classes.classOf[*parts.hovered]),
                               std::nullopt);
    parts.updateActions();
}

void SlotChart::setSelection(const std::vector<std::int64_t>& classes)
{
    if (classes == m_parts->selection)
        return;
    m_parts->selection = classes;
    m_parts->picture->setSelection(classes);
    if (classes.size() == 1)
        m_parts->picked = m_parts->picture->slotOf(classes.front());
    m_parts->picture->scene().update();
}

const std::vector<std::int64_t>& SlotChart::selection() const
{
    return m_parts->selection;
}

void SlotChart::setHoverText(std::function<QString(std::int64_t)> text)
{
    m_parts->hoverText = std::move(text);
}

SlotPicture& SlotChart::Parts::laidOut()
{
    // A widget that was never shown gets no resize event.
    if (picture->frame().area.size() != QSizeF(chart.size()))
        layOut();
    return *picture;
}

QPointF SlotChart::positionOf(std::int64_t classIndex) const
{
    const PlotFrame& frame = m_parts->laidOut().frame();
    const auto slot = m_parts->picture->slotOf(classIndex);
    if (!slot)
        return {-1, -1};
    const QPointF point = m_parts->picture->pointOf(*slot);
    if (frame.axis.centre(*slot) < frame.first)
        return {-1, point.y()};
    if (frame.axis.centre(*slot) > frame.last)
        return {frame.area.right() + 1, point.y()};
    return point;
}

void SlotChart::drawFigure(QPainter& painter, const QSizeF& size)
{
    const std::unique_ptr<SlotPicture> figure = m_parts->picture->copy();
    figure->setStyle(paperTheme(), figureFont(font(), size), Medium::Figure);
    figure->setSize(size);
    figure->setClasses(m_parts->picture->classes(), m_parts->picture->frame().axis.kind());
    figure->setRange(m_parts->range);
    figure->layOut();
    const QRectF whole(QPointF(), size);
    figure->scene().render(&painter, whole, whole);
}

bool SlotChart::canDrag(const QPointF&) const
{
    return false;
}

void SlotChart::dragStarted(const QPointF&) {}

void SlotChart::dragged(const QPointF&) {}

void SlotChart::dragEnded(DragEnd) {}

bool SlotChart::clicked(const QPointF&, Pick)
{
    return false;
}

void SlotChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange)
        m_parts->applyStyle();
}

void SlotChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_parts->view->setGeometry(rect());
    m_parts->layOut();
}

void SlotChart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    m_parts->overlay.setFocused(true);
}

void SlotChart::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_parts->overlay.setFocused(false);
    if (!underMouse()) // a card that keys have shown
        m_parts->hover(std::nullopt, std::nullopt);
}

void SlotChart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_parts->cancelGesture();
}

void SlotChart::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    m_parts->hover(std::nullopt, std::nullopt);
}

} // namespace monotail
