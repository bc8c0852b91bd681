// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/group_chart.h"

#include <QHelpEvent>
#include <QToolTip>

#include "charts/chart_probe.h"
#include "charts/figure_font.h"
#include "charts/group_picture.h"
#include "charts/passive_view.h"

namespace monotail {

namespace {

/// All that is known of a pair of bars, for tool tips and screen readers.
QString described(const GroupBar& bar, const GroupChartData& of)
{
    QStringList parts{bar.detail.isEmpty() ? bar.name
                                           : QStringLiteral("%1 (%2)").arg(bar.name, bar.detail)};
    parts << GroupChart::tr("%1: %2 %").arg(of.beforeLabel, percentText(bar.before));
    parts << GroupChart::tr("%1: %2 %").arg(of.afterLabel, percentText(bar.after));
    if (!bar.change.isEmpty())
        parts << GroupChart::tr("change, points, with its 95 % interval: %1").arg(bar.change);
    if (bar.verdict != GroupBar::Verdict::Unknown)
        parts << verdictText(bar.verdict);
    return parts.join(QLatin1Char('\n'));
}

} // namespace

struct GroupChart::Parts
{
    GroupPicture picture;
    PassiveView* view = nullptr; // of the chart
    GroupChartData data;
};

GroupChart::GroupChart(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>())
{
    m_parts->view = new PassiveView(m_parts->picture.scene(), this);
    setAccessibleName(tr("Accuracies before and after, overall and by group"));
    setMinimumWidth(260);
    restyle();
}

GroupChart::~GroupChart()
{
    delete m_parts->view; // before the scene that it shows
}

std::vector<Label> ChartProbe::labels(const GroupChart& chart)
{
    return chart.m_parts->picture.allLabels();
}

void GroupChart::layOut()
{
    m_parts->picture.setSize(size());
    m_parts->picture.layOut();
}

void GroupChart::restyle()
{
    m_parts->picture.setStyle(themeOf(palette()), font(), Medium::Screen);
    layOut();
    updateGeometry();
}

void GroupChart::setData(const GroupChartData& shown)
{
    m_parts->data = shown;
    m_parts->picture.setData(shown);
    layOut();
    QStringList all;
    for (const GroupBar& bar : shown.bars)
        all << described(bar, shown);
    setAccessibleDescription(all.join(QStringLiteral("\n\n")));
    updateGeometry();
}

void GroupChart::drawFigure(QPainter& painter, const QSizeF& size)
{
    GroupPicture figure;
    figure.setStyle(paperTheme(), figureFont(font(), size), Medium::Figure);
    figure.setData(m_parts->data);
    figure.setSize(size);
    figure.layOut();
    const QRectF whole(QPointF(), size);
    figure.scene().render(&painter, whole, whole);
}

QSize GroupChart::minimumSizeHint() const
{
    return {260, static_cast<int>(m_parts->picture.leastHeight())};
}

QSize GroupChart::sizeHint() const
{
    return {420, static_cast<int>(m_parts->picture.leastHeight() * 1.3)};
}

bool GroupChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_parts)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const GroupBar* bar = m_parts->picture.barAt(help->pos().y()))
        QToolTip::showText(help->globalPos(), described(*bar, m_parts->data), this);
    else
        QToolTip::hideText();
    return true;
}

void GroupChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange)
        restyle();
}

void GroupChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_parts->view->setGeometry(rect());
    layOut();
}

} // namespace monotail
