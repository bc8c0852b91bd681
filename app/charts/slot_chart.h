// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

class QAction;
class QPainter;

namespace monotail {

class SlotPicture;

enum class XAxis {
    Position,     ///< one slot a class, in the order given
    LogFrequency, ///< training images, logarithmic, most frequent left
};

/// How a pick changes the selection.
enum class Pick { Replace, Toggle, Add };

/// The classes along x. A slot is a position; slot 0 is leftmost.
struct Slots
{
    std::vector<std::int64_t> classOf; ///< slot -> class
    std::vector<QString> names;        ///< by slot
    std::vector<double> counts;        ///< by slot, training images; empty = not known
    QString title;                     ///< "classes by frequency rank, most frequent first"

    bool operator==(const Slots&) const = default;
};

/// A stretch of x that is shown, in slots: [begin, end), fractions allowed.
struct SlotRange
{
    double begin = 0;
    double end = 0;

    bool operator==(const SlotRange&) const = default;
};

/// What the charts with classes along x share: zoom and pan with a history, hover card, picking
/// with mouse and keyboard, the selection's marks, and drawing for files. Nothing here decides what
/// a pick does: whoever owns the selection calls setSelection().
///
/// Left click picks the nearest class (Ctrl toggles, Shift adds the stretch from the last pick);
/// left drag picks a range; wheel zooms about the pointer; Shift+wheel and dragging with the middle
/// or right button pan; double click resets. Keys: arrows move the picked class (with Shift: add),
/// + and - zoom, Home or 0 show all, Alt+arrows go back and forward, Ctrl+A all, Esc none.
class SlotChart : public QWidget
{
    Q_OBJECT

public:
    ~SlotChart() override;
    void setSelection(const std::vector<std::int64_t>& classes);
    const std::vector<std::int64_t>& selection() const;
    /// Rich text for the hover card of a class.
    void setHoverText(std::function<QString(std::int64_t)> text);
    /// Zooms to a stretch; unlike the user's own zooming this makes no history and does not tell
    /// rangeChanged (for linked charts).
    void showRange(SlotRange range);
    SlotRange shownRange() const;
    /// Zoom in, out, reset, back, forward: for menus and tool bars, enabled as they apply.
    QList<QAction*> zoomActions() const;
    /// Where a class is drawn, in widget coordinates; outside the widget when not in view.
    QPointF positionOf(std::int64_t classIndex) const;
    /// The chart for a file or for paper, in the light theme, filling `size` from (0, 0).
    void drawFigure(QPainter& painter, const QSizeF& size);

Q_SIGNALS:
    void picked(const std::vector<std::int64_t>& classes, monotail::Pick pick);
    void hovered(std::int64_t classIndex); ///< -1 = none
    void rangeChanged(monotail::SlotRange range);

protected:
    SlotChart(std::unique_ptr<SlotPicture> picture, QWidget* parent);
    SlotPicture& picture() const;
    /// The picture has new data. The range stays while the classes along x do.
    void showClasses(const Slots& classes, XAxis axis);

    /// Something of a chart's own that can be dragged: asked at a press, told of every move once
    /// the pointer has moved, then of the end.
    enum class DragEnd { Dropped, Cancelled };
    virtual bool canDrag(const QPointF& at) const;
    virtual void dragStarted(const QPointF& at);
    virtual void dragged(const QPointF& at);
    virtual void dragEnded(DragEnd end);
    /// A click away from points; true = dealt with.
    virtual bool clicked(const QPointF& at, Pick pick);

    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Parts;
    friend struct ChartProbe; // of the tests
    std::unique_ptr<Parts> m_parts;
};

} // namespace monotail
