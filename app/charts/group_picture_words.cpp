// SPDX-License-Identifier: GPL-3.0-or-later
// Of GroupPicture: the words around the bars.
#include <QHorizontalBarSeries>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "charts/group_picture.h"

namespace monotail {

namespace {

constexpr double markRoom = 15;

} // namespace

void GroupPicture::layAround()
{
    const QRectF& area = m_frame.area;
    const double line = std::ceil(QFontMetricsF(m_frame.font).height());
    const bool figure = m_frame.medium == Medium::Figure;
    std::vector<LegendEntry> entries;
    if (!m_data.bars.empty())
        entries = {{LegendEntry::Mark::Box, m_frame.theme.before, m_data.beforeLabel, {}},
                   {LegendEntry::Mark::Box, m_frame.theme.after, m_data.afterLabel, {}}};
    m_legend = layLegend(entries, m_frame.font, area.width() - 16);
    m_title = figure ? wrapped(m_data.title, bold(m_frame.font), area.width() - 12) : Paragraph{};
    m_caption = figure ? wrapped(m_data.caption, m_frame.font, area.width() - 12) : Paragraph{};
    double top = figure ? m_title.height + 10 : m_legend.height + 8;
    double bottom = area.height() - 2 * line - labelGap - 4; // percents and their title
    m_legendAt = {8, 4};
    if (figure) {
        m_legendAt = {8, area.height() - m_caption.height - m_legend.height - 10};
        bottom -= m_legend.height + m_caption.height + 14;
    }
    m_rows = QRectF(QPointF(0, std::ceil(top)),
                    QPointF(area.width(), std::max(std::floor(bottom), top + 10)));
}

void GroupPicture::layAxisLabels()
{
    const QFontMetricsF metrics(m_frame.font);
    const QRectF& plot = m_frame.plot;
    const int ticks = m_percentAxis->tickCount();
    for (int i = 0; i < ticks; ++i) {
        const double share = static_cast<double>(i) / (ticks - 1);
        m_labels.push_back(labelled(metrics, groupedText(100 * share),
                                    {plot.left() + share * plot.width(), plot.bottom() + labelGap},
                                    Place::Below));
        // The outermost may not be cut by a narrow picture's edge.
        Label& label = m_labels.back();
        label.at.rx() = std::max(label.at.x(), label.box.width() / 2 + 1);
    }
    const QPointF middle(plot.center().x(), plot.bottom() + labelGap + metrics.height());
    const double room = 2 * std::min(middle.x(), m_frame.area.right() - middle.x()) - 4;
    if (middle.y() + metrics.height() <= m_frame.area.bottom())
        m_labels.push_back(
            labelled(metrics, GroupChart::tr("accuracy, %"), middle, Place::Below, room));
}

void GroupPicture::addWords(const QString& text, const QPointF& left, double room, Label::Tone tone)
{
    if (text.isEmpty() || room < 8)
        return;
    const QFont font = tone == Label::Tone::Bold ? bold(m_frame.font) : m_frame.font;
    Label label = labelled(QFontMetricsF(font), text, left, Place::RightOf, room);
    label.tone = tone;
    m_labels.push_back(std::move(label));
}

double GroupPicture::addVerdict(const GroupBar& bar, const QPointF& left, double room)
{
    const QString words = verdictText(bar.verdict);
    if (words.isEmpty())
        return 0;
    m_marks.push_back({left + QPointF(5, 0), &bar, Mark::Kind::Verdict});
    addWords(words, left + QPointF(markRoom, 0), room - markRoom, Label::Tone::Bold);
    return markRoom + QFontMetricsF(bold(m_frame.font)).horizontalAdvance(words) + 8;
}

void GroupPicture::layRow(std::size_t row)
{
    layValues(row);
    if (m_arrangement == Arrangement::Columns)
        layColumns(row);
    else
        layStacked(row);
}

void GroupPicture::layValues(std::size_t row)
{
    const GroupBar& bar = m_data.bars[row];
    const QRectF& plot = m_frame.plot;
    const double height = rowRect(row).height();
    const double shift = plot.top() - m_rows.top();
    const double thick = height * m_series->barWidth() / 2;
    const double middle = rowRect(row).center().y() + shift;
    const QFontMetricsF metrics(m_frame.font);
    const auto endOf = [&](const std::optional<double>& value) {
        const double percent = value && std::isfinite(*value) ? *value : 0;
        return plot.left() + std::clamp(percent, 0.0, 100.0) / 100 * plot.width();
    };
    const auto add = [&](const QString& text, double end, double y) {
        addWords(text, {end + 5, y}, m_frame.area.right() - end - 5, Label::Tone::Normal);
    };
    if (isPaired()) {
        add(pairText(bar.before, bar.after), std::max(endOf(bar.before), endOf(bar.after)), middle);
        return;
    }
    // Two lines of values keep clear of each other even where the bars are thinner than them.
    const double away = std::max(thick / 2, metrics.height() / 2);
    add(percentText(bar.before), endOf(bar.before), middle - away);
    add(percentText(bar.after), endOf(bar.after), middle + away);
}

void GroupPicture::layColumns(std::size_t row)
{
    const GroupBar& bar = m_data.bars[row];
    const double line = QFontMetricsF(m_frame.font).height();
    const double middle = rowRect(row).center().y();
    const double right = m_frame.area.right() - m_changeWidth;
    const bool detailed = !bar.detail.isEmpty() && rowRect(row).height() > 2 * line + 2;
    const double name = detailed ? middle - line / 2 : middle;
    m_marks.push_back({{11, name}, &bar, Mark::Kind::Group});
    addWords(bar.name, {6 + markRoom, name}, m_nameWidth - markRoom, Label::Tone::Bold);
    if (detailed)
        addWords(bar.detail, {6 + markRoom, middle + line / 2}, m_nameWidth - markRoom,
                 Label::Tone::Quiet);
    const bool both = !bar.change.isEmpty() && bar.verdict != GroupBar::Verdict::Unknown;
    addWords(bar.change, {right, both ? middle - line / 2 : middle}, m_changeWidth - 4,
             Label::Tone::Normal);
    addVerdict(bar, {right, both ? middle + line / 2 : middle}, m_changeWidth - 4);
}

void GroupPicture::layStacked(std::size_t row)
{
    const GroupBar& bar = m_data.bars[row];
    const QFontMetricsF metrics(m_frame.font), boldMetrics(bold(m_frame.font));
    const QRectF rect = rowRect(row);
    const double line = metrics.height(), width = m_frame.area.width();
    const double y = rect.top() + line / 2 + 2;
    m_marks.push_back({{13, y}, &bar, Mark::Kind::Group});
    const double left = 8 + markRoom;
    const double name = std::min(boldMetrics.horizontalAdvance(bar.name), width * 0.6);
    addWords(bar.name, {left, y}, name + 1, Label::Tone::Bold);
    const double next = left + name + 10;
    if (m_arrangement == Arrangement::Tight) {
        const double used = addVerdict(bar, {next, y}, width - next - 4);
        addWords(bar.change, {next + used, y}, width - next - used - 4, Label::Tone::Normal);
        return;
    }
    addWords(bar.detail, {next, y}, width - next - 4, Label::Tone::Quiet);
    const QPointF under(10, rect.bottom() - line / 2 - 3);
    const double used = addVerdict(bar, under, width - 14);
    addWords(bar.change, under + QPointF(used, 0), width - 14 - used, Label::Tone::Normal);
}

void GroupPicture::paint(QPainter& painter) const
{
    painter.setPen(QPen(m_frame.theme.grid, 1));
    for (std::size_t i = 1; i < m_data.bars.size(); ++i) {
        const double y = std::floor(rowRect(i).top()) + 0.5;
        painter.drawLine(QPointF(2, y), QPointF(m_frame.area.right() - 2, y));
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Mark& mark : m_marks)
        paintMark(painter, mark);
    for (const Label& label : m_labels)
        drawLabel(painter, label, m_frame);
    drawLegend(painter, m_legend, m_legendAt, m_frame);
    drawTitleAndCaption(painter, m_title, m_caption, m_frame);
}

void GroupPicture::paintMark(QPainter& painter, const Mark& mark) const
{
    const ChartTheme& theme = m_frame.theme;
    painter.setPen(Qt::NoPen);
    if (mark.kind == Mark::Kind::Group) {
        using Colour = GroupBar::Colour;
        const Colour colour = mark.bar->colour;
        if (colour == Colour::Plain)
            return;
        painter.setBrush(colour == Colour::Many     ? theme.many
                         : colour == Colour::Medium ? theme.medium
                                                    : theme.few);
        painter.drawRect(QRectF(mark.at - QPointF(5, 5), QSizeF(10, 10)));
        return;
    }
    const auto corner = [&](double x, double y) { return mark.at + QPointF(x, y); };
    switch (mark.bar->verdict) {
    case GroupBar::Verdict::Better:
        painter.setBrush(theme.rise);
        painter.drawPolygon(QPolygonF({corner(0, -5), corner(5, 4), corner(-5, 4)}));
        break;
    case GroupBar::Verdict::Worse:
        painter.setBrush(theme.fall);
        painter.drawPolygon(QPolygonF({corner(0, 5), corner(5, -4), corner(-5, -4)}));
        break;
    case GroupBar::Verdict::Same:
        painter.fillRect(QRectF(corner(-5, -1), QSizeF(10, 2)), theme.quietText);
        break;
    case GroupBar::Verdict::Unknown:
        break;
    }
}

} // namespace monotail
