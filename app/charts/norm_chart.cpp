// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/norm_chart.h"

#include <algorithm>
#include <cmath>

#include "charts/norm_picture.h"

namespace monotail {

namespace {

constexpr double levelReach = 6; // pixels

} // namespace

NormChart::NormChart(QWidget* parent) : SlotChart(std::make_unique<NormPicture>(), parent)
{
    setAccessibleName(tr("Weight norms by class"));
}

NormChart::~NormChart() = default;

NormPicture& NormChart::norms() const
{
    return static_cast<NormPicture&>(picture());
}

void NormChart::setData(const NormChartData& shown)
{
    norms().setData(shown);
    showClasses(shown.classes, m_axis);
}

void NormChart::setXAxis(XAxis axis)
{
    m_axis = axis;
    showClasses(norms().data().classes, axis);
}

std::optional<int> NormChart::levelAt(const QPointF& at) const
{
    const auto label = norms().labelAt(at);
    return label ? label : norms().levelAt(at, levelReach);
}

bool NormChart::canDrag(const QPointF& at) const
{
    return norms().data().levels == NormChartData::Levels::Draggable && levelAt(at).has_value();
}

void NormChart::dragStarted(const QPointF& at)
{
    m_dragged = levelAt(at).value_or(-1);
    if (m_dragged < 0)
        return;
    m_levelBefore = norms().data().blocks[static_cast<std::size_t>(m_dragged)].value;
    const PlotFrame& frame = norms().frame();
    m_pressY = at.y();
    m_perPixel = (frame.values.high - frame.values.low) / std::max(frame.plot.height(), 1.0);
    m_least = 1e-3 * std::max(std::abs(frame.values.high), 1e-300);
    norms().setDragged(m_dragged);
    Q_EMIT levelDragStarted(m_dragged);
}

void NormChart::dragged(const QPointF& at)
{
    if (m_dragged < 0)
        return;
    // By the scale as it was: one that grows under a still pointer would carry the level away.
    const double level = m_levelBefore + (m_pressY - at.y()) * m_perPixel;
    Q_EMIT levelDragged(m_dragged, std::max(level, m_least));
}

void NormChart::dragEnded(DragEnd end)
{
    const int block = m_dragged;
    m_dragged = -1;
    if (block < 0)
        return;
    norms().setDragged(std::nullopt);
    if (end == DragEnd::Cancelled)
        Q_EMIT levelDragged(block, m_levelBefore);
    Q_EMIT levelDragEnded(block);
    showClasses(norms().data().classes, m_axis);
}

bool NormChart::clicked(const QPointF& at, Pick pick)
{
    auto block = levelAt(at);
    if (!block)
        block = norms().bandAt(at);
    if (block)
        Q_EMIT blockPicked(*block, pick);
    return block.has_value();
}

} // namespace monotail
