// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <memory>
#include <optional>

#include "charts/axis_labels.h"
#include "charts/chart_base.h"
#include "charts/column_image.h"
#include "charts/layer_item.h"
#include "charts/plot_frame.h"
#include "charts/plot_legend.h"

class QLogValueAxis;
class QValueAxis;

namespace monotail {

/// What stands around the plot, told by the kind of chart.
struct PictureText
{
    QString xTitle, yTitle, countTitle; ///< countTitle empty = no right axis
    QString title, caption;             ///< in figures
};

/// A chart with classes along x as a scene: on screen in a view, for a file drawn at once. A QChart
/// has the axes and their grid; the series, labels and legend are items of ours in it.
class SlotPicture
{
public:
    SlotPicture();
    virtual ~SlotPicture();
    SlotPicture(const SlotPicture&) = delete;
    SlotPicture& operator=(const SlotPicture&) = delete;

    void setStyle(const ChartTheme& theme, const QFont& font, Medium medium);
    void setSize(const QSizeF& size);
    void setClasses(const Slots& classes, XAxis axis);
    void setRange(const SlotRange& range);
    void setSelection(const std::vector<std::int64_t>& classes);
    /// After any of the above or of the data: where everything is, then a repaint.
    void layOut();

    QGraphicsScene& scene() { return m_base.scene(); }
    QGraphicsItem* root();
    const PlotFrame& frame() const { return m_frame; }
    const Slots& classes() const { return m_classes; }
    bool isEmpty() const { return m_classes.classOf.empty(); }
    std::optional<std::size_t> slotOf(std::int64_t classIndex) const;
    /// The class of the slot at x; where places are shared the one nearest in y.
    std::optional<std::size_t> slotAt(const QPointF& at) const;
    /// All labels, for tests.
    virtual std::vector<Label> allLabels() const;

    /// The same data in a fresh picture.
    virtual std::unique_ptr<SlotPicture> copy() const = 0;
    /// Where a slot is drawn and picked.
    virtual QPointF pointOf(std::size_t slot) const = 0;
    virtual std::optional<std::size_t> pointAt(const QPointF& at, double radius) const = 0;

protected:
    virtual PictureText text() const = 0;
    virtual std::vector<LegendEntry> legend() const = 0;
    /// Sets the scales; the plot's rectangle and places are known.
    virtual void arrange(PlotFrame& frame) = 0;
    /// After the scales are known.
    virtual void arranged() {}
    /// Behind the grid, all that is upright: on screen, and as shapes in a figure.
    virtual void fillBackdrop(ColumnImage& image, const QRectF& exposed) const = 0;
    virtual void paintBackdrop(QPainter& painter) const = 0;
    LayerItem& addLayer(double z, LayerItem::Paint paint);

private:
    void layMargins();
    void layLabels();
    Label sideTitle(const QString& title, double x) const;
    void layAxes();
    void paintTicks(QPainter& painter) const;
    void paintSurroundings(QPainter& painter) const;
    void paintBehind(QPainter& painter, const QRectF& exposed) const;
    void tintSelection(ColumnImage& image, const QRectF& exposed) const;
    void paintSelectionRings(QPainter& painter, const QRectF& exposed) const;

    /// What Qt Charts was told last.
    struct LaidAxes
    {
        ValueRange values;
        std::vector<double> ticks;
        double first = 0, last = 0;
        int decades = 0;
        QRectF plot, area;
        bool empty = true;
        QColor axis, grid;

        bool operator==(const LaidAxes&) const = default;
    };

    ChartBase m_base;
    LaidAxes m_laid;
    QValueAxis* m_valueAxis = nullptr;
    QValueAxis* m_slotAxis = nullptr;
    QLogValueAxis* m_countAxis = nullptr;
    std::vector<LayerItem*> m_layers;
    PlotFrame m_frame;
    Slots m_classes;
    QHash<std::int64_t, std::size_t> m_slotOf;
    SlotRange m_range;
    std::vector<std::size_t> m_selected; // slots, from left to right
    double m_longestName = -1;           // not measured yet
    PictureText m_text;
    NamePlan m_names;
    XLabels m_xLabels;
    std::vector<Label> m_labels;
    Legend m_legend;
    QPointF m_legendAt;
    Paragraph m_title, m_caption;
};

/// Layers from back to front; Qt Charts has its grid at 2 and its axes at 3.
namespace layer {
constexpr double behind = 1, back = 5, front = 6, levels = 7, rings = 8, values = 8.5,
                 surroundings = 9, overlay = 20;
}

} // namespace monotail
