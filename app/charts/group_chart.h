// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace monotail {

/// One pair of bars: a mean accuracy before and after, percent.
struct GroupBar
{
    QString name;   ///< "many", "all (top-1)"
    QString detail; ///< under the name: "n > 100, 4 classes"
    std::optional<double> before, after;
    std::optional<double> low, high; ///< 95 % interval of the change, points
    QString change;                  ///< "+10.1 [9.3, 10.9]", shown at the pair
    enum class Verdict { Unknown, Same, Better, Worse } verdict = Verdict::Unknown;
    enum class Colour { Plain, Many, Medium, Few } colour = Colour::Plain;

    bool operator==(const GroupBar&) const = default;
};

struct GroupChartData
{
    std::vector<GroupBar> bars;
    QString beforeLabel, afterLabel, title, caption;

    bool operator==(const GroupChartData&) const = default;
};

/// Before | after bars of the overall and group accuracies with the change and whether it can be
/// told from noise (in words and shape, not colour alone).
class GroupChart : public QWidget
{
    Q_OBJECT

public:
    explicit GroupChart(QWidget* parent = nullptr);
    ~GroupChart() override;
    void setData(const GroupChartData& shown);
    /// The chart for a file or for paper, in the light theme, filling `size` from (0, 0).
    void drawFigure(QPainter& painter, const QSizeF& size);
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void restyle();
    void layOut();

    struct Parts;
    friend struct ChartProbe; // of the tests
    std::unique_ptr<Parts> m_parts;
};

} // namespace monotail
