// SPDX-License-Identifier: GPL-3.0-or-later
// Of SlotChart: mouse and keys.
#include <QHoverEvent>
#include <algorithm>
#include <cmath>

#include "charts/slot_chart_parts.h"

namespace monotail {

namespace {

/// Pixels: a pointer that moved less has clicked, one that is as near to a point means it.
constexpr double clickMoves = 4;
constexpr double pointReach = 8;

Pick pickOf(Qt::KeyboardModifiers modifiers)
{
    if (modifiers & Qt::ControlModifier)
        return Pick::Toggle;
    return modifiers & Qt::ShiftModifier ? Pick::Add : Pick::Replace;
}

} // namespace

std::optional<std::size_t> SlotChart::Parts::slotUnder(const QPointF& at) const
{
    if (!picture->frame().plot.adjusted(-3, -3, 3, 3).contains(at))
        return std::nullopt;
    const auto near = picture->pointAt(at, pointReach);
    return near ? near : picture->slotAt(at);
}

void SlotChart::Parts::hover(std::optional<std::size_t> slot, const std::optional<QPointF>& pointer)
{
    if (slot)
        overlay.showCard(
            *slot, hoverText ? hoverText(picture->classes().classOf[*slot]) : QString(), pointer);
    else
        overlay.hideCard();
    if (slot == hovered)
        return;
    hovered = slot;
    Q_EMIT chart.hovered(slot ? picture->classes().classOf[*slot] : -1);
}

void SlotChart::Parts::hoverAt(const QPointF& at)
{
    hover(slotUnder(at), at);
    chart.setCursor(chart.canDrag(at) ? Qt::SizeVerCursor : Qt::ArrowCursor);
}

void SlotChart::Parts::pickSlots(std::size_t from, std::size_t to, Pick how)
{
    const auto& classOf = picture->classes().classOf;
    const auto begin = classOf.begin() + static_cast<std::ptrdiff_t>(std::min(from, to));
    const auto end = classOf.begin() + static_cast<std::ptrdiff_t>(std::max(from, to)) + 1;
    Q_EMIT chart.picked({begin, end}, how);
}

void SlotChart::Parts::click(const QPointF& at, Qt::KeyboardModifiers modifiers)
{
    const Pick how = pickOf(modifiers);
    if (picture->isEmpty())
        return;
    const auto near = picture->pointAt(at, pointReach);
    if (!near && chart.clicked(at, how))
        return;
    const auto slot = near ? near : picture->slotAt(at);
    if (!slot) {
        if (how == Pick::Replace)
            Q_EMIT chart.picked({}, Pick::Replace);
        return;
    }
    const std::size_t from = how == Pick::Add ? picked.value_or(*slot) : *slot;
    picked = slot;
    pickSlots(from, *slot, how);
}

void SlotChart::Parts::pickStretch(double fromX, double toX, Qt::KeyboardModifiers modifiers)
{
    const PlotFrame& frame = picture->frame();
    const double left = std::clamp(std::min(fromX, toX), frame.plot.left(), frame.plot.right());
    const double right = std::clamp(std::max(fromX, toX), frame.plot.left(), frame.plot.right());
    double low = frame.placeAt(left), high = frame.placeAt(right);
    if (frame.axis.kind() == XAxis::Position) { // every slot that is touched
        low = std::floor(low);
        high = std::ceil(high);
    }
    const auto [begin, end] = frame.axis.within(low, high);
    std::vector<std::size_t> touched(frame.axis.order().begin() +
                                         static_cast<std::ptrdiff_t>(begin),
                                     frame.axis.order().begin() + static_cast<std::ptrdiff_t>(end));
    if (touched.empty())
        return;
    std::sort(touched.begin(), touched.end());
    picked = touched.back();
    std::vector<std::int64_t> classes;
    classes.reserve(touched.size());
    for (const std::size_t slot : touched)
        classes.push_back(picture->classes().classOf[slot]);
    Q_EMIT chart.picked(classes, pickOf(modifiers));
}

void SlotChart::Parts::panTo(const QPointF& at)
{
    const SlotRange target = moved(rangeAtPress, pressedAt.x() - at.x());
    if (gesture != Gesture::Pan) {
        gesture = Gesture::Pan;
        chart.setCursor(Qt::ClosedHandCursor);
        change(target, RangeHistory::Step::Single); // the whole drag is one entry
    } else if (apply(target)) {
        Q_EMIT chart.rangeChanged(range);
    }
}

void SlotChart::Parts::cancelGesture()
{
    overlay.hideStretch();
    const bool dragging = gesture == Gesture::Drag;
    if (gesture != Gesture::None)
        gesture = Gesture::Over;
    if (dragging)
        chart.dragEnded(DragEnd::Cancelled);
}

void SlotChart::Parts::step(int by, Pick how, quint64 time)
{
    if (picture->isEmpty())
        return;
    const PlotFrame& frame = picture->frame();
    const auto [first, last] = frame.shown();
    const auto count = static_cast<std::ptrdiff_t>(frame.axis.size());
    std::size_t slot =
        frame.axis.order()[by > 0 || last == 0 ? std::min(first, frame.axis.size() - 1) : last - 1];
    if (picked)
        slot = static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(*picked) + by, 0, count - 1));
    picked = slot;
    // Into view, with half a slot to spare.
    const double centre = frame.axis.centre(slot);
    const double pixels = frame.x(centre);
    const double spare = std::min(frame.slotWidth(), frame.plot.width() / 4) / 2 + 1;
    if (pixels < frame.plot.left() + spare)
        pan(pixels - frame.plot.left() - spare, RangeHistory::Step::Keys, time);
    else if (pixels > frame.plot.right() - spare)
        pan(pixels - frame.plot.right() + spare, RangeHistory::Step::Keys, time);
    pickSlots(slot, slot, how);
    hover(slot, std::nullopt);
}

