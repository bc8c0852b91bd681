// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPainter>
#include <optional>

#include "charts/plot_frame.h"

/// Series as pictures. On screen they are stamped and filled pixel by pixel, never more than a
/// pixel column can show, because thousands of classes are redrawn at every step of a pan; in a
/// figure they are drawn whole, as shapes. Nothing relies on the painter's clip (SVG has none):
/// all keep to the plot by themselves.
namespace monotail {

enum class Shape { Circle, Diamond, Ring };

struct PointStyle
{
    Shape shape = Shape::Circle;
    QColor fill;
    QColor edge; ///< invalid = none
    double radius = 4;
};

/// A little picture of a point, as large as it must be at a device pixel ratio.
QImage stamp(const PointStyle& style, double ratio);
/// The same as a shape.
void drawShape(QPainter& painter, const PointStyle& style, const QPointF& centre);

/// Draws many equal points: stamps on screen, shapes in figures.
class PointPen
{
public:
    PointPen(QPainter& painter, const PointStyle& style, Medium medium);
    ~PointPen();
    PointPen(const PointPen&) = delete;
    PointPen& operator=(const PointPen&) = delete;
    void draw(const QPointF& centre);

private:
    QPainter& m_painter;
    PointStyle m_style;
    Medium m_medium;
    double m_ratio = 1;
    QImage m_stamp;
};

/// How large points are where so many classes are shown.
double pointRadius(const PlotFrame& frame);

/// One point a slot at its value; n/a is left out.
void drawPoints(QPainter& painter, const PlotFrame& frame, const std::vector<double>& values,
                const PointStyle& style, const QRectF& exposed);
/// A line that is level over each slot.
void drawSteps(QPainter& painter, const PlotFrame& frame, const std::vector<double>& values,
               const QColor& colour, double width, const QRectF& exposed);
/// The area under the counts, for figures.
void drawCounts(QPainter& painter, const PlotFrame& frame, const std::vector<double>& counts);

/// The slot whose point is nearest to `at`, if it is within `radius` pixels.
std::optional<std::size_t> nearestPoint(const PlotFrame& frame, const std::vector<double>& values,
                                        const QPointF& at, double radius);

} // namespace monotail
