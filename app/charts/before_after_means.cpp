// SPDX-License-Identifier: GPL-3.0-or-later
// Of BeforeAfterPicture: means over runs of neighbouring classes, where single ones are noise.
#include <algorithm>
#include <cmath>
#include <limits>

#include "charts/before_after_picture.h"

namespace monotail {

namespace {

constexpr std::size_t many = 150;
constexpr std::size_t runsInView = 60;

} // namespace

std::size_t BeforeAfterPicture::runLength() const
{
    const auto [first, last] = frame().shown();
    if (last - first <= many)
        return 0;
    return (last - first + runsInView - 1) / runsInView;
}

void BeforeAfterPicture::findRuns()
{
    m_runs.clear();
    const std::size_t length = runLength();
    if (length == 0)
        return;
    const SlotAxis& axis = frame().axis;
    const auto [first, last] = frame().shown();
    // From a multiple of the length, so that panning does not change the means.
    std::size_t begin = axis.kind() == XAxis::Position ? first / length * length : 0;
    while (begin < last) {
        std::size_t end = std::min(begin + length, axis.size());
        while (end < axis.size() &&
               axis.centre(axis.order()[end]) == axis.centre(axis.order()[end - 1]))
            ++end; // equal counts share a place
        if (end > first)
            m_runs.push_back(runOf(begin, end));
        begin = end;
    }
}

BeforeAfterPicture::MeanRun BeforeAfterPicture::runOf(std::size_t begin, std::size_t end) const
{
    const std::vector<std::size_t>& order = frame().axis.order();
    const auto mean = [&](const std::vector<double>& values) {
        double sum = 0, count = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const double value = valueAt(values, order[i]);
            sum += std::isfinite(value) ? value : 0;
            count += std::isfinite(value) ? 1 : 0;
        }
        return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
    };
    double places = 0;
    for (std::size_t i = begin; i < end; ++i)
        places += frame().axis.centre(order[i]);
    MeanRun run;
    run.x = frame().x(places / static_cast<double>(end - begin));
    run.left = frame().x(frame().axis.left(order[begin]));
    run.right = frame().x(frame().axis.right(order[end - 1]));
    run.before = mean(m_data.before);
    run.after = mean(m_data.after);
    run.change = mean(m_change);
    return run;
}

void BeforeAfterPicture::paintMeans(QPainter& painter, double MeanRun::*value,
                                    const PointStyle& style) const
{
    const QRectF& plot = frame().plot;
    const double lineWidth = frame().medium == Medium::Figure ? 1.2 : 2;
    painter.setRenderHint(QPainter::Antialiasing);
    // On screen the points cover the joints, and lines that are not joined are drawn much faster.
    painter.setPen(QPen(style.fill, lineWidth, Qt::SolidLine,
                        frame().medium == Medium::Screen ? Qt::FlatCap : Qt::RoundCap,
                        Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    QPolygonF points, line;
    const bool onScreen = frame().medium == Medium::Screen;
    const auto flush = [&] {
        if (line.size() > 1 && !onScreen)
            painter.drawPolyline(line);
        line.clear();
    };
    for (const MeanRun& run : m_runs) {
        const QPointF at(run.x, frame().y(run.*value));
        if (!std::isfinite(run.*value) || !plot.contains(at)) {
            flush();
            continue;
        }
        if (onScreen && !line.isEmpty())
            painter.drawLine(line.back(), at);
        line << at;
        points << at;
    }
    flush();
    PointPen pen(painter, style, frame().medium);
    for (const QPointF& at : points)
        pen.draw(at);
}

} // namespace monotail
