// SPDX-License-Identifier: GPL-3.0-or-later
// Of SlotChart: what stretch of x is shown.
#include <algorithm>
#include <cmath>

#include "charts/slot_chart_parts.h"

namespace monotail {

namespace {

constexpr double keyFactor = 1.5;

QAction* createAction(SlotChart& chart, const QString& text, const QString& what,
                      const QList<QKeySequence>& keys)
{
    auto* action = new QAction(text, &chart);
    action->setShortcuts(keys);
    // Two charts in a window have the same keys: those of the focused one count.
    action->setShortcutContext(Qt::WidgetShortcut);
    action->setToolTip(
        QStringLiteral("%1 (%2)").arg(what, keys.front().toString(QKeySequence::NativeText)));
    action->setEnabled(false);
    chart.addAction(action);
    return action;
}

} // namespace

void SlotChart::Parts::createActions()
{
    zoomIn = createAction(chart, SlotChart::tr("Zoom in"), SlotChart::tr("Show fewer classes"),
                          {Qt::Key_Plus, Qt::Key_Equal});
    zoomOut = createAction(chart, SlotChart::tr("Zoom out"), SlotChart::tr("Show more classes"),
                           {Qt::Key_Minus});
    showAll = createAction(chart, SlotChart::tr("Show all"), SlotChart::tr("Show all classes"),
                           {Qt::Key_Home, Qt::Key_0});
    goBack = createAction(chart, SlotChart::tr("Back"), SlotChart::tr("Show what was shown before"),
                          {Qt::ALT | Qt::Key_Left});
    goForward = createAction(chart, SlotChart::tr("Forward"), SlotChart::tr("Undo going back"),
                             {Qt::ALT | Qt::Key_Right});
    QObject::connect(zoomIn, &QAction::triggered, &chart, [this] { zoomByKey(1 / keyFactor); });
    QObject::connect(zoomOut, &QAction::triggered, &chart, [this] { zoomByKey(keyFactor); });
    QObject::connect(showAll, &QAction::triggered, &chart,
                     [this] { change(picture->frame().axis.all(), RangeHistory::Step::Single); });
    QObject::connect(goBack, &QAction::triggered, &chart,
                     [this] { travel(&RangeHistory::goBack); });
    QObject::connect(goForward, &QAction::triggered, &chart,
                     [this] { travel(&RangeHistory::goForward); });
}

void SlotChart::Parts::updateActions()
{
    const SlotAxis& axis = picture->frame().axis;
    const double wide = axis.placeOf(range.end) - axis.placeOf(range.begin);
    zoomIn->setEnabled(range.end - range.begin > 2 + 1e-6 && wide > axis.narrowest() + 1e-6);
    zoomOut->setEnabled(range != axis.all());
    showAll->setEnabled(range != axis.all());
    goBack->setEnabled(history.canGoBack());
    goForward->setEnabled(history.canGoForward());
}

bool SlotChart::Parts::apply(const SlotRange& wanted)
{
    const SlotRange limited = picture->frame().axis.limited(wanted);
    if (limited == range)
        return false;
    range = limited;
    picture->setRange(range);
    layOut();
    updateActions();
    return true;
}

void SlotChart::Parts::change(const SlotRange& wanted, RangeHistory::Step step, quint64 time)
{
    const SlotRange before = range;
    if (!apply(wanted))
        return;
    history.record(before, step, time);
    updateActions();
    Q_EMIT chart.rangeChanged(range);
}

void SlotChart::Parts::zoomAbout(double place, double factor, RangeHistory::Step step, quint64 time)
{
    const SlotAxis& axis = picture->frame().axis;
    if (picture->isEmpty() || (factor < 1 && !zoomIn->isEnabled()))
        return;
    const double low = axis.placeOf(range.begin), high = axis.placeOf(range.end);
    factor = std::max(factor, axis.narrowest() / (high - low));
    change(
        {axis.slotOf(place + (low - place) * factor), axis.slotOf(place + (high - place) * factor)},
        step, time);
}

void SlotChart::Parts::zoomByKey(double factor)
{
    const PlotFrame& frame = picture->frame();
    double place = (frame.first + frame.last) / 2;
    if (picked && frame.axis.centre(*picked) >= frame.first &&
        frame.axis.centre(*picked) <= frame.last)
        place = frame.axis.centre(*picked);
    zoomAbout(place, factor, RangeHistory::Step::Single);
}

SlotRange SlotChart::Parts::moved(const SlotRange& from, double pixels) const
{
    const SlotAxis& axis = picture->frame().axis;
    double low = axis.placeOf(from.begin), high = axis.placeOf(from.end);
    const double least = axis.placeOf(0), most = axis.placeOf(axis.all().end);
    const double wanted = pixels / std::max(picture->frame().plot.width(), 1.0) * (high - low);
    const double by = std::clamp(wanted, least - low, std::max(most - high, least - low));
    if (by == 0)
        return from;
    return {axis.slotOf(low + by), axis.slotOf(high + by)};
}

void SlotChart::Parts::pan(double pixels, RangeHistory::Step step, quint64 time)
{
    change(moved(range, pixels), step, time);
}

void SlotChart::Parts::travel(std::optional<SlotRange> (RangeHistory::*way)(const SlotRange&))
{
    const auto target = (history.*way)(range);
    if (!target)
        return;
    const bool changed = apply(*target);
    updateActions();
    if (changed)
        Q_EMIT chart.rangeChanged(range);
}

void SlotChart::showRange(SlotRange range)
{
    m_parts->apply(range);
}

SlotRange SlotChart::shownRange() const
{
    return m_parts->range;
}

QList<QAction*> SlotChart::zoomActions() const
{
    return {m_parts->zoomIn, m_parts->zoomOut, m_parts->showAll, m_parts->goBack,
            m_parts->goForward};
}

void SlotChart::wheelEvent(QWheelEvent* event)
{
    Parts& parts = *m_parts;
    event->accept();
    // Touchpads tell pixels, mice eighths of a degree, 120 of them a notch.
    const bool fine = !event->pixelDelta().isNull();
    const QPointF delta = fine ? QPointF(event->pixelDelta()) : QPointF(event->angleDelta()) / 2;
    const bool sideways = std::abs(delta.x()) > std::abs(delta.y());
    if (sideways || (event->modifiers() & Qt::ShiftModifier)) {
        parts.pan(-(sideways ? delta.x() : delta.y()), RangeHistory::Step::WheelPan,
                  event->timestamp());
        return;
    }
    const PlotFrame& frame = parts.picture->frame();
    const double x = std::clamp(event->position().x(), frame.plot.left(), frame.plot.right());
    const double factor = std::exp(-delta.y() / (fine ? 200.0 : 60.0) * std::log(1.25));
    parts.zoomAbout(frame.placeAt(x), factor, RangeHistory::Step::Wheel, event->timestamp());
}

} // namespace monotail
