// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QMouseEvent>

#include "charts/chart_overlay.h"
#include "charts/passive_view.h"
#include "charts/range_history.h"
#include "charts/slot_chart.h"
#include "charts/slot_picture.h"

namespace monotail {

/// What a press of a button has become.
enum class Gesture {
    None,
    Pressed, ///< may still be a click
    Stretch, ///< a range is picked
    Drag,    ///< of the chart's own
    Pan,
    Over, ///< cancelled; waits for the release
};

struct SlotChart::Parts
{
    Parts(SlotChart& chart, std::unique_ptr<SlotPicture> chartPicture);

    SlotChart& chart;
    std::unique_ptr<SlotPicture> picture;
    ChartOverlay overlay;
    PassiveView* view;                                        // of the chart
    QAction *zoomIn, *zoomOut, *showAll, *goBack, *goForward; // of the chart
    RangeHistory history;
    SlotRange range;
    std::vector<std::int64_t> selection;
    std::function<QString(std::int64_t)> hoverText;
    std::optional<std::size_t> hovered; ///< slot
    std::optional<std::size_t> picked;  ///< the last picked slot: where keys and Shift go on
    Gesture gesture = Gesture::None;
    bool drags = false; ///< a press that may become a drag of the chart's own
    QPointF pressedAt;
    SlotRange rangeAtPress;
    std::vector<std::int64_t> selectionAtPress; ///< what a double click goes back to
    std::optional<std::size_t> pickedAtPress;

    void createActions();
    void updateActions();
    void applyStyle();
    void layOut();
    SlotPicture& laidOut();
    bool apply(const SlotRange& range);
    /// By the user: with history and signal.
    void change(const SlotRange& range, RangeHistory::Step step, quint64 time = 0);
    void zoomAbout(double place, double factor, RangeHistory::Step step, quint64 time = 0);
    void zoomByKey(double factor);
    void pan(double pixels, RangeHistory::Step step, quint64 time);
    /// `range` moved by a share of the plot's width.
    SlotRange moved(const SlotRange& range, double pixels) const;
    void travel(std::optional<SlotRange> (RangeHistory::*way)(const SlotRange&));

    void hover(std::optional<std::size_t> slot, const std::optional<QPointF>& pointer);
    void hoverAt(const QPointF& at);
    std::optional<std::size_t> slotUnder(const QPointF& at) const;
    void click(const QPointF& at, Qt::KeyboardModifiers modifiers);
    void pickSlots(std::size_t from, std::size_t to, Pick how);
    void pickStretch(double fromX, double toX, Qt::KeyboardModifiers modifiers);
    void panTo(const QPointF& at);
    void cancelGesture();
    /// Moves the picked class and brings it into view.
    void step(int by, Pick how, quint64 time);
    bool pressKey(const QKeyEvent& event);
};

} // namespace monotail
