// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/axis_labels.h"
#include "charts/chart_base.h"
#include "charts/group_chart.h"
#include "charts/layer_item.h"
#include "charts/plot_legend.h"

class QBarCategoryAxis;
class QBarSet;
class QHorizontalBarSeries;
class QValueAxis;

namespace monotail {

/// The group chart as a scene: bars and percent axis by Qt Charts, the words around them ours. Wide
/// pictures have names left and changes right of the bars, narrow ones over and under them.
class GroupPicture
{
public:
    GroupPicture();
    ~GroupPicture();
    GroupPicture(const GroupPicture&) = delete;
    GroupPicture& operator=(const GroupPicture&) = delete;

    void setStyle(const ChartTheme& theme, const QFont& font, Medium medium);
    void setData(const GroupChartData& data);
    void setSize(const QSizeF& size);
    void layOut();

    QGraphicsScene& scene() { return m_base.scene(); }
    std::vector<Label> allLabels() const;
    /// The bars at a height.
    const GroupBar* barAt(double y) const;
    /// The least height at which nothing is left out of a narrow picture.
    double leastHeight() const;

private:
    enum class Arrangement { Columns, Stacked, Tight };
    /// Words of a group, with their mark (the group's colour, or the verdict's triangle or dash).
    struct Mark
    {
        QPointF at;
        const GroupBar* bar = nullptr;
        enum class Kind { Group, Verdict } kind = Kind::Group;
    };
    void layAround();
    void arrange();
    /// Values share a line where the bars are too thin for one each.
    bool isPaired() const;
    double rowHeight() const;
    void layAxes();
    void layBars();
    void layAxisLabels();
    void layRow(std::size_t row);
    void layValues(std::size_t row);
    void layColumns(std::size_t row);
    void layStacked(std::size_t row);
    void addWords(const QString& text, const QPointF& left, double room, Label::Tone tone);
    double addVerdict(const GroupBar& bar, const QPointF& left, double room);
    QRectF rowRect(std::size_t row) const;
    double columnWidth(const std::vector<QString>& texts, double least, double most) const;
    void paint(QPainter& painter) const;
    void paintMark(QPainter& painter, const Mark& mark) const;

    ChartBase m_base;
    QHorizontalBarSeries* m_series; // of the chart, as are the axes and sets
    QBarCategoryAxis* m_groupAxis;
    QValueAxis* m_percentAxis;
    QBarSet *m_before = nullptr, *m_after = nullptr;
    LayerItem* m_layer;
    PlotFrame m_frame; // its area, plot, theme, font and medium
    GroupChartData m_data;
    Arrangement m_arrangement = Arrangement::Columns;
    QRectF m_rows;
    double m_nameWidth = 0, m_changeWidth = 0;
    double m_barRoom = 0; // of a row's height, for both bars
    std::vector<Label> m_labels;
    std::vector<Mark> m_marks;
    Legend m_legend;
    QPointF m_legendAt;
    Paragraph m_title, m_caption;
};

/// "better", "worse", "no clear change"; empty for an unknown one.
QString verdictText(GroupBar::Verdict verdict);
/// "68.3", "n/a".
QString percentText(const std::optional<double>& percent);
/// "68.3 → 78.4".
QString pairText(const std::optional<double>& before, const std::optional<double>& after);

} // namespace monotail
