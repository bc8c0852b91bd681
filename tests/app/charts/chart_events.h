// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QSignalSpy>
#include <QtTest>

#include "charts/slot_chart.h"

/// What a user does to a chart, as events.
namespace monotail::events {

inline void moveTo(QWidget& chart, const QPointF& at, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(QEvent::MouseMove, at, chart.mapToGlobal(at), Qt::NoButton, buttons, {});
    QApplication::sendEvent(&chart, &event);
}

/// Pressed, moved in a few steps and released.
inline void drag(QWidget& chart, const QPointF& from, const QPointF& to,
                 Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers modifiers = {})
{
    QTest::mousePress(&chart, button, modifiers, from.toPoint());
    for (int step = 1; step <= 4; ++step)
        moveTo(chart, from + (to - from) * step / 4, button);
    QTest::mouseRelease(&chart, button, modifiers, to.toPoint());
}

/// `notches` up (in) or down (out) at a time in milliseconds.
inline void wheel(QWidget& chart, const QPointF& at, int notches, quint64 time,
                  Qt::KeyboardModifiers modifiers = {})
{
    QWheelEvent event(at, chart.mapToGlobal(at), {}, QPoint(0, 120 * notches), Qt::NoButton,
                      modifiers, Qt::NoScrollPhase, false);
    event.setTimestamp(time);
    QApplication::sendEvent(&chart, &event);
}

/// The classes of the n-th time something was picked, or of the last.
inline std::vector<std::int64_t> pickedBy(const QSignalSpy& spy, qsizetype n = -1)
{
    const QList<QVariant> arguments = n < 0 ? spy.last() : spy.at(n);
    return arguments.at(0).value<std::vector<std::int64_t>>();
}

inline Pick howPicked(const QSignalSpy& spy)
{
    return spy.last().at(1).value<Pick>();
}

/// The colour of a chart's pixel.
inline QColor colourAt(QWidget& chart, const QPointF& at)
{
    return chart.grab().toImage().pixelColor(at.toPoint());
}

/// Whether a colour is nearly another one.
inline bool isNear(const QColor& a, const QColor& b, int within = 12)
{
    return std::abs(a.red() - b.red()) <= within && std::abs(a.green() - b.green()) <= within &&
           std::abs(a.blue() - b.blue()) <= within;
}

} // namespace monotail::events
