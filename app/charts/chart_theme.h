// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace monotail {

/// The colours of a chart: Okabe-Ito where they mean something, the palette for the rest.
struct ChartTheme
{
    QColor background, text, quietText, grid, axis, selection;
    QColor before; ///< as the head is; circles
    QColor after;  ///< rescaled; step lines, diamonds
    QColor counts; ///< training images, an area
    QColor many, medium, few;
    QColor rise, fall; ///< a change up or down; never without a direction that is drawn

    bool operator==(const ChartTheme&) const = default;
};

/// From `a` to `b` by a share of 0 to 1.
QColor mixed(const QColor& a, const QColor& b, double share);

/// For the screen, light or dark as the palette is.
ChartTheme themeOf(const QPalette& palette);
/// For paper and files: light whatever the screen is.
ChartTheme paperTheme();

} // namespace monotail
