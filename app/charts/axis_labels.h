// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QPainter>
#include <QPolygonF>
#include <QString>

#include "charts/plot_frame.h"

/// Labels of our own: those of Qt's axes are elided, dropped and cut where they do not fit.
namespace monotail {

/// One line of text, laid out: `box` around it, turned by `angle` degrees about `at`.
struct Label
{
    QString text;
    QPointF at;
    QRectF box; ///< relative to `at`
    double angle = 0;
    enum class Tone { Normal, Quiet, Bold } tone = Tone::Normal;
};

QPolygonF outlineOf(const Label& label);
void drawLabel(QPainter& painter, const Label& label, const PlotFrame& frame);

enum class Place { LeftOf, RightOf, Below, Centre };
/// Text beside a point, elided to `room` pixels.
Label labelled(const QFontMetricsF& metrics, const QString& text, const QPointF& at, Place place,
               double room = 1e9);
/// Turned by 90 degrees, upwards, centred on a point.
Label uprightLabel(const QFontMetricsF& metrics, const QString& text, const QPointF& at,
                   double room);

/// What stands under the plot.
struct XLabels
{
    std::vector<Label> labels;
    std::vector<double> ticks; ///< x of the small marks
};

/// Whether names have room under the classes shown, how steep and how deep.
struct NamePlan
{
    bool named = false;
    double angle = 0; ///< degrees; 0 = level
    double depth = 0; ///< pixels under the axis line
};

/// Space right and left of the plot: the same for every chart of a font, so that charts under each
/// other agree along x.
struct SideMargins
{
    double left = 0, right = 0;
};
SideMargins sideMargins(const QFont& font);
/// Between the axis line and its labels.
constexpr double labelGap = 6;

/// Up to about 40 classes in view have their names on the axis, if there is room.
NamePlan planNames(const PlotFrame& frame, double longestName, double deepest);
XLabels nameLabels(const PlotFrame& frame, const NamePlan& plan, const std::vector<QString>& names);
XLabels rankLabels(const PlotFrame& frame);
XLabels frequencyLabels(const PlotFrame& frame);

std::vector<Label> valueLabels(const PlotFrame& frame);
std::vector<Label> countLabels(const PlotFrame& frame);

/// "0.05": as many decimals as ticks `step` apart need.
QString tickText(double value, double step);
/// "1,000".
QString groupedText(double value);
QString shortened(const QFontMetricsF& metrics, const QString& text, double room);
/// About the longest, without measuring them all.
double longestOf(const QFontMetricsF& metrics, const std::vector<QString>& names);

} // namespace monotail
