// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/axis_labels.h"
#include "charts/plot_drawing.h"

namespace monotail {

/// What a mark of the picture means.
struct LegendEntry
{
    enum class Mark { Circle, Diamond, Line, Dashes, Box, Bar, Whisker } mark = Mark::Circle;
    QColor colour;
    QString text;
    QColor edge; ///< of boxes; invalid = none
};

/// The entries in rows as wide as they may be, laid out from (0, 0).
struct Legend
{
    struct Item
    {
        LegendEntry entry;
        QRectF mark; ///< around the mark
        Label label;
    };
    std::vector<Item> items;
    double height = 0;
};

Legend layLegend(const std::vector<LegendEntry>& entries, const QFont& font, double width);
void drawLegend(QPainter& painter, const Legend& legend, const QPointF& at, const PlotFrame& frame);

/// Text in lines of at most `width`, for titles and captions of figures.
struct Paragraph
{
    std::vector<QString> lines;
    double height = 0;
};

Paragraph wrapped(const QString& text, const QFont& font, double width);
void drawParagraph(QPainter& painter, const Paragraph& paragraph, const QFont& font,
                   const QPointF& at, const QColor& colour);
QFont bold(QFont font); ///< of titles
/// At the top and at the bottom of a figure; the lines of either may be none.
void drawTitleAndCaption(QPainter& painter, const Paragraph& title, const Paragraph& caption,
                         const PlotFrame& frame);

} // namespace monotail
