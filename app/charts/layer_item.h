// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGraphicsItem>
#include <functional>

class QPainter;

namespace monotail {

/// One item of the scene, painted by a function: a whole series is one item, since the scene's
/// own cost is by item.
class LayerItem : public QGraphicsItem
{
public:
    using Paint = std::function<void(QPainter& painter, const QRectF& exposed)>;

    LayerItem(QGraphicsItem* parent, double z, Paint paint);
    void setBounds(const QRectF& bounds);
    QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QRectF m_bounds;
    Paint m_paint;
};

} // namespace monotail
