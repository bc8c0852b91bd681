// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/slot_chart.h"

namespace monotail {

class BeforeAfterPicture;

/// A number per class before and after, by slot; NaN = n/a, not drawn.
struct BeforeAfterData
{
    Slots classes;
    std::vector<double> before;
    std::vector<double> after; ///< empty = none
    std::vector<double> low,
        high;                ///< interval of `after` (of `before` if that is empty); may be empty
    QString yTitle;          ///< "accuracy, %", "bias"
    QString differenceTitle; ///< "change of recall, points"; empty: "change of" and the yTitle
    QString beforeLabel, afterLabel, title, caption;
    double least = 0, most = 0; ///< y range; least == most: as the numbers need

    bool operator==(const BeforeAfterData&) const = default;
};

enum class BeforeAfterView {
    /// Circle before, diamond after, joined by a line in the colour of the change. Of many classes
    /// the means over runs of neighbours, over the points.
    Both,
    Difference, ///< after less before as bars from zero
};

/// Per-class accuracies, or biases, under the norm chart and along the same x.
class BeforeAfterChart : public SlotChart
{
    Q_OBJECT

public:
    explicit BeforeAfterChart(QWidget* parent = nullptr);
    ~BeforeAfterChart() override;
    void setData(const BeforeAfterData& shown);
    void setView(BeforeAfterView view);
    void setXAxis(XAxis axis);

private:
    BeforeAfterPicture& numbers() const;

    XAxis m_axis = XAxis::Position;
};

} // namespace monotail
