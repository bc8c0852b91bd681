// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/norm_picture.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "charts/plot_drawing.h"

namespace monotail {

namespace {

constexpr std::size_t crowd = 40;

/// The same blocks by number, cut to the slots there are.
std::vector<ChartBlock> sound(std::vector<ChartBlock> blocks, std::size_t slotCount)
{
    const auto last = static_cast<std::int64_t>(slotCount);
    for (ChartBlock& block : blocks) {
        block.begin = std::clamp<std::int64_t>(block.begin, 0, last);
        block.end = std::clamp(block.end, block.begin, last);
    }
    return blocks;
}

bool isLevel(const ChartBlock& block, const std::vector<double>& after)
{
    for (std::int64_t slot = block.begin; slot < block.end; ++slot) {
        const double off = valueAt(after, static_cast<std::size_t>(slot)) - block.value;
        if (!(std::abs(off) <= 1e-6 * std::abs(block.value)))
            return false;
    }
    return true;
}

} // namespace

NormPicture::NormPicture()
{
    m_points = &addLayer(layer::front, [this](QPainter& painter, const QRectF& exposed) {
        paintPoints(painter, exposed);
    });
    m_steps = &addLayer(layer::back, [this](QPainter& painter, const QRectF& exposed) {
        paintAfter(painter, exposed);
    });
    addLayer(layer::levels,
             [this](QPainter& painter, const QRectF& exposed) { paintLevels(painter, exposed); });
    addLayer(layer::values,
             [this](QPainter& painter, const QRectF& exposed) { paintValues(painter, exposed); });
}

void NormPicture::setData(const NormChartData& data)
{
    m_data = data;
    m_data.blocks = sound(data.blocks, data.classes.classOf.size());
    m_stepped.clear();
    m_bandOf.assign(data.classes.classOf.size(), -1);
    for (const ChartBlock& block : m_data.blocks) {
        if (isWide(block))
            std::fill(m_bandOf.begin() + block.begin, m_bandOf.begin() + block.end,
                      static_cast<int>(m_stepped.size()));
        m_stepped.push_back(isLevel(block, m_data.after));
    }
}

std::unique_ptr<SlotPicture> NormPicture::copy() const
{
    auto picture = std::make_unique<NormPicture>();
    picture->setData(m_data);
    return picture;
}

PictureText NormPicture::text() const
{
    PictureText text;
    text.xTitle = frame().axis.kind() == XAxis::Position
                      ? m_data.classes.title
                      : NormChart::tr("training images (logarithmic), most frequent class left");
    text.yTitle = m_data.yTitle;
    text.countTitle = NormChart::tr("training images");
    text.title = m_data.title;
    text.caption = m_data.caption;
    return text;
}

std::vector<LegendEntry> NormPicture::legend() const
{
    using Mark = LegendEntry::Mark;
    const ChartTheme& theme = frame().theme;
    std::vector<LegendEntry> entries;
    if (isEmpty())
        return entries;
    if (!m_data.before.empty())
        entries.push_back({Mark::Circle, theme.before, m_data.beforeLabel, {}});
    if (!m_data.after.empty())
        entries.push_back(
            {isScattered() ? Mark::Diamond : Mark::Line, theme.after, m_data.afterLabel, {}});
    const auto& blocks = m_data.blocks;
    if (std::any_of(blocks.begin(), blocks.end(), [this](const auto& b) { return isWide(b); })) {
        const QColor band = banded(theme.background, 1);
        entries.push_back({Mark::Box, band, NormChart::tr("pooled block"), {}});
    }
    if (std::find(m_stepped.begin(), m_stepped.end(), false) != m_stepped.end())
        entries.push_back({Mark::Dashes, theme.after, NormChart::tr("fitted level"), {}});
    if (frame().axis.kind() == XAxis::Position && !m_data.classes.counts.empty())
        entries.push_back({Mark::Box, theme.counts, NormChart::tr("training images"), theme.axis});
    return entries;
}

void NormPicture::arrange(PlotFrame& frame)
{
    std::vector<double> levels;
    for (const ChartBlock& block : m_data.blocks)
        levels.push_back(block.value);
    ValueRange range = rangeOf({&m_data.before, &m_data.after, &levels});
    if (m_data.least < m_data.most)
        range = {m_data.least, m_data.most};
    if (m_dragged)
        range = {std::min(range.low, m_range.low), std::max(range.high, m_range.high)};
    m_range = range;
    fitValues(frame, levelled(range), 12);
    const bool counted =
        !isEmpty() && frame.axis.kind() == XAxis::Position && !m_data.classes.counts.empty();
    frame.decades = counted ? decadesFor(m_data.classes.counts) : 0;
}

void NormPicture::arranged()
{
    const auto [first, last] = frame().shown();
    const bool crowded = last - first > crowd;
    const bool lineInFront = crowded && !isScattered();
    m_points->setZValue(lineInFront ? layer::back : layer::front);
    m_steps->setZValue(lineInFront ? layer::front : layer::back);

    m_values.clear();
    const auto dragged = static_cast<std::size_t>(m_dragged.value_or(-1));
    if (dragged < m_data.blocks.size())
        placeDraggedValue(dragged);
    const auto [begin, end] = blocksIn(frame().plot.left(), frame().plot.right());
    for (std::size_t i = begin; i < end; ++i)
        if (isWide(m_data.blocks[i]) && i != dragged)
            placeValue(i);
}

Label NormPicture::valueLabel(std::size_t block) const
{
    QFont font = frame().font;
    font.setBold(true);
    const std::vector<double>& ticks = frame().valueTicks;
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
    const QString value = tickText(m_data.blocks[block].value, step / 100);
    Label label = labelled(QFontMetricsF(font), value, {}, Place::Centre);
    label.tone = Label::Tone::Bold;
    return label;
}

void NormPicture::placeDraggedValue(std::size_t block)
{
    Label label = valueLabel(block);
    const Span span = spanOf(m_data.blocks[block]);
    const QRectF& plot = frame().plot;
    if (!std::isfinite(span.y) || span.right < plot.left() || span.left > plot.right())
        return;
    const QSizeF half = label.box.size() / 2;
    const double away = half.height() + 4;
    const double middle =
        (std::max(span.left, plot.left()) + std::min(span.right, plot.right())) / 2;
    const double y = span.y - away > plot.top() + half.height() ? span.y - away : span.y + away;
    const double left = plot.left() + half.width() + 3, right = plot.right() - half.width() - 3;
    label.at = {std::clamp(middle, left, std::max(left, right)), y};
    m_values.emplace_back(static_cast<int>(block), label);
}

void NormPicture::placeValue(std::size_t block)
{
    Label label = valueLabel(block);
    const QRectF& plot = frame().plot;
    const Span span = spanOf(m_data.blocks[block]);
    const double left = std::max(span.left, plot.left()) + 5;
    const double right = std::min(span.right, plot.right()) - 5;
    if (!(span.y >= plot.top() && span.y <= plot.bottom()))
        return;
    const QSizeF size = label.box.size();
    if (size.width() > right - left)
        return;
    if (const auto at = placeFor(size, left, right, span.y)) {
        label.at = *at;
        m_values.emplace_back(static_cast<int>(block), label);
    }
}

std::optional<QPointF> NormPicture::placeFor(const QSizeF& size, double left, double right,
                                             double y) const
{
    const double away = size.height() / 2 + 4, half = size.width() / 2;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    std::optional<QPointF> best;
    for (const double x : {(left + right) / 2, left + half, right - half}) {
        for (const QPointF at : {QPointF(x, y - away), QPointF(x, y + away)}) {
            const QRectF box(at - QPointF(half, size.height() / 2), size);
            if (!frame().plot.contains(box) || isTaken(box))
                continue;
            const std::size_t hidden = pointsIn(box.adjusted(-6, -3, 6, 3));
            if (hidden < fewest)
                best = at;
            fewest = std::min(fewest, hidden);
        }
    }
    return best;
}

bool NormPicture::isTaken(const QRectF& box) const
{
    return std::any_of(m_values.begin(), m_values.end(), [&](const auto& value) {
        return value.second.box.translated(value.second.at).intersects(box);
    });
}

std::size_t NormPicture::pointsIn(const QRectF& box) const
{
    const auto [begin, end] = frame().between(box.left(), box.right());
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i)
        if (box.contains(pointOf(frame().axis.order()[i])))
            ++count;
    return count;
}

std::vector<Label> NormPicture::allLabels() const
{
    std::vector<Label> labels = SlotPicture::allLabels();
    for (const auto& [block, label] : m_values)
        labels.push_back(label);
    return labels;
}

} // namespace monotail
