// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_base.h"

#include <QGraphicsLayout>
#include <QLegend>

namespace monotail {

ChartBase::ChartBase() : m_chart(new QChart)
{
    m_scene.setItemIndexMethod(QGraphicsScene::NoIndex);
    m_scene.addItem(m_chart);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setDropShadowEnabled(false);
    m_chart->setBackgroundVisible(false);
    m_chart->setMargins({});
    m_chart->legend()->hide();
}

void ChartBase::place(const QRectF& plot, const QRectF& area)
{
    m_scene.setSceneRect(area);
    m_chart->resize(area.size());
    // QChart::setPlotArea leaves axes where they were, so the plot is placed by margins; what Qt
    // Charts itself keeps free beside axes is found at the first try.
    setMargins(plot, area);
    const QRectF there = m_chart->plotArea();
    if (there == plot)
        return;
    m_own += QMarginsF(there.left() - plot.left(), there.top() - plot.top(),
                       plot.right() - there.right(), plot.bottom() - there.bottom());
    setMargins(plot, area);
}

void ChartBase::setMargins(const QRectF& plot, const QRectF& area)
{
    const QMarginsF around(plot.left(), plot.top(), area.right() - plot.right(),
                           area.bottom() - plot.bottom());
    m_chart->setMargins((around - m_own).toMargins());
    m_chart->layout()->activate(); // now: Qt Charts would do it after the next paint
}

} // namespace monotail
