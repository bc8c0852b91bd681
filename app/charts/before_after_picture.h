// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/before_after_chart.h"
#include "charts/plot_drawing.h"
#include "charts/slot_picture.h"

namespace monotail {

/// The series of the before and after chart, in both views.
class BeforeAfterPicture : public SlotPicture
{
public:
    BeforeAfterPicture();

    void setData(const BeforeAfterData& data);
    const BeforeAfterData& data() const { return m_data; }
    void setView(BeforeAfterView view) { m_view = view; }

    std::unique_ptr<SlotPicture> copy() const override;
    QPointF pointOf(std::size_t slot) const override;
    std::optional<std::size_t> pointAt(const QPointF& at, double radius) const override;

protected:
    PictureText text() const override;
    std::vector<LegendEntry> legend() const override;
    void arrange(PlotFrame& frame) override;
    void arranged() override;
    void fillBackdrop(ColumnImage& image, const QRectF& exposed) const override;
    void paintBackdrop(QPainter& painter) const override;

private:
    bool isDifference() const { return m_view == BeforeAfterView::Difference; }
    bool isCrowded() const;
    /// The mean over neighbouring classes; x, left and right in pixels.
    struct MeanRun
    {
        double x = 0, left = 0, right = 0;
        double before = 0, after = 0, change = 0;
    };
    /// Classes in a run; 0 = so few are shown that each speaks for itself.
    std::size_t runLength() const;
    void findRuns();
    MeanRun runOf(std::size_t begin, std::size_t end) const;
    void paintMeans(QPainter& painter, double MeanRun::*value, const PointStyle& style) const;
    void paintBars(QPainter& painter, const QRectF& exposed) const;
    void addMeanWords(std::vector<LegendEntry>& entries) const;
    void addChangeWords(std::vector<LegendEntry>& entries) const;
    PointStyle faint(PointStyle style) const;
    PointStyle meanStyle(PointStyle style) const;
    PointStyle beforeStyle() const;
    PointStyle afterStyle() const;
    /// Calls emit(strip, slot rises) for the joining line or bar of each slot near `exposed`.
    template <typename Emit>
    void eachStrip(const QRectF& exposed, const Emit& emit) const;
    QColor stripColour(bool rises) const;
    /// Joining lines; with means the bars of single classes instead, else bars are over the grid.
    bool stripsBehind() const { return isDifference() != m_runs.empty(); }
    void paintZero(QPainter& painter) const;
    void paintWhiskers(QPainter& painter, const QRectF& exposed) const;

    BeforeAfterData m_data;
    BeforeAfterView m_view = BeforeAfterView::Both;
    std::vector<double> m_change; // after less before, by slot
    LayerItem *m_whiskers = nullptr, *m_before = nullptr, *m_after = nullptr, *m_zero = nullptr,
              *m_bars = nullptr, *m_means = nullptr;
    std::vector<MeanRun> m_runs; // in view; empty = none needed
    bool m_rises = false, m_falls = false, m_hasIntervals = false;
};

} // namespace monotail
