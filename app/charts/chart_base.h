// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChart>
#include <QGraphicsScene>
#include <QMarginsF>

namespace monotail {

/// A scene with a plain QChart in it, whose plot can be put where it is wanted: to the pixel and at
/// once.
class ChartBase
{
public:
    ChartBase();
    ChartBase(const ChartBase&) = delete;
    ChartBase& operator=(const ChartBase&) = delete;

    QGraphicsScene& scene() { return m_scene; }
    QChart& chart() { return *m_chart; }
    void place(const QRectF& plot, const QRectF& area);

private:
    void setMargins(const QRectF& plot, const QRectF& area);

    QGraphicsScene m_scene;
    QChart* m_chart; // of the scene
    QMarginsF m_own; // what Qt Charts leaves free beside its axes
};

} // namespace monotail
