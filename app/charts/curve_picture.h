// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/axis_labels.h"
#include "charts/chart_base.h"
#include "charts/curve_chart.h"
#include "charts/layer_item.h"
#include "charts/plot_legend.h"

class QValueAxis;

namespace monotail {

/// The curve chart as a scene: grid and axes by Qt Charts, lines, marks and words ours.
class CurvePicture
{
public:
    CurvePicture();
    CurvePicture(const CurvePicture&) = delete;
    CurvePicture& operator=(const CurvePicture&) = delete;

    void setStyle(const ChartTheme& theme, const QFont& font, Medium medium);
    void setData(const CurveChartData& data) { m_data = data; }
    void setSize(const QSizeF& size) { m_frame.area = QRectF(QPointF(), size); }
    void layOut();

    QGraphicsScene& scene() { return m_base.scene(); }
    const PlotFrame& frame() const { return m_frame; }
    const CurveChartData& data() const { return m_data; }
    std::vector<Label> allLabels() const;
    /// What words need, and room for a curve.
    double leastHeight() const;

private:
    void layAround();
    void layScales();
    void layLabels();
    void layTickLabels(const QFontMetricsF& metrics);
    void layLevelMarks(const QFontMetricsF& metrics);
    QColor colourOf(CurveLine::Kind kind) const;
    std::vector<LegendEntry> legend() const;
    void paint(QPainter& painter) const;
    void paintLine(QPainter& painter, const CurveLine& line) const;
    void paintMarks(QPainter& painter) const;
    void paintWords(QPainter& painter) const;

    /// What Qt Charts was told last.
    struct LaidAxes
    {
        ValueRange values;
        double first = 0, last = 0;
        QRectF plot, area;
        bool empty = true;
        QColor axis, grid;

        bool operator==(const LaidAxes&) const = default;
    };
    void layAxes();

    ChartBase m_base;
    LaidAxes m_laid;
    QValueAxis* m_xAxis; // of the chart, as is the other
    QValueAxis* m_yAxis;
    LayerItem* m_layer;
    PlotFrame m_frame; // first and last are the ends of x
    std::vector<double> m_xTicks;
    CurveChartData m_data;
    std::vector<Label> m_labels;
    Legend m_legend;
    QPointF m_legendAt;
    Paragraph m_title, m_caption;
};

} // namespace monotail
