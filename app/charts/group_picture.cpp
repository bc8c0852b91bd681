// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/group_picture.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QHorizontalBarSeries>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace monotail {

namespace {

bool isNumber(const std::optional<double>& percent)
{
    return percent && std::isfinite(*percent);
}

double barLength(const std::optional<double>& percent)
{
    return isNumber(percent) ? std::clamp(*percent, 0.0, 100.0) : 0;
}

} // namespace

QString verdictText(GroupBar::Verdict verdict)
{
    switch (verdict) {
    case GroupBar::Verdict::Better:
        return GroupChart::tr("better");
    case GroupBar::Verdict::Worse:
        return GroupChart::tr("worse");
    case GroupBar::Verdict::Same:
        return GroupChart::tr("no clear change");
    case GroupBar::Verdict::Unknown:
        break;
    }
    return {};
}

QString percentText(const std::optional<double>& percent)
{
    return isNumber(percent) ? QString::fromStdString(toText(*percent, 1)) : GroupChart::tr("n/a");
}

QString pairText(const std::optional<double>& before, const std::optional<double>& after)
{
    return percentText(before) + QStringLiteral(" \u2192 ") + percentText(after);
}

GroupPicture::GroupPicture()
    : m_series(new QHorizontalBarSeries), m_groupAxis(new QBarCategoryAxis),
      m_percentAxis(new QValueAxis)
{
    QChart& chart = m_base.chart();
    chart.addSeries(m_series);
    chart.addAxis(m_groupAxis, Qt::AlignLeft);
    chart.addAxis(m_percentAxis, Qt::AlignBottom);
    m_series->attachAxis(m_groupAxis);
    m_series->attachAxis(m_percentAxis);
    for (QAbstractAxis* axis :
         {static_cast<QAbstractAxis*>(m_groupAxis), static_cast<QAbstractAxis*>(m_percentAxis)})
        axis->setLabelsVisible(false); // ours instead
    m_groupAxis->setGridLineVisible(false);
    m_percentAxis->setRange(0, 100);
    m_layer =
        new LayerItem(&chart, 20, [this](QPainter& painter, const QRectF&) { paint(painter); });
}

GroupPicture::~GroupPicture() = default;

void GroupPicture::setStyle(const ChartTheme& theme, const QFont& font, Medium medium)
{
    m_frame.theme = theme;
    m_frame.font = font;
    m_frame.medium = medium;
    m_base.scene().setBackgroundBrush(theme.background);
}

void GroupPicture::setData(const GroupChartData& data)
{
    m_marks.clear(); // they point into the data
    const bool sameShape = m_before && m_data.bars.size() == data.bars.size();
    m_data = data;
    if (sameShape) { // while a slider moves; a new series costs more than all else here
        for (std::size_t i = 0; i < data.bars.size(); ++i) {
            const auto at = static_cast<int>(data.bars.size() - 1 - i);
            m_before->replace(at, barLength(data.bars[i].before));
            m_after->replace(at, barLength(data.bars[i].after));
        }
        return;
    }
    m_series->clear();
    // Qt Charts counts groups and bars upwards; the first is to be on top.
    m_after = new QBarSet({});
    m_before = new QBarSet({});
    QStringList groups;
    for (std::size_t i = data.bars.size(); i-- > 0;) {
        *m_before << barLength(data.bars[i].before);
        *m_after << barLength(data.bars[i].after);
        groups << QString::number(i);
    }
    m_series->append(m_after);
    m_series->append(m_before);
    m_groupAxis->setCategories(groups);
}

void GroupPicture::setSize(const QSizeF& size)
{
    m_frame.area = QRectF(QPointF(), size);
}

double GroupPicture::leastHeight() const
{
    const double line = QFontMetricsF(m_frame.font).height();
    const auto rows = static_cast<double>(std::max<std::size_t>(m_data.bars.size(), 1));
    return std::ceil(rows * (2 * line + 6) + 3 * line + 18);
}

double GroupPicture::columnWidth(const std::vector<QString>& texts, double least, double most) const
{
    QFont font = m_frame.font;
    font.setBold(true);
    return std::clamp(longestOf(QFontMetricsF(font), texts) + 18, least, std::max(most, least));
}

double GroupPicture::rowHeight() const
{
    return m_rows.height() / static_cast<double>(std::max<std::size_t>(m_data.bars.size(), 1));
}

