// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/slot_picture.h"

#include <QLogValueAxis>
#include <QValueAxis>
#include <algorithm>
#include <cmath>
#include <utility>

namespace monotail {

namespace {

void quieten(QAbstractAxis& axis)
{
    axis.setLabelsVisible(false); // ours instead
    axis.setGridLineVisible(false);
    axis.setMinorGridLineVisible(false);
}

} // namespace

SlotPicture::SlotPicture()
{
    m_valueAxis = new QValueAxis;
    m_slotAxis = new QValueAxis;
    m_countAxis = new QLogValueAxis;
    m_base.chart().addAxis(m_valueAxis, Qt::AlignLeft);
    m_base.chart().addAxis(m_slotAxis, Qt::AlignBottom);
    m_base.chart().addAxis(m_countAxis, Qt::AlignRight);
    for (QAbstractAxis* axis :
         {static_cast<QAbstractAxis*>(m_valueAxis), static_cast<QAbstractAxis*>(m_slotAxis),
          static_cast<QAbstractAxis*>(m_countAxis)})
        quieten(*axis);
    m_valueAxis->setGridLineVisible(true);
    m_valueAxis->setTickType(QValueAxis::TicksDynamic);
    m_slotAxis->setLineVisible(false); // it would have ticks at its ends, where no label is
    addLayer(layer::behind,
             [this](QPainter& painter, const QRectF& exposed) { paintBehind(painter, exposed); });
    addLayer(layer::rings, [this](QPainter& painter, const QRectF& exposed) {
        paintSelectionRings(painter, exposed);
    });
    addLayer(layer::surroundings, [this](QPainter& painter, const QRectF& exposed) {
        if (!m_frame.plot.contains(exposed)) // a hover card over the plot is no reason for text
            paintSurroundings(painter);
    });
}

SlotPicture::~SlotPicture() = default;

QGraphicsItem* SlotPicture::root()
{
    return &m_base.chart();
}

LayerItem& SlotPicture::addLayer(double z, LayerItem::Paint paint)
{
    m_layers.push_back(new LayerItem(&m_base.chart(), z, std::move(paint)));
    return *m_layers.back();
}

void SlotPicture::setStyle(const ChartTheme& theme, const QFont& font, Medium medium)
{
    if (m_frame.font != font)
        m_longestName = -1;
    m_frame.theme = theme;
    m_frame.font = font;
    m_frame.medium = medium;
    m_base.scene().setBackgroundBrush(theme.background);
}

void SlotPicture::setSize(const QSizeF& size)
{
    m_frame.area = QRectF(QPointF(), size);
}

void SlotPicture::setClasses(const Slots& classes, XAxis axis)
{
    const bool same = classes == m_classes;
    if (same && axis == m_frame.axis.kind())
        return;
    m_frame.axis = SlotAxis(classes, axis);
    if (same)
        return;
    m_classes = classes;
    m_longestName = -1;
    m_slotOf.clear();
    for (std::size_t slot = 0; slot < classes.classOf.size(); ++slot)
        m_slotOf.insert(classes.classOf[slot], slot);
}

void SlotPicture::setRange(const SlotRange& range)
{
    m_range = range;
}

void SlotPicture::setSelection(const std::vector<std::int64_t>& classes)
{
    m_selected.clear();
    for (const std::int64_t classIndex : classes)
        if (const auto slot = slotOf(classIndex))
            m_selected.push_back(*slot);
    std::sort(m_selected.begin(), m_selected.end(), [this](std::size_t a, std::size_t b) {
        return m_frame.axis.centre(a) < m_frame.axis.centre(b);
    });
}

std::optional<std::size_t> SlotPicture::slotOf(std::int64_t classIndex) const
{
    const auto it = m_slotOf.constFind(classIndex);
    if (it == m_slotOf.constEnd())
        return std::nullopt;
    return *it;
}

std::optional<std::size_t> SlotPicture::slotAt(const QPointF& at) const
{
    if (isEmpty() || !m_frame.plot.contains(at))
        return std::nullopt;
    const double place = m_frame.placeAt(at.x());
    if (m_frame.axis.kind() == XAxis::Position) {
        const double last = static_cast<double>(m_frame.axis.size()) - 1;
        return static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, last));
    }
    // The nearest place to either side, then the nearest of the classes that share it.
    const std::vector<std::size_t>& order = m_frame.axis.order();
    const std::size_t right =
        std::min(m_frame.axis.within(place, place + 1e9).first, order.size() - 1);
    const std::size_t left = right > 0 ? right - 1 : right;
    const double low = m_frame.axis.centre(order[left]), high = m_frame.axis.centre(order[right]);
    const double chosen = std::abs(place - low) < std::abs(high - place) ? low : high;
    const auto [begin, end] = m_frame.axis.within(chosen, chosen);
    std::size_t best = order[begin];
    for (std::size_t i = begin; i < end; ++i)
        if (std::abs(pointOf(order[i]).y() - at.y()) < std::abs(pointOf(best).y() - at.y()))
            best = order[i];
    return best;
}

