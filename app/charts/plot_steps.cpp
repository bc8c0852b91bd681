// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "charts/plot_drawing.h"

namespace monotail {

namespace {

/// A level stretch of a series, in pixels.
struct Run
{
    double left = 0, right = 0, y = 0;
    double centre = 0;          ///< x of its classes
    double least = 0, most = 0; ///< y of the classes that share the stretch
};

/// The level stretches in view, equal neighbours merged, cut to `left` and `right`.
template <typename Height>
std::vector<Run> runsOf(const PlotFrame& frame, double left, double right, const Height& height)
{
    std::vector<Run> runs;
    left = std::max(left, frame.plot.left());
    right = std::min(right, frame.plot.right());
    const auto [begin, end] = frame.between(left, right);
    const std::vector<std::size_t>& order = frame.axis.order();
    // One more at each end: its centre may be outside while its edge is in.
    const std::size_t last = std::min(end + 1, order.size());
    std::size_t i = begin > 0 ? begin - 1 : 0;
    while (i > 0 && i < last && frame.axis.centre(order[i - 1]) == frame.axis.centre(order[i]))
        --i;
    while (i < last) {
        const double place = frame.axis.centre(order[i]);
        const double from = std::max(frame.x(frame.axis.left(order[i])), left);
        const double to = std::min(frame.x(frame.axis.right(order[i])), right);
        Run run{from, to, 0, frame.x(place), 0, 0};
        double sum = 0, counted = 0;
        for (; i < order.size() && frame.axis.centre(order[i]) == place; ++i) {
            const double y = height(order[i]);
            if (!std::isfinite(y))
                continue;
            run.least = counted > 0 ? std::min(run.least, y) : y;
            run.most = counted > 0 ? std::max(run.most, y) : y;
            sum += y;
            ++counted;
        }
        if (counted == 0 || to <= from)
            continue;
        run.y = run.least == run.most ? run.least : sum / counted;
        const bool joins = !runs.empty() && std::abs(runs.back().right - from) < 1e-6;
        if (joins && runs.back().y == run.y && run.least == run.most)
            runs.back().right = to;
        else
            runs.push_back(run);
    }
    return runs;
}

/// Fills pixel-aligned rectangles, merging those that fall into one column.
class ColumnPen
{
public:
    ColumnPen(QPainter& painter, const QColor& colour, const QRectF& plot)
        : m_painter(painter), m_colour(colour), m_plot(plot.toAlignedRect())
    {}
    ~ColumnPen() { flush(); }
    ColumnPen(const ColumnPen&) = delete;
    ColumnPen& operator=(const ColumnPen&) = delete;

    void fill(int left, int right, int top, int bottom)
    {
        if (right - left > 1 || left != m_column) {
            flush();
            m_column = left;
            m_top = top;
            m_bottom = bottom;
            m_right = right;
        }
        m_top = std::min(m_top, top);
        m_bottom = std::max(m_bottom, bottom);
        if (right - left > 1)
            flush();
    }

private:
    void flush()
    {
        if (m_right > m_column)
            m_painter.fillRect(QRect(QPoint(m_column, m_top), QPoint(m_right - 1, m_bottom - 1)) &
                                   m_plot,
                               m_colour);
        m_right = m_column = -1;
    }

    QPainter& m_painter;
    QColor m_colour;
    QRect m_plot;
    int m_column = -1, m_right = -1, m_top = 0, m_bottom = 0;
};

int pixel(double value)
{
    return static_cast<int>(std::floor(std::clamp(value, -1e6, 1e6)));
}

void drawStepPath(QPainter& painter, const PlotFrame& frame, const std::vector<Run>& runs,
                  const QPen& pen)
{
    QPainterPath path;
    const double top = frame.plot.top(), bottom = frame.plot.bottom();
    const Run* previous = nullptr;
    for (const Run& run : runs) {
        const double y = std::clamp(run.y, top, bottom);
        if (previous && std::abs(previous->right - run.left) < 1e-6)
            path.lineTo(run.left, y);
        else
            path.moveTo(run.left, y);
        if (run.most > run.least) {
            const double x = std::clamp(run.centre, run.left, run.right);
            path.lineTo(x, y);
            path.lineTo(x, std::max(run.least, top));
            path.lineTo(x, std::min(run.most, bottom));
            path.lineTo(x, y);
        }
        path.lineTo(run.right, y);
        previous = &run;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.strokePath(path, pen);
}

void fillSteps(QPainter& painter, const PlotFrame& frame, const std::vector<Run>& runs,
               const QColor& colour, int width)
{
    ColumnPen pen(painter, colour, frame.plot);
    const Run* previous = nullptr;
    for (const Run& run : runs) {
        const int left = pixel(run.left), y = pixel(run.y - width / 2.0 + 0.5);
        if (previous && std::abs(previous->right - run.left) < 1e-6) {
            const int before = pixel(previous->y - width / 2.0 + 0.5);
            pen.fill(left, left + 1, std::min(before, y), std::max(before, y) + width);
            if (run.right - run.left > 3 && previous->y != run.y)
                pen.fill(left + 1, left + width, std::min(before, y), std::max(before, y) + width);
        }
        pen.fill(left, std::max(pixel(run.right), left + 1), y, y + width);
        if (run.most > run.least) {
            const int x = pixel(run.centre - width / 2.0 + 0.5);
            pen.fill(x, x + width, pixel(run.least), pixel(run.most) + 1);
        }
        previous = &run;
    }
}

} // namespace

void drawSteps(QPainter& painter, const PlotFrame& frame, const std::vector<double>& values,
               const QColor& colour, double width, const QRectF& exposed)
{
    const bool whole = frame.medium == Medium::Figure;
    double left = whole ? frame.plot.left() : exposed.left() - 2;
    double right = whole ? frame.plot.right() : exposed.right() + 2;
    if (frame.axis.kind() == XAxis::LogFrequency && frame.axis.size() > 0) {
        // Hardly beyond the data, though the axis has free space at its ends.
        constexpr double beyond = 5;
        left = std::max(left, frame.centre(frame.axis.order().front()) - beyond);
        right = std::min(right, frame.centre(frame.axis.order().back()) + beyond);
    }
    const auto runs = runsOf(frame, left, right,
                             [&](std::size_t slot) { return frame.y(valueAt(values, slot)); });
    painter.save();
    if (whole)
        drawStepPath(painter, frame, runs, QPen(colour, width, Qt::SolidLine, Qt::FlatCap));
    else
        fillSteps(painter, frame, runs, colour, static_cast<int>(std::lround(width)));
    painter.restore();
}

void drawCounts(QPainter& painter, const PlotFrame& frame, const std::vector<double>& counts)
{
    const auto runs = runsOf(frame, frame.plot.left(), frame.plot.right(),
                             [&](std::size_t slot) { return frame.countY(valueAt(counts, slot)); });
    QPolygonF outline;
    outline << QPointF(frame.plot.left(), frame.plot.bottom());
    for (const Run& run : runs)
        outline << QPointF(run.left, run.y) << QPointF(run.right, run.y);
    outline << QPointF(frame.plot.right(), frame.plot.bottom());
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(frame.theme.counts);
    painter.drawPolygon(outline);
    painter.restore();
}

} // namespace monotail
