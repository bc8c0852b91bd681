// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/why_figure.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "charts/chart_theme.h"
#include "words/words.h"

namespace monotail {

namespace {

constexpr int gap = 6; // pixels

QString valueText(double value)
{
    return signedText(value, 2);
}

} // namespace

struct WhyFigure::Places
{
    int left = 0;  ///< of the bars' room, their names before it
    int right = 0; ///< with room for values on both sides
    double zero = 0;
    double scale = 0; ///< pixels for 1
};

WhyFigure::WhyFigure(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Parts of the lead before and after"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void WhyFigure::setBars(std::vector<GapBar> bars)
{
    m_bars = std::move(bars);
    QStringList lines;
    for (const GapBar& bar : m_bars)
        lines << tr("%1: before %2, after %3")
                     .arg(bar.name, valueText(bar.before), valueText(bar.after));
    setAccessibleDescription(lines.join(QLatin1Char('\n')));
    updateGeometry();
    update();
}

/// Two bars with their values, and air.
int WhyFigure::rowHeight() const
{
    return 2 * fontMetrics().height() + gap;
}

int WhyFigure::height() const
{
    return static_cast<int>(m_bars.size()) * rowHeight() + 2 * fontMetrics().height() + 2 * gap;
}

QSize WhyFigure::sizeHint() const
{
    return {320, height()};
}

QSize WhyFigure::minimumSizeHint() const
{
    return {220, height()};
}

WhyFigure::Places WhyFigure::places() const
{
    double least = 0, most = 0;
    int names = 0, low = 0, high = 0;
    for (const GapBar& bar : m_bars) {
        names = std::max(names, fontMetrics().horizontalAdvance(bar.name));
        for (const double value : {bar.before, bar.after}) {
            least = std::min(least, value);
            most = std::max(most, value);
            int& side = value < 0 ? low : high;
            side = std::max(side, fontMetrics().horizontalAdvance(valueText(value)) + gap);
        }
    }
    Places at;
    at.left = names + 2 * gap;
    at.right = width() - gap;
    const double room = std::max(1, at.right - at.left - low - high);
    at.scale = most > least ? room / (most - least) : 0;
    at.zero = at.left + low - least * at.scale;
    return at;
}

void WhyFigure::paintRow(QPainter& painter, const Places& at, std::size_t row) const
{
    const ChartTheme theme = themeOf(palette());
    const GapBar& bar = m_bars[row];
    const int line = fontMetrics().height();
    const int top = 2 * line + 2 * gap + static_cast<int>(row) * rowHeight();
    const bool isSum = row + 1 == m_bars.size();
    QFont font = painter.font();
    font.setBold(isSum);
    painter.setFont(font);
    if (isSum) {
        painter.setPen(theme.grid);
        painter.drawLine(gap, top - gap / 2, at.right, top - gap / 2);
    }
    painter.setPen(theme.text);
    painter.drawText(QRect(gap, top, at.left - gap, 2 * line), Qt::AlignVCenter, bar.name);
    font.setBold(false);
    painter.setFont(font);
    int y = top;
    for (const auto& [value, colour] :
         {std::pair(bar.before, theme.before), std::pair(bar.after, theme.after)}) {
        const double end = at.zero + value * at.scale;
        painter.fillRect(QRectF(std::min(at.zero, end), y + 2, std::abs(end - at.zero), line - 4),
                         colour);
        const QRectF left(0, y, end - gap / 2.0, line);
        const QRectF right(end + gap / 2.0, y, width() - end, line);
        if (value < 0)
            painter.drawText(left, Qt::AlignRight | Qt::AlignVCenter, valueText(value));
        else
            painter.drawText(right, Qt::AlignLeft | Qt::AlignVCenter, valueText(value));
        y += line;
    }
}

/// Which bar is which, and what the sides mean.
void WhyFigure::paintLegend(QPainter& painter, const Places& at) const
{
    const ChartTheme theme = themeOf(palette());
    const int line = fontMetrics().height();
    int x = gap;
    for (const auto& [text, colour] : {std::pair(tr("upper bar: before"), theme.before),
                                       std::pair(tr("lower: after"), theme.after)}) {
        painter.fillRect(QRectF(x, gap / 2.0 + line * 0.25, line * 0.6, line * 0.5), colour);
        x += line * 3 / 4 + 2;
        painter.setPen(theme.text);
        painter.drawText(QRect(x, gap / 2, width() - x, line), Qt::AlignVCenter, text);
        x += fontMetrics().horizontalAdvance(text) + 2 * gap;
    }
    painter.setPen(theme.quietText);
    painter.drawText(QRect(gap, line + gap / 2, width() - 2 * gap, line),
                     Qt::AlignRight | Qt::AlignVCenter,
                     fontMetrics().elidedText(tr("right of the line: for the rival"),
                                              Qt::ElideRight, width() - 2 * gap));
    painter.setPen(theme.axis);
    const auto zero = static_cast<int>(std::lround(at.zero));
    painter.drawLine(zero, 2 * line + gap, zero, height() - 2);
}

void WhyFigure::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), themeOf(palette()).background);
    if (m_bars.empty())
        return;
    const Places at = places();
    paintLegend(painter, at);
    for (std::size_t row = 0; row < m_bars.size(); ++row)
        paintRow(painter, at, row);
}

bool WhyFigure::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = (help->pos().y() - 2 * fontMetrics().height() - 2 * gap) / rowHeight();
    if (row >= 0 && static_cast<std::size_t>(row) < m_bars.size())
        QToolTip::showText(help->globalPos(), m_bars[static_cast<std::size_t>(row)].explanation,
                           this);
    else
        QToolTip::hideText();
    return true;
}

void WhyFigure::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    updateGeometry();
    update();
}

} // namespace monotail
