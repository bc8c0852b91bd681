// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "models/sample_parts.h"

namespace monotail {

/// The parts of a lead as bars from a common zero, before over after, with their values.
class WhyFigure : public QWidget
{
    Q_OBJECT

public:
    explicit WhyFigure(QWidget* parent = nullptr);

    void setBars(std::vector<GapBar> bars);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Places;
    Places places() const;
    int rowHeight() const;
    int height() const;
    void paintRow(QPainter& painter, const Places& at, std::size_t row) const;
    void paintLegend(QPainter& painter, const Places& at) const;

    std::vector<GapBar> m_bars;
};

} // namespace monotail
