// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/axis_labels.h"

#include <QtMath>
#include <algorithm>
#include <array>
#include <cmath>

#include "report/axis.h"

namespace monotail {

namespace {

constexpr std::size_t namedClasses = 40;
/// Between two labels beside each other.
constexpr double labelSpace = 8;

/// Labels under the plot may reach so far beyond it: the values' labels begin there.
constexpr double overhang = labelGap - 2;

/// Moves a level label sideways until it is under the plot.
void keepUnder(Label& label, const QRectF& plot)
{
    const QRectF box = label.box.translated(label.at);
    label.at.rx() += std::max(plot.left() - overhang - box.left(), 0.0);
    label.at.rx() -= std::max(box.right() - plot.right() - overhang, 0.0);
}

QRectF boxOf(const Label& label)
{
    return label.box.translated(label.at);
}

/// Appends a label under x unless it would touch one that is there.
bool place(XLabels& labels, const PlotFrame& frame, const QFontMetricsF& metrics,
           const QString& text, double x)
{
    Label label = labelled(metrics, text, {x, frame.plot.bottom() + labelGap}, Place::Below);
    keepUnder(label, frame.plot);
    const QRectF box = boxOf(label).adjusted(-labelSpace, 0, labelSpace, 0);
    for (const Label& other : labels.labels)
        if (boxOf(other).intersects(box))
            return false;
    labels.labels.push_back(std::move(label));
    labels.ticks.push_back(x);
    return true;
}

/// The counts from which a logarithmic axis may take its labels, coarse to fine.
std::vector<std::vector<double>> countSteps(double least, double most)
{
    std::vector<std::vector<double>> sets(3);
    for (const double decade : decadeTicks(std::max(least, 1.0), std::max(most, 1.0)))
        for (int i = 1; i < 10; ++i) {
            const double count = decade * i;
            if (count < least * (1 - 1e-9) || count > most * (1 + 1e-9))
                continue;
            for (std::size_t set = 0; set < sets.size(); ++set)
                if (set == 2 || i == 1 || (set == 1 && (i == 2 || i == 5)))
                    sets[set].push_back(count);
        }
    for (const int wanted : {4, 8}) {
        std::vector<double> even;
        for (const double count : roundTicks(least, most, wanted))
            if (count >= least && count <= most && count >= 1)
                even.push_back(count);
        sets.push_back(std::move(even));
    }
    return sets;
}

QString countText(double count, double step)
{
    return step < 1 ? tickText(count, step) : groupedText(count);
}

} // namespace

SideMargins sideMargins(const QFont& font)
{
    const QFontMetricsF metrics(font);
    const double title = metrics.height() + 6;
    return {std::ceil(title + metrics.horizontalAdvance(QStringLiteral("-0.0000")) + labelGap + 2),
            std::ceil(title + metrics.horizontalAdvance(QStringLiteral("100,000")) + labelGap + 2)};
}

NamePlan planNames(const PlotFrame& frame, double longestName, double deepest)
{
    const QFontMetricsF metrics(frame.font);
    const double wide = frame.last - frame.first;
    NamePlan plan;
    plan.depth = metrics.height();
    if (frame.axis.kind() != XAxis::Position || frame.axis.size() == 0 ||
        wide > static_cast<double>(namedClasses) + 0.5)
        return plan;
    const double slot = frame.plot.width() / wide;
    plan.named = true;
    if (longestName + labelSpace <= slot)
        return plan;
    for (const double angle : {35.0, 50.0, 90.0}) {
        const double sine = qSin(qDegreesToRadians(angle));
        // Lines side by side must keep clear of each other, and be long enough to say something.
        if (slot * sine < metrics.height() + 1)
            continue;
        const double thick = metrics.height() * qCos(qDegreesToRadians(angle));
        plan.angle = angle;
        plan.depth = std::min(longestName * sine + thick + 2, deepest);
        return plan;
    }
    plan.named = false;
    return plan;
}

XLabels nameLabels(const PlotFrame& frame, const NamePlan& plan, const std::vector<QString>& names)
{
    const QFontMetricsF metrics(frame.font);
    const double sine = qSin(qDegreesToRadians(plan.angle));
    const double cosine = qCos(qDegreesToRadians(plan.angle));
    const double line = metrics.height();
    XLabels labels;
    const auto [begin, end] = frame.shown();
    for (std::size_t slot = begin; slot < end; ++slot) {
        const double x = frame.centre(slot);
        const QString name = slot < names.size() ? names[slot].simplified() : QString();
        const QPointF at(x, frame.plot.bottom() + labelGap);
        labels.ticks.push_back(x);
        if (plan.angle == 0) {
            const double edge =
                2 * (std::min(x - frame.plot.left(), frame.plot.right() - x) + overhang);
            Label level =
                labelled(metrics, name, at, Place::Below, std::min(edge, frame.slotWidth() - 2));
            if (!level.text.isEmpty())
                labels.labels.push_back(std::move(level));
            continue;
        }
        // Ends under the class and rises towards it; upright where there is no other room.
        double room = (plan.depth - line * cosine) / sine;
        if (cosine > 1e-6)
            room = std::min(room, (x - frame.area.left() - 1 - line * sine) / cosine);
        // Names of one family differ at their ends.
        Label label =
            labelled(metrics, metrics.elidedText(name, Qt::ElideMiddle, room), at, Place::LeftOf);
        label.at.ry() += line / 2 * cosine;
        label.angle = -plan.angle;
        labels.labels.push_back(std::move(label));
    }
    return labels;
}

XLabels rankLabels(const PlotFrame& frame)
{
    XLabels labels;
    const QFontMetricsF metrics(frame.font);
    const double most = static_cast<double>(frame.axis.size());
    const double widest = metrics.horizontalAdvance(groupedText(most)) + 4 * labelSpace;
    const int wanted = std::clamp(static_cast<int>(frame.plot.width() / widest), 1, 12);
    for (const double tick : roundTicks(frame.first, frame.last, wanted)) {
        const double place_ = tick + 0.5;
        const bool whole = std::abs(tick - std::round(tick)) < 1e-9;
        if (whole && tick < most && place_ >= frame.first && place_ <= frame.last)
            place(labels, frame, metrics, groupedText(tick), frame.x(place_));
    }
    return labels;
}

XLabels frequencyLabels(const PlotFrame& frame)
{
    const QFontMetricsF metrics(frame.font);
    XLabels base;
    const double absent = frame.axis.absentPlace();
    if (frame.axis.hasAbsent() && absent >= frame.first && absent <= frame.last)
        place(base, frame, metrics, QStringLiteral("0"), frame.x(absent));
    const double most = frame.axis.countOf(frame.first);
    const double least = std::max(frame.axis.countOf(frame.last), 1.0);
    XLabels best = base;
    if (most < least)
        return best;
    bool first = true;
    for (const std::vector<double>& counts : countSteps(least, most)) {
        XLabels labels = base;
        bool fits = true;
        const double step = counts.size() > 1 ? counts[1] - counts[0] : 1;
        if (step < 1 && best.labels.size() > base.labels.size())
            continue; // there is no half an image, unless nothing else is in view
        for (auto it = counts.rbegin(); it != counts.rend(); ++it)
            fits = place(labels, frame, metrics, countText(*it, step),
                         frame.x(frame.axis.placeOfCount(*it))) &&
                   fits;
        // The decades as they fit; anything finer only whole, and only where it says more.
        if (first || (fits && best.labels.size() < 4 && labels.labels.size() > best.labels.size()))
            best = std::move(labels);
        first = false;
    }
    return best;
}

std::vector<Label> valueLabels(const PlotFrame& frame)
{
    const QFontMetricsF metrics(frame.font);
    std::vector<Label> labels;
    const std::vector<double>& ticks = frame.valueTicks;
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
    const double room = sideMargins(frame.font).left - metrics.height() - labelGap - 4;
    for (const double tick : ticks) {
        QString text = tickText(tick, step);
        if (metrics.horizontalAdvance(text) > room)
            text = QString::number(tick, 'g', 2);
        const QPointF at(frame.plot.left() - labelGap, frame.y(tick));
        labels.push_back(labelled(metrics, text, at, Place::LeftOf, room));
    }
    return labels;
}

std::vector<Label> countLabels(const PlotFrame& frame)
{
    const QFontMetricsF metrics(frame.font);
    std::vector<Label> labels;
    if (frame.decades == 0)
        return labels;
    const double spacing = frame.plot.height() / frame.decades;
    const int every = std::max(1, static_cast<int>(std::ceil(metrics.height() * 1.3 / spacing)));
    for (int power = 0; power <= frame.decades; power += every) {
        const double count = std::pow(10.0, power);
        const QString text =
            count < 1e6 ? groupedText(count) : groupedText(count / 1e6) + QStringLiteral(" M");
        const QPointF at(frame.plot.right() + labelGap, frame.countY(count));
        Label label = labelled(metrics, text, at, Place::RightOf);
        label.tone = Label::Tone::Quiet;
        labels.push_back(std::move(label));
    }
    return labels;
}

} // namespace monotail
