// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace monotail {

struct CurveLine
{
    enum class Kind { Main, Second, Many, Medium, Few } kind = Kind::Main;
    QString name;
    std::vector<double> values; ///< one for each x; NaN = n/a

    bool operator==(const CurveLine&) const = default;
};

/// A line across, to compare with.
struct CurveLevel
{
    double value = 0;
    QString label; ///< for the legend
    QString mark;  ///< a word beside the line; needed where there are several

    bool operator==(const CurveLevel&) const = default;
};

enum class CurveUnit { Percent, None };

struct CurveChartData
{
    std::vector<double> xs;      ///< ascending
    std::vector<QString> xNames; ///< of each, where the axis is not one of numbers; else empty
    std::vector<CurveLine> lines;
    std::vector<CurveLevel> levels;
    std::optional<QPointF> now;
    std::vector<QPointF> chosen;
    CurveUnit unit = CurveUnit::Percent;
    QString nowLabel, chosenLabel, xTitle, yTitle, title, caption;

    bool isEmpty() const { return xs.empty() || lines.empty(); }
    bool operator==(const CurveChartData&) const = default;
};

/// What a parameter buys: lines against it, where it stands now, what would be chosen, and a level
/// to compare with. Clicks and drags ask for a value.
class CurveChart : public QWidget
{
    Q_OBJECT

public:
    explicit CurveChart(QWidget* parent = nullptr);
    ~CurveChart() override;
    void setData(const CurveChartData& shown);
    const CurveChartData& data() const;
    /// The chart for a file or for paper, in the light theme, filling `size` from (0, 0).
    void drawFigure(QPainter& painter, const QSizeF& size);
    /// Where a value of x is drawn.
    double positionOf(double x) const;
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void dragStarted();
    void asked(double x); ///< within the xs
    void dragEnded();

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void restyle();
    void layOut();
    void endDrag();

    struct Parts;
    friend struct ChartProbe; // of the tests
    std::unique_ptr<Parts> m_parts;
};

} // namespace monotail