void GroupPicture::arrange()
{
    const QFontMetricsF metrics(m_frame.font);
    const double line = metrics.height(), width = m_frame.area.width(), row = rowHeight();
    std::vector<QString> names, changes;
    for (const GroupBar& bar : m_data.bars) {
        names.insert(names.end(), {bar.name, bar.detail});
        changes.insert(changes.end(), {bar.change, verdictText(bar.verdict)});
    }
    m_nameWidth = columnWidth(names, 60, width * 0.3);
    m_changeWidth = columnWidth(changes, 60, width * 0.3);
    const double single = metrics.horizontalAdvance(QStringLiteral("100.0")) + 8;
    const double pair = metrics.horizontalAdvance(pairText(100, 100)) + 8;
    const bool columns = width - m_nameWidth - m_changeWidth - single - 16 >= 160;
    m_arrangement = columns               ? Arrangement::Columns
                    : row >= 4 * line + 6 ? Arrangement::Stacked
                                          : Arrangement::Tight;
    m_barRoom = row - (columns                                 ? 4
                       : m_arrangement == Arrangement::Stacked ? 2 * line + 5
                                                               : line + 4);
    const double right = isPaired() ? pair : single;
    m_frame.plot = m_rows;
    m_frame.plot.setLeft(columns ? std::ceil(m_nameWidth + 8) : 10);
    m_frame.plot.setRight(std::floor(width - right - (columns ? m_changeWidth + 8 : 2)));
    // In tight rows one line of words stands over the bars, which move down for it.
    if (m_arrangement == Arrangement::Tight)
        m_frame.plot.translate(0, std::ceil(line / 2) + 1);
}

bool GroupPicture::isPaired() const
{
    return m_barRoom < 2 * QFontMetricsF(m_frame.font).height();
}

void GroupPicture::layOut()
{
    m_labels.clear();
    m_marks.clear();
    layAround();
    arrange();
    layBars();
    layAxes();
    if (!m_data.bars.empty()) {
        layAxisLabels();
        for (std::size_t i = 0; i < m_data.bars.size(); ++i)
            layRow(i);
    }
    m_layer->setBounds(m_frame.area);
    m_base.scene().update();
}

void GroupPicture::layBars()
{
    const double bars = std::clamp(m_barRoom - 4, 4.0, 44.0); // both of them
    m_series->setBarWidth(std::clamp(bars / rowHeight(), 0.05, 0.95));
    const ChartTheme& theme = m_frame.theme;
    if (!m_before)
        return;
    for (const auto& [set, colour] :
         {std::pair(m_before, theme.before), std::pair(m_after, theme.after)}) {
        set->setPen(QPen(theme.background, 1));
        set->setBrush(colour);
    }
}

void GroupPicture::layAxes()
{
    const bool any = !m_data.bars.empty();
    const QPen line(m_frame.theme.axis, 1);
    m_groupAxis->setLinePen(line);
    m_percentAxis->setLinePen(line);
    m_percentAxis->setGridLinePen(QPen(m_frame.theme.grid, 1));
    // Under each other, words begin where the bars do: a line there would strike through marks.
    m_groupAxis->setVisible(any && m_arrangement == Arrangement::Columns);
    m_percentAxis->setVisible(any);
    const bool fine = m_frame.plot.width() >
                      6 * QFontMetricsF(m_frame.font).horizontalAdvance(QStringLiteral("1000"));
    m_percentAxis->setTickCount(fine ? 6 : 3);
    m_base.place(m_frame.plot, m_frame.area);
}

QRectF GroupPicture::rowRect(std::size_t row) const
{
    const double height = rowHeight();
    return {m_rows.left(), m_rows.top() + static_cast<double>(row) * height, m_rows.width(),
            height};
}

const GroupBar* GroupPicture::barAt(double y) const
{
    for (std::size_t i = 0; i < m_data.bars.size(); ++i)
        if (y >= rowRect(i).top() && y < rowRect(i).bottom())
            return &m_data.bars[i];
    return nullptr;
}

std::vector<Label> GroupPicture::allLabels() const
{
    std::vector<Label> labels = m_labels;
    for (const Legend::Item& item : m_legend.items) {
        labels.push_back(item.label);
        labels.back().at += m_legendAt;
    }
    return labels;
}

} // namespace monotail
