// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QRgb>
#include <utility>
#include <vector>

class QPainter;

namespace monotail {

/// The part of a plot that is made of upright strips: bands, areas, bars, marks. Drawn row by row
/// from what each pixel column shows: filling thousands of strips of any height one by one, or see
/// through, is many times slower, because images lie in memory by rows.
class ColumnImage
{
public:
    /// Covers `part`, in logical pixels of a device with `ratio` pixels for each.
    ColumnImage(const QRectF& part, double ratio, const QColor& base);

    /// Over the whole height.
    void setBase(double left, double right, const QColor& colour);
    /// At least a pixel wide and high. Strips of one depth in one column become one.
    enum class Depth { Back, Front };
    void fill(Depth depth, const QRectF& strip, const QColor& colour);
    /// Over all that is there by now, over the whole height, as strongly as the colour is opaque.
    void tint(double left, double right, const QColor& colour);
    void draw(QPainter& painter) const;

private:
    /// Rows [top, bottom) of each column that have a colour.
    struct Strips
    {
        std::vector<int> top, bottom;
        std::vector<QRgb> colour;
    };
    /// Columns of a stretch that are covered: [first, second).
    std::pair<std::size_t, std::size_t> columns(double left, double right) const;
    QRgb colourAt(std::size_t column, int y) const;
    /// By row: the columns that differ from the row above.
    std::vector<std::vector<std::size_t>> changes() const;

    double m_ratio;
    int m_left, m_top, m_height; // device pixels
    std::vector<QRgb> m_base;
    Strips m_back, m_front;
};

} // namespace monotail
