// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "charts/slot_chart.h"

namespace monotail {

class NormPicture;

/// A pooled block: slots [begin, end) and its fitted norm.
struct ChartBlock
{
    std::int64_t begin = 0;
    std::int64_t end = 0;
    double value = 0;

    bool operator==(const ChartBlock&) const = default;
};

/// All vectors by slot. Everything that is known of a head and its classes.
struct NormChartData
{
    Slots classes;
    std::vector<double> before;      ///< weight norms as the head has them (or of centred rows)
    std::vector<double> after;       ///< after the rescaling; empty = none
    std::vector<ChartBlock> blocks;  ///< of PAVA; empty without counts
    QString yTitle;                  ///< "weight norm"
    QString beforeLabel, afterLabel; ///< for the legend: "norm before", "norm after samn"
    QString title, caption;          ///< for figures: head and method; fit, groups, sources
    double least = 0, most = 0;      ///< y range; least == most: as the numbers need
    enum class Levels { Draggable, Fixed } levels = Levels::Draggable; ///< of the blocks

    bool operator==(const NormChartData&) const = default;
};

/// Before as points, after as a step line, each pooled block a shaded band with its value, counts
/// as a faint area against a logarithmic right axis (never below one image).
class NormChart : public SlotChart
{
    Q_OBJECT

public:
    explicit NormChart(QWidget* parent = nullptr);
    ~NormChart() override;
    void setData(const NormChartData& shown);
    void setXAxis(XAxis axis);

Q_SIGNALS:
    /// A click on a band away from its points.
    void blockPicked(int block, monotail::Pick pick);
    /// A block's level is dragged: started once, moved at every mouse move, then ended.
    void levelDragStarted(int block);
    void levelDragged(int block, double level);
    void levelDragEnded(int block);

protected:
    bool canDrag(const QPointF& at) const override;
    void dragStarted(const QPointF& at) override;
    void dragged(const QPointF& at) override;
    void dragEnded(DragEnd end) override;
    bool clicked(const QPointF& at, Pick pick) override;

private:
    NormPicture& norms() const;
    std::optional<int> levelAt(const QPointF& at) const;

    XAxis m_axis = XAxis::Position;
    int m_dragged = -1; // block
    double m_levelBefore = 0;
    double m_pressY = 0;
    double m_perPixel = 0; // norm a pixel as the drag began; the scale may change meanwhile
    double m_least = 0;
};

} // namespace monotail
