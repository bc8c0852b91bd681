// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace monotail {

/// Keeps the wheel from changing combo boxes, spin boxes and sliders of a panel that the pointer
/// only passes while the panel is scrolled: without the focus they leave it to the panel.
class CalmWheel : public QObject
{
public:
    explicit CalmWheel(QWidget& panel);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace monotail