void SlotPicture::layOut()
{
    m_text = text();
    if (m_longestName < 0)
        m_longestName = longestOf(QFontMetricsF(m_frame.font), m_classes.names);
    m_frame.first = m_frame.axis.placeOf(m_range.begin);
    m_frame.last = m_frame.axis.placeOf(m_range.end);
    if (!(m_frame.last > m_frame.first))
        m_frame.last = m_frame.first + 1;
    layMargins();
    arrange(m_frame);
    layLabels();
    arranged();
    layAxes();
    // Points at the first and last slot reach over the plot's edges.
    const QRectF points = m_frame.plot.adjusted(-8, 0, 8, 0);
    for (LayerItem* item : m_layers) {
        const double z = item->zValue();
        item->setBounds(z == layer::surroundings ? m_frame.area
                        : z == layer::behind     ? m_frame.plot
                                                 : points);
    }
    m_base.scene().update();
}

void SlotPicture::layAxes()
{
    const bool empty = isEmpty();
    // Qt Charts lays everything out anew at each of the calls below, changed or not.
    const LaidAxes now{m_frame.values,     m_frame.valueTicks, m_frame.first, m_frame.last,
                       m_frame.decades,    m_frame.plot,       m_frame.area,  empty,
                       m_frame.theme.axis, m_frame.theme.grid};
    if (now == m_laid)
        return;
    m_laid = now;
    const QPen line(m_frame.theme.axis, 1), grid(m_frame.theme.grid, 1);
    for (QAbstractAxis* axis :
         {static_cast<QAbstractAxis*>(m_valueAxis), static_cast<QAbstractAxis*>(m_slotAxis),
          static_cast<QAbstractAxis*>(m_countAxis)}) {
        axis->setLinePen(line);
        axis->setVisible(!empty);
    }
    m_valueAxis->setGridLinePen(grid);
    const std::vector<double>& ticks = m_frame.valueTicks;
    m_valueAxis->setRange(m_frame.values.low, m_frame.values.high);
    if (ticks.size() > 1) {
        m_valueAxis->setTickAnchor(ticks.front());
        m_valueAxis->setTickInterval(ticks[1] - ticks[0]);
    }
    m_slotAxis->setRange(m_frame.first, m_frame.last);
    m_countAxis->setVisible(!empty && m_frame.decades > 0);
    if (m_frame.decades > 0)
        m_countAxis->setRange(1, std::pow(10.0, m_frame.decades));
    m_base.place(m_frame.plot, m_frame.area);
}

std::vector<Label> SlotPicture::allLabels() const
{
    std::vector<Label> labels = m_labels;
    for (const Legend::Item& item : m_legend.items) {
        labels.push_back(item.label);
        labels.back().at += m_legendAt;
    }
    return labels;
}

} // namespace monotail
