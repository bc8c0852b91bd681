// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_legend.h"

#include <QTextLayout>
#include <algorithm>

namespace monotail {

namespace {

constexpr double markWidth = 18;
constexpr double markGap = 5;
constexpr double entryGap = 16;

void drawMark(QPainter& painter, const LegendEntry& entry, const QRectF& box)
{
    using Mark = LegendEntry::Mark;
    const double middle = box.center().y();
    switch (entry.mark) {
    case Mark::Circle:
        drawShape(painter, {Shape::Circle, entry.colour, {}, 4.5}, box.center());
        break;
    case Mark::Diamond:
        drawShape(painter, {Shape::Diamond, entry.colour, {}, 4.5}, box.center());
        break;
    case Mark::Line:
    case Mark::Dashes:
        painter.setPen(QPen(entry.colour, entry.mark == Mark::Line ? 2 : 1,
                            entry.mark == Mark::Line ? Qt::SolidLine : Qt::DashLine, Qt::FlatCap));
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle));
        break;
    case Mark::Box:
        painter.setPen(entry.edge.isValid() ? QPen(entry.edge, 1) : QPen(Qt::NoPen));
        painter.setBrush(entry.colour);
        painter.drawRect(QRectF(box.left(), middle - 5.5, box.width(), 11));
        break;
    case Mark::Bar:
        painter.setPen(QPen(entry.colour, 3, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(box.center().x(), middle - 6),
                         QPointF(box.center().x(), middle + 6));
        break;
    case Mark::Whisker: {
        const double x = box.center().x();
        painter.setPen(QPen(entry.colour, 1));
        painter.drawLine(QPointF(x, middle - 6), QPointF(x, middle + 6));
        for (const double y : {middle - 6, middle + 6})
            painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y));
        break;
    }
    }
}

} // namespace

Legend layLegend(const std::vector<LegendEntry>& entries, const QFont& font, double width)
{
    const QFontMetricsF metrics(font);
    const double line = metrics.height() + 2;
    Legend legend;
    double x = 0;
    for (const LegendEntry& entry : entries) {
        const double room = std::max(width - markWidth - markGap - 2, 10.0);
        const double text = std::min(metrics.horizontalAdvance(entry.text) + 1, room);
        const double whole = markWidth + markGap + text;
        if (x > 0 && x + whole > width) {
            x = 0;
            legend.height += line;
        }
        const QPointF middle(x + markWidth + markGap, legend.height + line / 2);
        legend.items.push_back({entry, QRectF(x, legend.height, markWidth, line),
                                labelled(metrics, entry.text, middle, Place::RightOf, room)});
        x += whole + entryGap;
    }
    if (!entries.empty())
        legend.height += line;
    return legend;
}

void drawLegend(QPainter& painter, const Legend& legend, const QPointF& at, const PlotFrame& frame)
{
    painter.save();
    painter.translate(at);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Legend::Item& item : legend.items) {
        drawMark(painter, item.entry, item.mark);
        drawLabel(painter, item.label, frame);
    }
    painter.restore();
}

Paragraph wrapped(const QString& text, const QFont& font, double width)
{
    Paragraph paragraph;
    const double line = QFontMetricsF(font).height();
    for (const QString& part : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        QTextLayout layout(part, font);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setTextOption(option);
        layout.beginLayout();
        for (QTextLine next = layout.createLine(); next.isValid(); next = layout.createLine()) {
            next.setLineWidth(std::max(width, 20.0));
            paragraph.lines.push_back(part.mid(next.textStart(), next.textLength()).trimmed());
        }
        layout.endLayout();
    }
    paragraph.height = line * static_cast<double>(paragraph.lines.size());
    return paragraph;
}

void drawParagraph(QPainter& painter, const Paragraph& paragraph, const QFont& font,
                   const QPointF& at, const QColor& colour)
{
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    painter.setPen(colour);
    double y = at.y() + metrics.ascent();
    for (const QString& line : paragraph.lines) {
        painter.drawText(QPointF(at.x(), y), line);
        y += metrics.height();
    }
}

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

void drawTitleAndCaption(QPainter& painter, const Paragraph& title, const Paragraph& caption,
                         const PlotFrame& frame)
{
    drawParagraph(painter, title, bold(frame.font), {6, 4}, frame.theme.text);
    drawParagraph(painter, caption, frame.font, {6, frame.area.height() - caption.height - 4},
                  frame.theme.quietText);
}

} // namespace monotail
