// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/curve_picture.h"

#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "charts/plot_drawing.h"
#include "report/axis.h"

namespace monotail {

namespace {

constexpr double edge = 8; // pixels between values and the plot's top and bottom

void setTicks(QValueAxis& axis, double low, double high, const std::vector<double>& ticks)
{
    axis.setRange(low, high);
    if (ticks.size() < 2)
        return;
    axis.setTickAnchor(ticks.front());
    axis.setTickInterval(ticks[1] - ticks[0]);
}

} // namespace

CurvePicture::CurvePicture() : m_xAxis(new QValueAxis), m_yAxis(new QValueAxis)
{
    QChart& chart = m_base.chart();
    chart.addAxis(m_xAxis, Qt::AlignBottom);
    chart.addAxis(m_yAxis, Qt::AlignLeft);
    for (QValueAxis* axis : {m_xAxis, m_yAxis}) {
        axis->setLabelsVisible(false); // ours instead
        axis->setTickType(QValueAxis::TicksDynamic);
    }
    m_xAxis->setGridLineVisible(false);
    m_layer =
        new LayerItem(&chart, 20, [this](QPainter& painter, const QRectF&) { paint(painter); });
}

void CurvePicture::setStyle(const ChartTheme& theme, const QFont& font, Medium medium)
{
    m_frame.theme = theme;
    m_frame.font = font;
    m_frame.medium = medium;
    m_base.scene().setBackgroundBrush(theme.background);
}

QColor CurvePicture::colourOf(CurveLine::Kind kind) const
{
    switch (kind) {
    case CurveLine::Kind::Many:
        return m_frame.theme.many;
    case CurveLine::Kind::Medium:
        return m_frame.theme.medium;
    case CurveLine::Kind::Few:
        return m_frame.theme.few;
    case CurveLine::Kind::Second:
        return m_frame.theme.before;
    case CurveLine::Kind::Main:
        break;
    }
    return m_frame.theme.after;
}

std::vector<LegendEntry> CurvePicture::legend() const
{
    using Mark = LegendEntry::Mark;
    std::vector<LegendEntry> entries;
    for (const CurveLine& line : m_data.lines)
        if (m_data.lines.size() > 1) // a single one is what the axis says
            entries.push_back({Mark::Line, colourOf(line.kind), line.name, {}});
    for (const CurveLevel& level : m_data.levels)
        entries.push_back({Mark::Dashes, m_frame.theme.text, level.label, {}});
    if (m_data.now)
        entries.push_back({Mark::Circle, m_frame.theme.after, m_data.nowLabel, {}});
    if (!m_data.chosen.empty())
        entries.push_back({Mark::Diamond, m_frame.theme.before, m_data.chosenLabel, {}});
    return entries;
}

void CurvePicture::layAround()
{
    const QRectF& area = m_frame.area;
    const QFontMetricsF metrics(m_frame.font);
    const bool figure = m_frame.medium == Medium::Figure;
    m_legend = layLegend(legend(), m_frame.font, area.width() - 16);
    m_title = figure ? wrapped(m_data.title, bold(m_frame.font), area.width() - 12) : Paragraph{};
    m_caption = figure ? wrapped(m_data.caption, m_frame.font, area.width() - 12) : Paragraph{};
    double top = (figure ? m_title.height + 6 : m_legend.height) + 8;
    double bottom = area.height() - 2 * std::ceil(metrics.height()) - labelGap - 6;
    m_legendAt = {8, 4};
    if (figure) {
        m_legendAt = {8, area.height() - m_caption.height - m_legend.height - 10};
        bottom -= m_legend.height + m_caption.height + 14;
    }
    top += std::ceil(metrics.height()); // the value axis's title
    const double left = metrics.horizontalAdvance(QStringLiteral("100.00")) + 12;
    m_frame.plot = QRectF(QPointF(std::ceil(left), std::ceil(top)),
                          QPointF(area.right() - 14, std::max(std::floor(bottom), top + 20)));
}

void CurvePicture::layScales()
{
    std::vector<double> marks;
    for (const QPointF& point : m_data.chosen)
        marks.push_back(point.y());
    if (m_data.now)
        marks.push_back(m_data.now->y());
    for (const CurveLevel& level : m_data.levels)
        marks.push_back(level.value);
    std::vector<const std::vector<double>*> lists{&marks};
    for (const CurveLine& line : m_data.lines)
        lists.push_back(&line.values);
    fitValues(m_frame, levelled(rangeOf(lists)), edge);
    m_frame.first = m_data.xs.empty() ? 0 : m_data.xs.front();
    m_frame.last = m_data.xs.empty() ? 1 : m_data.xs.back();
    if (!(m_frame.last > m_frame.first))
        m_frame.last = m_frame.first + 1;
    if (!m_data.xNames.empty()) {
        m_xTicks = m_data.xs;
        return;
    }
    const double wide = QFontMetricsF(m_frame.font).horizontalAdvance(QStringLiteral("0.000"));
    const int wanted = std::clamp(static_cast<int>(m_frame.plot.width() / (1.6 * wide)), 2, 11);
    m_xTicks.clear();
    for (const double tick : roundTicks(m_frame.first, m_frame.last, wanted))
        if (tick >= m_frame.first - 1e-9 && tick <= m_frame.last + 1e-9)
            m_xTicks.push_back(tick);
}

/// Names that would touch the one before are left out; the last has its place.
void CurvePicture::layTickLabels(const QFontMetricsF& metrics)
{
    const double step = m_xTicks.size() > 1 ? m_xTicks[1] - m_xTicks[0] : 1;
    const auto label = [&](std::size_t i) {
        const QString text =
            i < m_data.xNames.size() ? m_data.xNames[i] : tickText(m_xTicks[i], step);
        Label made = labelled(metrics, text, {m_frame.x(m_xTicks[i]), m_frame.plot.bottom() + labelGap},
                              Place::Below);
        const double beyond = made.at.x() + made.box.right() - m_frame.area.right() + 2;
        made.at.rx() -= std::max(beyond, 0.0);
        return made;
    };
    if (m_xTicks.empty())
        return;
    const Label last = label(m_xTicks.size() - 1);
    const double end = last.at.x() + last.box.left();
    double free = -1e9;
    for (std::size_t i = 0; i + 1 < m_xTicks.size(); ++i) {
        const Label made = label(i);
        if (made.at.x() + made.box.left() < free || made.at.x() + made.box.right() + 6 > end)
            continue;
        free = made.at.x() + made.box.right() + 6;
        m_labels.push_back(made);
    }
    m_labels.push_back(last);
}

/// At the right end of its line, above it; one that would hide another goes to the left of it.
void CurvePicture::layLevelMarks(const QFontMetricsF& metrics)
{
    std::vector<QRectF> taken;
    for (const CurveLevel& level : m_data.levels) {
        if (level.mark.isEmpty())
            continue;
        const double width = metrics.horizontalAdvance(level.mark);
        const double y = m_frame.y(level.value) - metrics.height() / 2 - 1;
        double x = m_frame.plot.right() - width - 4;
        const auto box = [&] { return QRectF(x - 4, y - metrics.height() / 2, width + 8, metrics.height()); };
        while (x > m_frame.plot.left() && std::any_of(taken.begin(), taken.end(), [&](const QRectF& other) {
                   return other.intersects(box());
               }))
            x -= 8;
        taken.push_back(box());
        m_labels.push_back(labelled(metrics, level.mark, {x, y}, Place::RightOf));
    }
}

void CurvePicture::layLabels()
{
    const QFontMetricsF metrics(m_frame.font);
    const QRectF& plot = m_frame.plot;
    m_labels = valueLabels(m_frame);
    layTickLabels(metrics);
    layLevelMarks(metrics);
    m_labels.push_back(labelled(metrics, m_data.xTitle,
                                {plot.center().x(), plot.bottom() + labelGap + metrics.height()},
                                Place::Below, plot.width()));
    m_labels.push_back(labelled(metrics, m_data.yTitle, {6, plot.top() - 4 - metrics.height() / 2},
                                Place::RightOf, m_frame.area.width() - 12));
    m_labels.back().tone = Label::Tone::Quiet;
}

void CurvePicture::layAxes()
{
    const ChartTheme& theme = m_frame.theme;
    const LaidAxes now{m_frame.values, m_frame.first,    m_frame.last, m_frame.plot,
                       m_frame.area,   m_data.isEmpty(), theme.axis,   theme.grid};
    if (now == m_laid) // each call below would lay everything out anew
        return;
    m_laid = now;
    for (QValueAxis* axis : {m_xAxis, m_yAxis}) {
        axis->setLinePen(QPen(theme.axis, 1));
        axis->setVisible(!now.empty);
    }
    m_yAxis->setGridLinePen(QPen(theme.grid, 1));
    // Where the places have names they are not evenly spaced, and there is no grid to be seen.
    setTicks(*m_xAxis, m_frame.first, m_frame.last,
             m_data.xNames.empty() ? m_xTicks : std::vector<double>{m_frame.first, m_frame.last});
    setTicks(*m_yAxis, m_frame.values.low, m_frame.values.high, m_frame.valueTicks);
    m_base.place(m_frame.plot, m_frame.area);
}

void CurvePicture::layOut()
{
    m_labels.clear();
    layAround();
    layScales();
    layAxes();
    if (!m_data.isEmpty())
        layLabels();
    m_layer->setBounds(m_frame.area);
    m_base.scene().update();
}

std::vector<Label> CurvePicture::allLabels() const
{
    std::vector<Label> labels = m_labels;
    for (const Legend::Item& item : m_legend.items) {
        labels.push_back(item.label);
        labels.back().at += m_legendAt;
    }
    return labels;
}

double CurvePicture::leastHeight() const
{
    constexpr double lines = 8; // of text, as high as the plot
    const double line = std::ceil(QFontMetricsF(m_frame.font).height());
    return std::ceil(m_legend.height + 8 + (lines + 3) * line + labelGap + 6);
}

void CurvePicture::paintLine(QPainter& painter, const CurveLine& line) const
{
    const bool main = line.kind == CurveLine::Kind::Main;
    painter.setPen(
        QPen(colourOf(line.kind), main ? 2.2 : 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    QPolygonF points;
    for (std::size_t i = 0; i < std::min(m_data.xs.size(), line.values.size()); ++i)
        if (std::isfinite(line.values[i]))
            points << QPointF(m_frame.x(m_data.xs[i]), m_frame.y(line.values[i]));
    if (points.size() == 1) // a line of one point would not be seen
        drawShape(painter, {Shape::Circle, colourOf(line.kind), {}, 3}, points.front());
    else
        painter.drawPolyline(points);
}

void CurvePicture::paintMarks(QPainter& painter) const
{
    const QRectF& plot = m_frame.plot;
    const ChartTheme& theme = m_frame.theme;
    for (const CurveLevel& level : m_data.levels) {
        painter.setPen(QPen(theme.text, 1, Qt::DashLine, Qt::FlatCap));
        const double y = m_frame.y(level.value);
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
    const auto inside = [&](const QPointF& at) {
        return at.x() >= m_frame.first - 1e-9 && at.x() <= m_frame.last + 1e-9;
    };
    for (const QPointF& point : m_data.chosen) {
        const QPointF at(m_frame.x(point.x()), m_frame.y(point.y()));
        painter.setPen(QPen(theme.before, 1, Qt::DotLine));
        painter.drawLine(QPointF(at.x(), plot.bottom()), at);
        drawShape(painter, {Shape::Diamond, theme.before, theme.background, 6}, at);
    }
    if (m_data.now && inside(*m_data.now)) {
        const QPointF at(m_frame.x(m_data.now->x()), m_frame.y(m_data.now->y()));
        painter.setPen(QPen(theme.after, 1));
        painter.drawLine(QPointF(at.x(), plot.bottom()), at);
        drawShape(painter, {Shape::Circle, theme.after, theme.background, 5.5}, at);
    }
}

void CurvePicture::paintWords(QPainter& painter) const
{
    for (const Label& label : m_labels)
        drawLabel(painter, label, m_frame);
    drawLegend(painter, m_legend, m_legendAt, m_frame);
    drawTitleAndCaption(painter, m_title, m_caption, m_frame);
}

void CurvePicture::paint(QPainter& painter) const
{
    if (m_data.isEmpty())
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    for (auto line = m_data.lines.rbegin(); line != m_data.lines.rend(); ++line)
        paintLine(painter, *line); // the main one, which is first, over the others
    paintMarks(painter);
    paintWords(painter);
}

} // namespace monotail
