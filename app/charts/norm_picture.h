// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/norm_chart.h"
#include "charts/slot_picture.h"

namespace monotail {

/// The norm chart's series: counts, bands, points, step line and levels.
class NormPicture : public SlotPicture
{
public:
    NormPicture();

    void setData(const NormChartData& data);
    const NormChartData& data() const { return m_data; }
    /// While a block's level is dragged the scale only grows, and its value is always printed.
    void setDragged(std::optional<int> block) { m_dragged = block; }

    std::vector<Label> allLabels() const override;
    std::unique_ptr<SlotPicture> copy() const override;
    QPointF pointOf(std::size_t slot) const override;
    std::optional<std::size_t> pointAt(const QPointF& at, double radius) const override;

    /// The block whose printed value is there; whose level is within `reach` pixels; whose band is
    /// there (blocks of more than one class).
    std::optional<int> labelAt(const QPointF& at) const;
    std::optional<int> levelAt(const QPointF& at, double reach) const;
    std::optional<int> bandAt(const QPointF& at) const;

protected:
    PictureText text() const override;
    std::vector<LegendEntry> legend() const override;
    void arrange(PlotFrame& frame) override;
    void arranged() override;
    void fillBackdrop(ColumnImage& image, const QRectF& exposed) const override;
    void paintBackdrop(QPainter& painter) const override;

private:
    /// Where a block is, in pixels; not cut to the plot.
    struct Span
    {
        double left = 0, right = 0, y = 0;
    };
    Span spanOf(const ChartBlock& block) const;
    /// Of the blocks in view: [first, second).
    std::pair<std::size_t, std::size_t> blocksIn(double left, double right) const;
    bool isWide(const ChartBlock& block) const { return block.end - block.begin > 1; }
    void placeValue(std::size_t block);
    /// Beside its level, however narrow the block is.
    void placeDraggedValue(std::size_t block);
    Label valueLabel(std::size_t block) const;
    /// Over or under a level, where a label hides the fewest points.
    std::optional<QPointF> placeFor(const QSizeF& size, double left, double right, double y) const;
    bool isTaken(const QRectF& box) const;
    std::size_t pointsIn(const QRectF& box) const;
    /// The colour of a band, over what is otherwise there; neighbours differ a little.
    QColor banded(const QColor& colour, std::size_t block) const;
    /// A step line through so many different levels would be a solid mass: points instead.
    bool isScattered() const;
    void paintPoints(QPainter& painter, const QRectF& exposed) const;
    void paintAfter(QPainter& painter, const QRectF& exposed) const;
    void paintLevels(QPainter& painter, const QRectF& exposed) const;
    void paintLevel(QPainter& painter, const Span& span) const;
    void paintValues(QPainter& painter, const QRectF& exposed) const;
    void paintValue(QPainter& painter, const Label& label) const;

    NormChartData m_data;
    std::optional<int> m_dragged; // block
    ValueRange m_range;
    std::vector<int> m_bandOf;   // by slot: its block if that is a band, or -1
    std::vector<bool> m_stepped; // by block: the step line is the level
    std::vector<std::pair<int, Label>> m_values;
    LayerItem* m_points = nullptr;
    LayerItem* m_steps = nullptr;
};

} // namespace monotail
