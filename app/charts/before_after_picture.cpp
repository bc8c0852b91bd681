// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/before_after_picture.h"

#include <algorithm>
#include <cmath>

namespace monotail {

namespace {

constexpr std::size_t crowd = 60;

} // namespace

BeforeAfterPicture::BeforeAfterPicture()
{
    m_whiskers = &addLayer(layer::back, [this](QPainter& painter, const QRectF& exposed) {
        paintWhiskers(painter, exposed);
    });
    m_before = &addLayer(layer::front, [this](QPainter& painter, const QRectF& exposed) {
        drawPoints(painter, frame(), m_data.before, faint(beforeStyle()), exposed);
    });
    m_after = &addLayer(layer::levels, [this](QPainter& painter, const QRectF& exposed) {
        drawPoints(painter, frame(), m_data.after, faint(afterStyle()), exposed);
    });
    m_bars = &addLayer(layer::back, [this](QPainter& painter, const QRectF& exposed) {
        paintBars(painter, exposed);
    });
    m_means = &addLayer(layer::levels, [this](QPainter& painter, const QRectF&) {
        paintMeans(painter, &MeanRun::before, meanStyle(beforeStyle()));
        paintMeans(painter, &MeanRun::after, meanStyle(afterStyle()));
    });
    m_zero =
        &addLayer(layer::back, [this](QPainter& painter, const QRectF&) { paintZero(painter); });
}

void BeforeAfterPicture::setData(const BeforeAfterData& data)
{
    m_data = data;
    m_change.resize(data.classes.classOf.size());
    for (std::size_t slot = 0; slot < m_change.size(); ++slot)
        m_change[slot] = valueAt(data.after, slot) - valueAt(data.before, slot);
    const auto any = [](const std::vector<double>& values, auto holds) {
        return std::any_of(values.begin(), values.end(), holds);
    };
    m_rises = any(m_change, [](double change) { return change > 0; });
    m_falls = any(m_change, [](double change) { return change < 0; });
    m_hasIntervals = any(data.low, [](double low) { return std::isfinite(low); });
}

std::unique_ptr<SlotPicture> BeforeAfterPicture::copy() const
{
    auto picture = std::make_unique<BeforeAfterPicture>();
    picture->setData(m_data);
    picture->setView(m_view);
    return picture;
}

PictureText BeforeAfterPicture::text() const
{
    PictureText text;
    text.xTitle =
        frame().axis.kind() == XAxis::Position
            ? m_data.classes.title
            : BeforeAfterChart::tr("training images (logarithmic), most frequent class left");
    text.yTitle = m_data.yTitle;
    text.title = m_data.title;
    if (isDifference()) {
        text.yTitle = m_data.differenceTitle;
        if (text.yTitle.isEmpty())
            text.yTitle = BeforeAfterChart::tr("change of %1").arg(m_data.yTitle);
        if (!m_data.afterLabel.isEmpty())
            text.title =
                BeforeAfterChart::tr("%1: change (%2)").arg(m_data.title, m_data.afterLabel);
    }
    text.caption = m_data.caption;
    return text;
}

std::vector<LegendEntry> BeforeAfterPicture::legend() const
{
    using Mark = LegendEntry::Mark;
    const ChartTheme& theme = frame().theme;
    std::vector<LegendEntry> entries;
    if (isEmpty())
        return entries;
    if (!isDifference()) {
        if (!m_data.before.empty())
            entries.push_back({Mark::Circle, theme.before, m_data.beforeLabel, {}});
        if (!m_data.after.empty())
            entries.push_back({Mark::Diamond, theme.after, m_data.afterLabel, {}});
    }
    if (isDifference() || runLength() == 0)
        addChangeWords(entries);
    if (runLength() > 0)
        addMeanWords(entries);
    if (!isDifference() && m_hasIntervals && !isCrowded())
        entries.push_back(
            {Mark::Whisker, theme.quietText, BeforeAfterChart::tr("95 % interval"), {}});
    return entries;
}

void BeforeAfterPicture::addChangeWords(std::vector<LegendEntry>& entries) const
{
    using Mark = LegendEntry::Mark;
    const ChartTheme& theme = frame().theme;
    if (m_rises)
        entries.push_back({Mark::Bar, theme.rise, BeforeAfterChart::tr("higher after"), {}});
    if (m_falls)
        entries.push_back({Mark::Bar, theme.fall, BeforeAfterChart::tr("lower after"), {}});
}

void BeforeAfterPicture::addMeanWords(std::vector<LegendEntry>& entries) const
{
    using Mark = LegendEntry::Mark;
    const bool ties = frame().axis.kind() == XAxis::LogFrequency;
    const QString words = ties ? BeforeAfterChart::tr("mean of %1 or more neighbouring classes")
                               : BeforeAfterChart::tr("mean of %1 neighbouring classes");
    if (isDifference() && !m_rises && !m_falls)
        return;
    entries.push_back({isDifference() ? Mark::Bar : Mark::Line,
                       frame().theme.quietText,
                       words.arg(runLength()),
                       {}});
    entries.push_back({isDifference() ? Mark::Bar : Mark::Circle,
                       mixed(frame().theme.background, frame().theme.quietText, 0.35),
                       isDifference() ? BeforeAfterChart::tr("faint: single classes")
                                      : BeforeAfterChart::tr("faint points: single classes"),
                       {}});
}

void BeforeAfterPicture::arrange(PlotFrame& frame)
{
    ValueRange range;
    if (isDifference()) {
        const ValueRange change = rangeOf({&m_change});
        range = {std::min(change.low, 0.0), std::max(change.high, 0.0)};
    } else if (m_data.least < m_data.most) {
        range = {m_data.least, m_data.most};
    } else {
        range = rangeOf({&m_data.before, &m_data.after, &m_data.low, &m_data.high});
    }
    fitValues(frame, levelled(range), 8);
}

void BeforeAfterPicture::arranged()
{
    findRuns();
    m_zero->setVisible(isDifference());
    m_bars->setVisible(isDifference());
    m_means->setVisible(!isDifference() && !m_runs.empty());
    for (LayerItem* item : {m_whiskers, m_before, m_after})
        item->setVisible(!isDifference());
}

QPointF BeforeAfterPicture::pointOf(std::size_t slot) const
{
    double value = isDifference() ? valueAt(m_change, slot) : valueAt(m_data.after, slot);
    if (!isDifference() && !std::isfinite(value))
        value = valueAt(m_data.before, slot);
    return {frame().centre(slot),
            std::isfinite(value) ? frame().y(value) : frame().plot.bottom() - 1};
}

std::optional<std::size_t> BeforeAfterPicture::pointAt(const QPointF& at, double radius) const
{
    if (isDifference())
        return nearestPoint(frame(), m_change, at, radius);
    const auto before = nearestPoint(frame(), m_data.before, at, radius);
    const auto after = nearestPoint(frame(), m_data.after, at, radius);
    if (!before || !after)
        return before ? before : after;
    const auto distance = [&](std::size_t slot, const std::vector<double>& values) {
        const QPointF off(frame().centre(slot) - at.x(), frame().y(valueAt(values, slot)) - at.y());
        return QPointF::dotProduct(off, off);
    };
    return distance(*before, m_data.before) < distance(*after, m_data.after) ? before : after;
}

bool BeforeAfterPicture::isCrowded() const
{
    const auto [first, last] = frame().shown();
    return last - first > crowd;
}

PointStyle BeforeAfterPicture::beforeStyle() const
{
    PointStyle style{Shape::Circle, frame().theme.before, {}, pointRadius(frame())};
    if (style.radius > 4)
        style.edge = frame().theme.background;
    return style;
}

PointStyle BeforeAfterPicture::afterStyle() const
{
    PointStyle style = beforeStyle();
    style.shape = Shape::Diamond;
    style.fill = frame().theme.after;
    style.radius *= 0.9; // a circle under it still shows
    return style;
}

PointStyle BeforeAfterPicture::faint(PointStyle style) const
{
    if (!m_runs.empty())
        style.fill = mixed(frame().theme.background, style.fill, 0.3);
    return style;
}

PointStyle BeforeAfterPicture::meanStyle(PointStyle style) const
{
    style.radius = frame().medium == Medium::Figure ? 2 : 3.2;
    style.edge = frame().theme.background;
    return style;
}

} // namespace monotail
