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
        drawPoints(painter, frame(), m_data.before, beforeStyle(), exposed);
    });
    m_after = &addLayer(layer::levels, [this](QPainter& painter, const QRectF& exposed) {
        drawPoints(painter, frame(), m_data.after, afterStyle(), exposed);
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
    text.yTitle =
        isDifference() ? BeforeAfterChart::tr("change of %1").arg(m_data.yTitle) : m_data.yTitle;
    text.title = m_data.title;
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
    const bool compared = !m_data.after.empty() && !m_data.before.empty();
    if (!isDifference()) {
        if (!m_data.before.empty())
            entries.push_back({Mark::Circle, theme.before, m_data.beforeLabel, {}});
        if (!m_data.after.empty())
            entries.push_back({Mark::Diamond, theme.after, m_data.afterLabel, {}});
    }
    if (compared) {
        entries.push_back({Mark::Bar, theme.rise, BeforeAfterChart::tr("higher after"), {}});
        entries.push_back({Mark::Bar, theme.fall, BeforeAfterChart::tr("lower after"), {}});
    }
    if (!isDifference() && !m_data.low.empty() && !isCrowded())
        entries.push_back(
            {Mark::Whisker, theme.quietText, BeforeAfterChart::tr("95 % interval"), {}});
    return entries;
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
    m_zero->setVisible(isDifference());
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

} // namespace monotail
