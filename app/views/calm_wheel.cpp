// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/calm_wheel.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>

namespace monotail {

CalmWheel::CalmWheel(QWidget& panel) : QObject(&panel)
{
    for (QWidget* widget : panel.findChildren<QWidget*>()) {
        if (!qobject_cast<QComboBox*>(widget) && !qobject_cast<QAbstractSpinBox*>(widget) &&
            !qobject_cast<QAbstractSlider*>(widget))
            continue;
        widget->setFocusPolicy(Qt::StrongFocus); // the wheel does not give it the focus either
        widget->installEventFilter(this);
    }
}

bool CalmWheel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus())
        return false;
    event->ignore(); // goes on to the panel, which scrolls
    return true;
}

} // namespace monotail
