// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/curve_chart.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "charts/chart_probe.h"
#include "charts/curve_picture.h"
#include "charts/figure_font.h"
#include "charts/passive_view.h"

namespace monotail {

namespace {

QString number(double value, int decimals)
{
    return std::isfinite(value) ? QString::fromStdString(toText(value, decimals))
                                : CurveChart::tr("n/a");
}

/// The values at a point of the grid, for tool tips.
QString describedAt(const CurveChartData& data, std::size_t at)
{
    const QString x = at < data.xNames.size() ? data.xNames[at]
                                              : QString::fromStdString(toText(data.xs[at]));
    QStringList lines{QStringLiteral("%1: %2").arg(data.xTitle, x)};
    for (const CurveLine& line : data.lines) {
        if (at >= line.values.size())
            continue;
        const bool percent = data.unit == CurveUnit::Percent;
        const QString words = percent ? CurveChart::tr("%1: %2 %") : CurveChart::tr("%1: %2");
        lines << words.arg(line.name, number(line.values[at], percent ? 1 : 4));
    }
    return lines.join(QLatin1Char('\n'));
}

/// For screen readers: what stands out.
QString described(const CurveChartData& data)
{
    QStringList lines{data.xTitle, data.yTitle};
    for (const CurveLevel& level : data.levels)
        lines << level.label;
    for (const QString& label : {data.nowLabel, data.chosenLabel})
        if (!label.isEmpty())
            lines << label;
    return lines.join(QLatin1Char('\n'));
}

} // namespace

struct CurveChart::Parts
{
    CurvePicture picture;
    PassiveView* view = nullptr; // of the chart
    bool dragging = false;
};

CurveChart::CurveChart(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>())
{
    m_parts->view = new PassiveView(m_parts->picture.scene(), this);
    m_parts->view->viewport()->setCursor(Qt::PointingHandCursor);
    restyle();
}

CurveChart::~CurveChart()
{
    delete m_parts->view; // before the scene that it shows
}

std::vector<Label> ChartProbe::labels(const CurveChart& chart)
{
    return chart.m_parts->picture.allLabels();
}

void CurveChart::layOut()
{
    const double before = m_parts->picture.leastHeight();
    m_parts->picture.setSize(size());
    m_parts->picture.layOut();
    if (m_parts->picture.leastHeight() != before) // the legend has more lines or fewer
        updateGeometry();
}

void CurveChart::restyle()
{
    m_parts->picture.setStyle(themeOf(palette()), font(), Medium::Screen);
    layOut();
    updateGeometry();
}

void CurveChart::setData(const CurveChartData& shown)
{
    if (shown == data())
        return;
    m_parts->picture.setData(shown);
    setAccessibleDescription(described(shown));
    layOut();
}

const CurveChartData& CurveChart::data() const
{
    return m_parts->picture.data();
}

void CurveChart::drawFigure(QPainter& painter, const QSizeF& size)
{
    CurvePicture figure;
    figure.setStyle(paperTheme(), figureFont(font(), size), Medium::Figure);
    figure.setData(data());
    figure.setSize(size);
    figure.layOut();
    const QRectF whole(QPointF(), size);
    figure.scene().render(&painter, whole, whole);
}

double CurveChart::positionOf(double x) const
{
    return m_parts->picture.frame().x(x);
}

QSize CurveChart::minimumSizeHint() const
{
    return {220, static_cast<int>(m_parts->picture.leastHeight())};
}

QSize CurveChart::sizeHint() const
{
    return {360, minimumSizeHint().height()};
}

bool CurveChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_parts || data().isEmpty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const PlotFrame& frame = m_parts->picture.frame();
    const std::vector<double>& xs = data().xs;
    const double x = frame.placeAt(help->pos().x());
    const auto nearest = std::min_element(xs.begin(), xs.end(), [&](double a, double b) {
        return std::abs(a - x) < std::abs(b - x);
    });
    if (frame.isInside(help->pos()))
        QToolTip::showText(help->globalPos(),
                           describedAt(data(), static_cast<std::size_t>(nearest - xs.begin())),
                           this);
    else
        QToolTip::showText(help->globalPos(), toolTip(), this);
    return true;
}

void CurveChart::mousePressEvent(QMouseEvent* event)
{
    const PlotFrame& frame = m_parts->picture.frame();
    const bool inside = frame.plot.adjusted(-4, 0, 4, 0).contains(event->position());
    if (event->button() != Qt::LeftButton || data().isEmpty() || !inside)
        return QWidget::mousePressEvent(event);
    m_parts->dragging = true;
    Q_EMIT dragStarted();
    mouseMoveEvent(event);
}

void CurveChart::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_parts->dragging)
        return;
    const PlotFrame& frame = m_parts->picture.frame();
    Q_EMIT asked(std::clamp(frame.placeAt(event->position().x()), frame.first, frame.last));
}

void CurveChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        endDrag();
}

void CurveChart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    endDrag();
}

void CurveChart::endDrag()
{
    if (std::exchange(m_parts->dragging, false))
        Q_EMIT dragEnded();
}

void CurveChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::FontChange)
        restyle();
}

void CurveChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_parts->view->setGeometry(rect());
    layOut();
}

} // namespace monotail