bool SlotChart::Parts::pressKey(const QKeyEvent& event)
{
    const Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::KeypadModifier;
    const Pick how = modifiers & Qt::ShiftModifier ? Pick::Add : Pick::Replace;
    const bool alt = modifiers & Qt::AltModifier;
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (alt)
            (event.key() == Qt::Key_Left ? goBack : goForward)->trigger();
        else
            step(event.key() == Qt::Key_Left ? -1 : 1, how, event.timestamp());
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn->trigger();
        return true;
    case Qt::Key_Minus:
        zoomOut->trigger();
        return true;
    case Qt::Key_Home:
    case Qt::Key_0:
        showAll->trigger();
        return true;
    case Qt::Key_A:
        if (!(modifiers & Qt::ControlModifier) || picture->isEmpty())
            return false;
        pickSlots(0, picture->classes().classOf.size() - 1, Pick::Replace);
        return true;
    case Qt::Key_Escape:
        if (gesture == Gesture::Drag || gesture == Gesture::Stretch)
            cancelGesture();
        else
            Q_EMIT chart.picked({}, Pick::Replace);
        return true;
    default:
        return false;
    }
}

bool SlotChart::event(QEvent* event)
{
    // Escape during a drag is the drag's, though a window may have a shortcut for it.
    if (event->type() == QEvent::ShortcutOverride && m_parts && m_parts->gesture != Gesture::None &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
        event->accept();
    return QWidget::event(event);
}

void SlotChart::keyPressEvent(QKeyEvent* event)
{
    if (!m_parts->pressKey(*event))
        QWidget::keyPressEvent(event);
}

void SlotChart::mousePressEvent(QMouseEvent* event)
{
    Parts& parts = *m_parts;
    if (parts.gesture != Gesture::None && parts.gesture != Gesture::Over)
        return; // a second button
    parts.pressedAt = event->position();
    parts.rangeAtPress = parts.range;
    parts.selectionAtPress = parts.selection;
    parts.pickedAtPress = parts.picked;
    parts.gesture = Gesture::Pressed;
    parts.drags = event->button() == Qt::LeftButton && canDrag(event->position());
}

void SlotChart::mouseMoveEvent(QMouseEvent* event)
{
    Parts& parts = *m_parts;
    const QPointF at = event->position();
    const QPointF way = at - parts.pressedAt;
    if (parts.gesture == Gesture::None) {
        parts.hoverAt(at);
        return;
    }
    if (parts.gesture == Gesture::Pressed) {
        if (std::hypot(way.x(), way.y()) < clickMoves)
            return;
        parts.hover(std::nullopt, std::nullopt);
        if (!(event->buttons() & Qt::LeftButton)) {
            parts.panTo(at);
            return;
        }
        parts.gesture = parts.drags ? Gesture::Drag : Gesture::Stretch;
        if (parts.drags)
            dragStarted(parts.pressedAt);
    }
    if (parts.gesture == Gesture::Drag)
        dragged(at);
    else if (parts.gesture == Gesture::Stretch)
        parts.overlay.showStretch(parts.pressedAt.x(), at.x());
    else if (parts.gesture == Gesture::Pan)
        parts.panTo(at);
}

void SlotChart::mouseReleaseEvent(QMouseEvent* event)
{
    Parts& parts = *m_parts;
    if (event->buttons() != Qt::NoButton)
        return; // another button is still down
    const Gesture gesture = parts.gesture;
    parts.gesture = Gesture::None;
    parts.overlay.hideStretch();
    unsetCursor();
    if (gesture == Gesture::Pressed && event->button() == Qt::LeftButton)
        parts.click(event->position(), event->modifiers());
    else if (gesture == Gesture::Stretch)
        parts.pickStretch(parts.pressedAt.x(), event->position().x(), event->modifiers());
    else if (gesture == Gesture::Drag)
        dragEnded(DragEnd::Dropped);
}

void SlotChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_parts->gesture = Gesture::Over; // its release is no second click
    if (event->button() != Qt::LeftButton)
        return;
    // Its first click has picked something.
    if (m_parts->selection != m_parts->selectionAtPress) {
        m_parts->picked = m_parts->pickedAtPress;
        Q_EMIT picked(std::vector<std::int64_t>(m_parts->selectionAtPress), Pick::Replace);
    }
    m_parts->showAll->trigger();
}

} // namespace monotail
